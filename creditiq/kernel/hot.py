"""Hot reads: small answers that pages ask all the time, kept in the cache until the event that changes them.

`creditiq/wiring.py` (FORGETS) says which event ends which answer. Forgetting raises a generation, so an answer that was
computed before the change and stored after it is stored where nobody looks any more.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.core.cache import cache
from redis.exceptions import RedisError

GENERATIONS_KEPT = 86_400
"""Seconds: much longer than any answer."""


class HotRead:
    """One kind of answer, a whole number, about somebody or something with an id."""

    def __init__(self, name: str, *, event_field: str, seconds: int) -> None:
        self.name, self.event_field, self.seconds = name, event_field, seconds

    def of(self, key: int, read: Callable[[], int]) -> int:
        """The kept answer, else the one of `read`, which is kept. A cache that is away costs time, not the page."""
        try:
            place = self._place(key)
            kept = cache.get(place)
            if not isinstance(kept, int):
                kept = read()
                cache.set(place, kept, self.seconds)
        except (RedisError, OSError):
            return read()
        return kept

    def forget(self, key: int) -> None:
        """The answer about `key` has changed."""
        with suppress(RedisError, OSError):  # what cannot be forgotten now runs out by itself in `seconds`
            generation = self._generation(key)
            cache.add(generation, 0, GENERATIONS_KEPT)
            cache.incr(generation)

    def hear(self, payload: Mapping[str, int | str]) -> None:
        """An event that changes the answer has happened."""
        self.forget(int(payload[self.event_field]))

    def _place(self, key: int) -> str:
        return f"hot:{self.name}:{key}:{cache.get(self._generation(key), 0)}"

    def _generation(self, key: int) -> str:
        return f"hot:{self.name}:{key}:generation"
