"""Virtual payment address of UPI: name@handle, compared case-insensitively."""

import re
from dataclasses import dataclass

from creditiq.kernel.identifiers.errors import InvalidIdentifier

# No primary source publishes this pattern: it is lenient on purpose.
_SHAPE = re.compile(r"([A-Za-z0-9._-]{2,256})@([A-Za-z][A-Za-z0-9]{1,63})")


@dataclass(frozen=True)
class Vpa:
    """A well-formed address; `text` is lower case so that equal addresses compare equal."""

    text: str
    name: str
    handle: str


def parse(text: str) -> Vpa:
    """Read a VPA.

    >>> parse("Asha.Mills@okHDFCbank")
    Vpa(text='asha.mills@okhdfcbank', name='asha.mills', handle='okhdfcbank')

    Raises InvalidIdentifier: vpa.pattern.
    """
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise InvalidIdentifier(
            "vpa.pattern", "A UPI address is name@handle; the name is letters, digits, dots and dashes."
        )
    name, handle = match.group(1).lower(), match.group(2).lower()
    return Vpa(text=f"{name}@{handle}", name=name, handle=handle)


def is_valid(text: str) -> bool:
    """True when `parse` accepts the text.

    >>> is_valid("mill@ybl"), is_valid("mill.ybl")
    (True, False)
    """
    try:
        parse(text)
    except InvalidIdentifier:
        return False
    return True
