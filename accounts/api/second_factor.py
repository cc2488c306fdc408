"""Who is served: bound to a tenant or not, with a second factor or not yet. For pages and API alike."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from accounts import selectors
from accounts.api.authentication import ADD_A_FACTOR, ALWAYS_OPEN
from accounts.api.problems import Problem, refused
from accounts.models import User
from accounts.permissions import StepUpRequired
from creditiq.kernel.wall import request_of

Answer = Callable[[HttpRequest], HttpResponseBase]
FACTOR_NEEDED = Problem(403, "second_factor_needed", ADD_A_FACTOR)


class StaffSecondFactor:
    """Staff without a second factor get no further than adding one, while the switch is on.

    A page whose service asks for a step-up sends the person to give it, and back.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        with request_of(bound=isinstance(user, User) and user.is_bound):
            return self._answer(request, user)

    def _answer(self, request: HttpRequest, user: object) -> HttpResponseBase:
        if request.path.startswith(ALWAYS_OPEN) or not isinstance(user, User) or not selectors.lacks_factor(user):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return refused(FACTOR_NEEDED)
        return redirect("accounts:security")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Pages only: the API tells its clients in a problem document."""
        if not isinstance(exception, StepUpRequired) or request.path.startswith("/api/"):
            return None
        came_from = request.headers.get("Referer", "") if request.method == "POST" else request.get_full_path()
        return redirect(f"/account/confirm?{urlencode({'next': came_from})}")
