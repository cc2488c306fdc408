"""Reasons that people give for opening what is covered: said, and fit for a trail that is never changed."""

import re

from creditiq.kernel.errors import InvalidInput

SHORTEST = 10
PERSONAL = re.compile(r"@|[0-9]{9,}|[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z]|\b[A-Z]{5}[0-9]{4}[A-Z]\b", re.ASCII | re.IGNORECASE)


def names_somebody(text: str) -> bool:
    """Whether a free text carries an address, a long number, a PAN or a GSTIN, and so must not be kept in a trail.

    >>> names_somebody("checking asha@okaxis"), names_somebody("dispute CASE-2041")
    (True, False)
    """
    return PERSONAL.search(text) is not None


def stated(reason: str) -> str:
    """The reason in one line. Raises InvalidInput for one that says nothing or that names somebody."""
    why = " ".join(reason.split())
    if len(why) < SHORTEST:
        message = f"Say why in at least {SHORTEST} characters; the reason is kept."
        raise InvalidInput(message, field="reason", rule="reveal.reason")
    if names_somebody(why):
        message = "Give the number of the case instead of an address, a PAN, a GSTIN or a long number."
        raise InvalidInput(message, field="reason", rule="reveal.reason_names_somebody")
    return why
