"""The states by which a list of fraud may be narrowed down."""

from collections.abc import Iterable

from rest_framework.request import Request

from creditiq.kernel.errors import InvalidInput


def chosen_state(request: Request, tabs: Iterable[tuple[str, str]]) -> str:
    """The state asked for by `state=`, the open ones if none. Raises InvalidInput for a state there is not."""
    codes = [code for code, _ in tabs]
    state = request.query_params.get("state", "open")
    if state not in codes:
        raise InvalidInput(f"Choose one of {', '.join(codes)}.", field="state", rule="state.unknown")
    return state
