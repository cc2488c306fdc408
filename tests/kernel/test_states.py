from creditiq.kernel.states import NAMES, state_name


def test_a_code_is_told_as_the_state_it_stands_for() -> None:
    assert [state_name(code) for code in (6, 7, 24, 27, 29, 33, 36, 37, 38)] == [
        "Haryana",
        "Delhi",
        "Gujarat",
        "Maharashtra",
        "Karnataka",
        "Tamil Nadu",
        "Telangana",
        "Andhra Pradesh",
        "Ladakh",
    ]
    assert len(set(NAMES.values())) == len(NAMES) == 41


def test_a_code_no_state_has_stays_a_code() -> None:
    assert state_name(55) == "state 55"
