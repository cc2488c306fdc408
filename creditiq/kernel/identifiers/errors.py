"""The one error every identifier parser raises."""


class InvalidIdentifier(ValueError):
    """An identifier breaks a rule; `rule` is a stable id such as "gstin.check_digit", `message` is for people.

    >>> str(InvalidIdentifier("pan.length", "a PAN has 10 characters"))
    'a PAN has 10 characters'
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
