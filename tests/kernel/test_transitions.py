"""A transition table says what is possible and refuses the rest by name."""

import pytest

from creditiq.kernel.transitions import ForbiddenTransition, Transition, TransitionTable

DOOR = TransitionTable(
    [Transition("open", "close", "closed", "keeper"), Transition("closed", "open", "open", "keeper")]
)


def test_a_permitted_event_leads_to_its_target() -> None:
    assert DOOR.follow("open", "close").target == "closed"


def test_a_forbidden_event_names_what_is_possible() -> None:
    with pytest.raises(ForbiddenTransition, match="possible: open"):
        DOOR.follow("closed", "close")
