"""Bad inputs (reliability.md §4): never a server error, never slower than three seconds, never a live formula."""

import csv
import io
import json
import time
from collections.abc import Iterator, Mapping
from itertools import cycle

import pytest
import requests

from tests.architecture.sources import ROOT
from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.journeys.callers import Caller, eventually

pytestmark = pytest.mark.integration
SCHEMA = json.loads((ROOT / "tests" / "data" / "openapi.json").read_text())
PEOPLE = ("priya", "anjali", "deepa", "arjun")
NOBODY = "00000000-0000-4000-8000-000000000000"
SLOWEST = 3.0
LEFT_OUT = ("/api/v1/auth/", "/profile")
"""Doors at which a drill would lock its own people out; they have attack tests of their own."""
NAUGHTY = (
    "", " ", "\t\r\n", "\x00", "\x1b[31m", "\x7f", "\u200b\u200f\u202e", "\ufeff", "\ufffe", "\ud7ff", "undefined",
    "null", "NaN", "Infinity", "-1", "1e309", "0x0", "0" * 400, "1/0", "١٢٣", "௧௨௩", "A" * 100_000, "Ω≈ç√∫", "田中さん",
    "社會科學院語學研究所", "हिन्दी", "தமிழ்", "🏳‍🌈👩‍👩‍👧", "ﷺ", "Z̮̞̠͙͔ͅA̴̵̜̰͔L̠G͎O̶", "﷽" * 50, "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "' OR 1=1 --", "'; DROP TABLE accounts_user; --",
    "1;SELECT pg_sleep(9)", "$(sleep 9)", "`sleep 9`", "| sleep 9", "{{ 7*7 }}", "{% debug %}", "${7*7}", "%s%s%n",
    "%00", "\ud800",
    "../../../../etc/passwd", "file:///etc/passwd", "http://169.254.169.254/", "CON", "=1+1", "+1", "@SUM(1)", "＝1＋1",
    "\r\nSet-Cookie: a=b", "__proto__", "__class__", "constructor", "_connector", "\\", "\"", "%", "_", "[]", "{}",
)  # fmt: skip
RAW = (
    b"", b" ", b"{", b"}", b"[", b"[]", b"{}", b"null", b"true", b"0", b'""', b"\xff\xfe", b"\x00", b"{" * 5_000,
    b"[" * 100_000, b'{"a":' * 5_000, b"NaN", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": 1, "a": 2}', b"<a/>",
    b"x" * 3_000_000,
)  # fmt: skip
HOSTILE = ("-1", "0", "1", "999999999999999999999", "1.5", "abc", "", "%00", "[]", "1e9")
ORDERS = (
    "-id", "password", "user__password", "__class__", "id;DROP TABLE x", "?", "-", "random", "organisation__api_keys",
    "_connector", "pk) OR 1=1", "\u202e",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠SUM",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")', "=IMPORTXML(1)", "+cmd", "-cmd", "@cmd", "=A1", "=@A1", "\t+1", "\u00a0=1", "==1",
    "=-1", "=\t1",
)  # fmt: skip
LIVE = tuple("=+-@＝＋－＠\t\r\n")


def operations(*methods: str) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Method, path and description of every operation but those left out."""
    for path, found in SCHEMA["paths"].items():
        for method, operation in found.items():
            if method in methods and not any(part in path for part in LEFT_OUT):
                yield method, path, operation


def body_of(operation: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    """Properties of a JSON body."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return SCHEMA["components"]["schemas"].get(name, {}).get("properties", {})


def takes_text(kind: Mapping[str, object]) -> bool:
    """Whether somebody could try a text there: not for numbers and switches."""
    return kind.get("type") not in ("integer", "number", "boolean")


def address(caller: Caller, path: str) -> str:
    """The path with ids of nothing."""
    words = (NOBODY if word.startswith("{") else word for word in path.removeprefix("/api/v1/").split("/"))
    return f"{caller.base}/{'/'.join(words)}"


