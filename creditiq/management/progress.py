"""What a person sees while the machine works: one line per step, a bar, and its seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import OutputWrapper

Report = Callable[[int, int], None]
"""Called with (done, total) as a step goes on."""
BAR = 24
LABEL = 44


class Progress:
    """Prints steps; on a terminal the current line moves, elsewhere each step is written once."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out
        self.moving = out.isatty()

    @contextmanager
    def step(self, label: str) -> Iterator[Report]:
        """Time the block under `label`; the yielded function moves the bar."""
        started = time.monotonic()
        count = ""

        def report(done: int, total: int) -> None:
            nonlocal count
            count = f"{done:,}/{total:,}"
            if self.moving:
                self._line(label, done / max(total, 1), count, time.monotonic() - started)

        if self.moving:
            self._line(label, 0.0, count, 0.0)
        yield report
        self._line(label, 1.0, count, time.monotonic() - started)
        self.out.write("")

    def already(self, label: str) -> None:
        """A step that had nothing to do."""
        self.out.write(f"{label:<{LABEL}} done before")
        self.out.flush()

    def _line(self, label: str, share: float, count: str, seconds: float) -> None:
        full = round(share * BAR)
        start = "\r" if self.moving else ""
        text = f"{start}{label:<{LABEL}} {'█' * full + '·' * (BAR - full)} {count:>15} {seconds:7.1f} s"
        self.out.write(text, ending="")
        self.out.flush()
