"""The person is asked again before a step that binds them."""

from accounts.models import User
from creditiq.kernel.errors import InvalidInput


def confirm_person(*, by: User, password: str) -> str:
    """That the person who is signed in is the one who acts. Returns how it was shown. Raises InvalidInput."""
    if not by.check_password(password):
        raise InvalidInput("This is not your password. Type it again.", field="password", rule="password.wrong")
    return "password"
