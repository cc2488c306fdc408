"""How deep strangers' JSON is nested, read before a parser that recurses is let near it."""

import re
from itertools import accumulate

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NOT_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")
_OPENING = frozenset(b"[{")


def depth(content: bytes) -> int:
    """Deepest nesting of brackets outside strings.

    >>> depth(b'{"a": [1, "[[["]}')
    2
    """
    brackets = _STRING.sub(b"", content).translate(None, _NOT_BRACKETS)
    return max(accumulate(1 if bracket in _OPENING else -1 for bracket in brackets), default=0)


def shallow(content: bytes, deepest: int = 64) -> bytes:
    """`content` as it came. Raises ValueError where it is nested deeper: the parser's stack might end before its limit.

    >>> shallow(b"[[1]]", deepest=1)
    Traceback (most recent call last):
    ValueError: nested more than 1 deep
    """
    # So few opening brackets that they cannot lie that deep: nearly always, and much sooner known.
    if content.count(b"[") + content.count(b"{") > deepest and depth(content) > deepest:
        raise ValueError(f"nested more than {deepest} deep")
    return content