class Watch:
    """Counts answers; keeps the slowest and every server error."""

    def __init__(self) -> None:
        self.asked, self.slowest, self.where, self.failures = 0, 0.0, "", []

    def send(self, caller: Caller, method: str, where: str, **given: object) -> None:
        started = time.monotonic()
        answer: requests.Response = caller.session.request(method, where, timeout=30, stream=False, **given)
        self.asked += 1
        if (seconds := time.monotonic() - started) > self.slowest:
            self.slowest, self.where = seconds, f"{method} {where.partition('/api/v1/')[2]}"
        if answer.status_code >= 500:
            self.failures.append(f"{method} {where} {answer.status_code} {str(given)[:120]}")

    def figures(self) -> dict[str, object]:
        seconds, where = round(self.slowest, 2), self.where
        return {"requests": self.asked, "server_errors": len(self.failures), "slowest_seconds": seconds, "at": where}

    def judge(self) -> None:
        assert self.failures == []
        assert self.slowest <= SLOWEST


@pytest.fixture(scope="module")
def people(house: House) -> list[Caller]:
    return [Caller(house.product.address, name) for name in PEOPLE]


@pytest.mark.goal("0 server errors, none over 3 s")
def test_naughty_strings_in_every_field_of_every_operation(house: House, people: list[Caller], tell: Tell) -> None:
    watch, fields, turn = Watch(), 0, cycle(people)
    for method, path, operation in operations("post", "patch", "put"):
        properties = body_of(operation)
        texts = [name for name, kind in properties.items() if takes_text(kind)]
        fields += len(texts)
        for naughty in NAUGHTY if texts else ():
            caller = next(turn)
            watch.send(caller, method, address(caller, path), json=dict.fromkeys(texts, naughty))
    tell(strings=len(NAUGHTY), fields=fields, **watch.figures())
    watch.judge()


@pytest.mark.goal("0 server errors, none over 3 s")
def test_naughty_strings_in_every_query(house: House, people: list[Caller], tell: Tell) -> None:
    watch, turn = Watch(), cycle(people)
    for method, path, operation in operations("get"):
        names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        for naughty in (word for word in NAUGHTY if names and len(word) < 5_000 and word != "\ud800"):
            caller = next(turn)
            watch.send(caller, method, address(caller, path), params=dict.fromkeys(names, naughty))
    tell(**watch.figures())
    watch.judge()


@pytest.mark.goal("0 server errors, none over 3 s")
def test_raw_bodies_at_every_operation(house: House, people: list[Caller], tell: Tell) -> None:
    watch, turn = Watch(), cycle(people)
    for method, path, _ in operations("post", "patch", "put"):
        for raw in RAW:
            caller = next(turn)
            watch.send(caller, method, address(caller, path), data=raw, headers={"Content-Type": "application/json"})
    tell(bodies=len(RAW), **watch.figures())
    watch.judge()


@pytest.mark.goal("0 server errors, none over 3 s")
def test_hostile_pages_and_orders_at_every_list(house: House, people: list[Caller], tell: Tell) -> None:
    watch, turn = Watch(), cycle(people)
    for method, path, _ in operations("get"):
        for value in HOSTILE:
            caller = next(turn)
            asked = dict.fromkeys(("page", "page_size", "limit", "offset", "cursor"), value)
            watch.send(caller, method, address(caller, path), params=asked)
        for order in ORDERS:
            caller = next(turn)
            asked = dict.fromkeys(("order", "ordering", "sort", "filter", order), order)
            watch.send(caller, method, address(caller, path), params=asked)
    tell(**watch.figures())
    watch.judge()


@pytest.mark.goal("0 live cells")
def test_formulas_in_evidence_are_dead_in_the_export(house: House, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["reference", "occurred_at", "direction", "amount", "kind", "status", "vpa", "counterparty_vpa"])
    writer.writerows([[seed, seed, seed, seed, seed, seed, seed, f"{seed}{time.time_ns()}"] for seed in FORMULAS])
    sent = priya.session.post(
        f"{priya.base}/evidence/uploads",
        files={"file": ("payments.csv", text.getvalue().encode())},
        data={"kind": "upi_payments", "mode": "valid_lines", "gstin": priya.business()["gstin"]},
        timeout=30,
    )
    assert sent.status_code < 300, sent.text
    upload = f"evidence/uploads/{sent.json()['id']}"
    eventually(lambda: priya.get(upload).json()["state"], lambda state: state not in {"received", "parsing"})
    answer = priya.get(f"{upload}/rejections.csv")
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    cells = [cell for row in rows[1:] for cell in row]
    live = [cell for cell in cells if cell.startswith(LIVE)]
    tell(seeds=len(FORMULAS), cells=len(cells), live=len(live))
    assert len(rows) > len(FORMULAS)
    assert live == []
