"""What can be said to a caller. Services raise these; doors turn them into a status or a form error."""


class ApplicationError(Exception):
    """The request was understood and cannot be carried out (409)."""

    code = "conflict"
    status = 409

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class InvalidInput(ApplicationError):
    """One field of the input breaks a rule (422); `rule` is its stable id."""

    code = "invalid_input"
    status = 422

    def __init__(self, message: str, *, field: str, rule: str) -> None:
        super().__init__(message)
        self.field = field
        self.rule = rule


class NotVisible(ApplicationError):
    """The object does not exist for this caller (404): missing and not yours answer the same."""

    code = "not_found"
    status = 404

    def __init__(self, message: str = "There is nothing here that you may see.") -> None:
        super().__init__(message)


class Forbidden(ApplicationError):
    """The caller's role does not include this act (403)."""

    code = "forbidden"
    status = 403

    def __init__(self, message: str = "Your role does not include this.") -> None:
        super().__init__(message)
