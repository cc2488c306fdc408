"""What is sealed opens with its key, in its place, unchanged, and in no other case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditiq.kernel.sealing import Keyring, Unreadable, new_key, seal, unseal

OLD = Keyring("old", {"old": bytes(32)})
RING = Keyring("new", {"new": b"k" * 32, "old": bytes(32)})


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_again_and_never_looks_the_same(plain: bytes) -> None:
    sealed = seal(plain, ring=RING, place="a.b.c")
    assert sealed.startswith("gcm1$new$")
    assert unseal(sealed, ring=RING, place="a.b.c") == plain
    assert seal(plain, ring=RING, place="a.b.c") != sealed


def test_an_older_key_still_opens() -> None:
    assert unseal(seal(b"x", ring=OLD, place="p"), ring=RING, place="p") == b"x"


@pytest.mark.parametrize("place", ["a.b.d", ""])
def test_a_text_that_was_moved_does_not_open(place: str) -> None:
    with pytest.raises(Unreadable):
        unseal(seal(b"x", ring=RING, place="a.b.c"), ring=RING, place=place)


def test_a_text_under_another_key_id_does_not_open() -> None:
    twins = Keyring("a", {"a": bytes(32), "b": bytes(32)})
    with pytest.raises(Unreadable):
        unseal(seal(b"x", ring=twins, place="p").replace("$a$", "$b$"), ring=twins, place="p")


@given(st.integers(0, 10_000), st.sampled_from("ABCabc019+/$"))
def test_a_changed_text_does_not_open(place: int, sign: str) -> None:
    sealed = seal(b"0123456789", ring=RING, place="p")
    spot = place % len(sealed)
    changed = sealed[:spot] + sign + sealed[spot + 1 :]
    if changed != sealed:
        with pytest.raises(Unreadable):
            unseal(changed, ring=RING, place="p")


@pytest.mark.parametrize("written", ["", "a", "a:", "a:AAAA", "a b:" + "A" * 43 + "=", "a:!"])
def test_a_keyring_that_is_not_one_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Keyring.read(written)


def test_a_new_key_is_new() -> None:
    assert len({new_key(), new_key()}) == 2
