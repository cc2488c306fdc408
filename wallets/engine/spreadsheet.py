"""CSV that a spreadsheet shows and never runs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# ASCII and full-width signs that begin a formula; a tab or line end before one is skipped by spreadsheets.
_LIVE = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠]|^[\t\r\n]")


def inert(text: str) -> str:
    """A text that a spreadsheet takes for text: an apostrophe before whatever could begin a formula.

    >>> inert("=HYPERLINK(1)"), inert("Asha Traders")
    ("'=HYPERLINK(1)", 'Asha Traders')
    """
    return f"'{text}" if _LIVE.search(text) else text


def sheet(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """A CSV document; numbers stay numbers, texts are made inert.

    >>> sheet(["name", "rows"], [["@SUM", -3]])
    "name,rows\\r\\n'@SUM,-3\\r\\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()
