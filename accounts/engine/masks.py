"""How a person's own details are covered on pages: recognisable to whoever knows them already."""

COVER = "•"


def name(text: str) -> str:
    """First letters only.

    >>> name("Asha Rao")
    'A••• R••'
    """
    return " ".join(word[0] + COVER * (len(word) - 1) for word in text.split())


def pan(text: str) -> str:
    """The tail only.

    >>> pan("ABCPE1234F")
    '••••••234F'
    """
    return COVER * max(len(text) - 4, 0) + text[-4:]


def phone(text: str) -> str:
    """Country code and the last three digits.

    >>> phone("+919812345678")
    '+91•••••••678'
    """
    return text[:3] + COVER * max(len(text) - 6, 0) + text[-3:] if text else ""


def day(text: str) -> str:
    """The year of a date.

    >>> day("1990-04-01")
    '1990'
    """
    return text[:4]
