"""Every format by its name, and how files tell which of two forms they have."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wallets.engine.importers.samples import (
    AS_OF,
    OTHER,
    OWN,
    bill,
    bulk,
    deposit_xml,
    gstr1,
    gstr2b,
    invoice,
    transaction,
)
from tests.wallets.engine.importers.test_source_system import SAMPLES, file_of
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.formats import FORMATS
from wallets.engine.importers.rejections import Parsed
from wallets.models import RECORD_MODELS

OF_THE_SOURCE = {"invoices": "gst_invoices", "payments": "upi_transactions", "eway_bills": "eway_bills"}
STATEMENT = {"account": {"maskedAccNumber": "XX12", "transactions": {"transaction": []}}}
GOOD = [
    *((kind, table.template.encode()) for kind, table in TABLES.items()),
    ("eway_bills", bulk(bill())),
    ("gstr1", gstr1(b2b=[{"ctin": OTHER, "inv": [invoice()]}])),
    ("gstr2b", gstr2b()),
    ("gstr3b", json.dumps({"gstin": OWN, "ret_period": "062026"}).encode()),
    ("aa_deposit", deposit_xml(transaction())),
    *((f"source_{name}", file_of(SAMPLES[layout])) for name, layout in OF_THE_SOURCE.items()),
    ("aa_deposit", b"\xef\xbb\xbf \n" + json.dumps(STATEMENT).encode()),
]


def read(name: str, content: bytes) -> Parsed:
    return FORMATS[name].parse(content, as_of=AS_OF, own_gstin=OWN)


@pytest.mark.parametrize(("name", "content"), GOOD)
def test_a_good_file_of_every_format_fills_the_frame_of_its_kind(name: str, content: bytes) -> None:
    parsed = read(name, content)
    table = TABLES[FORMATS[name].kind]
    frame = read(table.kind, table.template.encode()).rows
    assert parsed.refusals == ()
    made = set(RECORD_MODELS[table.kind].COLUMNS) - {"counterparty"} | {"occurred_at"}
    assert {column: parsed.rows.schema[column] for column in made} == {column: frame.schema[column] for column in made}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 3_000), st.binary(max_size=3))
def test_a_file_changed_anywhere_is_read_or_refused_and_never_fails(
    good: tuple[str, bytes], place: int, change: bytes
) -> None:
    name, content = good
    parsed = read(name, content[:place] + change + content[place + len(change) :])
    assert parsed.rows.height + parsed.refused_lines >= parsed.lines
    assert all(len(it.message) <= 200 and len(it.field) <= 40 and len(it.rule) <= 60 for it in parsed.refusals)
    assert set(parsed.rows["line"]).isdisjoint({it.line for it in parsed.refusals})


@given(st.sampled_from(sorted(FORMATS)), st.integers(0, 2_000))
@settings(max_examples=60, deadline=None)
def test_a_file_cut_short_is_never_read_as_more_than_it_holds(name: str, length: int) -> None:
    content = next(content for known, content in GOOD if known == name)
    whole, part = read(name, content), read(name, content[:length])
    assert part.rows.height <= whole.rows.height
