"""What a policy draft would do to the portfolio, as a table and on paper, under the id of what was computed."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.hashing import digest
from lending.selectors.returns import Content, Sheet
from lending.services.policies import Simulation


@dataclass(frozen=True)
class SimulationPaper:
    """One simulation ready for the door: equal results of one version have one `snapshot`."""

    section: str
    version: int
    snapshot: str
    sha256: str
    content: Content
    at: datetime


def simulation_paper(*, section: str, version: int, simulation: Simulation, at: datetime) -> SimulationPaper:
    """The figures and tables of a simulation with their digest."""
    content = _content(simulation)
    sha256 = digest({"section": section, "version": version, **content.document()})
    return SimulationPaper(section, version, sha256[:16], sha256, content, at)


def simulation_csv(paper: SimulationPaper) -> str:
    """All tables one after the other, each row with the snapshot's id and its table's name."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["snapshot", "section", "version", "table", "values"])
    head = [paper.snapshot, paper.section, paper.version]
    for name, value in paper.content.figures:
        rows.writerow([*head, "figures", name, value])
    for sheet in paper.content.sheets:
        for row in (sheet.columns, *sheet.rows):
            rows.writerow([*head, sheet.title, *row])
    return text.getvalue()


def simulation_pdf(paper: SimulationPaper) -> bytes:
    """The same on paper."""
    made = f"{paper.at.astimezone(IST):%d %b %Y, %H:%M} IST"
    facts = {
        "title": f"Simulation of {paper.section} policy, version {paper.version}",
        "period": "The portfolio as it stands",
        "snapshot": paper.snapshot,
        "sha256": paper.sha256,
        "made": made,
        **paper.content.document(),
    }
    return pdf("lending/book_return.typ", facts, at=paper.at)


def _content(made: Simulation) -> Content:
    figures = (
        ("Businesses that change band", f"{made.changed} of {made.businesses}"),
        ("Open applications that change verdict", f"{len(made.flips)} of {made.applications}"),
        ("Effect on limits offered, rupees", str(made.effect)),
        ("95 % interval, rupees", f"{made.low} to {made.high}"),
        ("Sampled businesses", f"{made.sampled} of {made.businesses}"),
    )
    moves = tuple((before, after, str(count)) for before, after, count in made.moves)
    return Content(
        figures,
        (
            Sheet("Bands", ("Before", "After", "Businesses"), moves, (2,)),
            Sheet("Open applications", ("Application", "Verdict before", "After"), made.flips, ()),
        ),
    )
