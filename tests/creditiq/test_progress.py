"""The progress lines: one per step, with its seconds."""

import io

from django.core.management.base import OutputWrapper

from creditiq.management.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_step_is_one_line_with_its_count_and_seconds() -> None:
    said = io.StringIO()
    with Progress(OutputWrapper(said)).step("Scoring everyone") as report:
        report(100, 250)
        report(250, 250)
    line = said.getvalue()
    assert line.count("\n") == 1
    assert "Scoring everyone" in line
    assert "250/250" in line
    assert line.rstrip().endswith(" s")


def test_on_a_terminal_the_line_moves() -> None:
    said = Terminal()
    with Progress(OutputWrapper(said)).step("Scoring everyone") as report:
        report(125, 250)
    assert "125/250" in said.getvalue()
    assert said.getvalue().count("\r") == 3
