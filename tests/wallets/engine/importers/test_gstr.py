"""GSTR-1, GSTR-2B and GSTR-3B files as invoices and returns."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wallets.engine.importers.samples import AS_OF, OTHER, OWN, gstr1, gstr2b, invoice, note
from wallets.engine.importers.gstr import gstr1 as sales
from wallets.engine.importers.gstr import gstr2b as purchases
from wallets.engine.importers.gstr import gstr3b as summary
from wallets.engine.importers.rejections import Parsed


def sold(**sections: object) -> Parsed:
    return sales.parse(gstr1(**sections), as_of=AS_OF, own_gstin=OWN)


def bought(**sections: object) -> Parsed:
    return purchases.parse(gstr2b(**sections), as_of=AS_OF, own_gstin=OWN)


def filed(**members: object) -> Parsed:
    content = json.dumps({"gstin": OWN, "ret_period": "062026", **members}).encode()
    return summary.parse(content, as_of=AS_OF, own_gstin=OWN)


def test_an_invoice_of_two_rates_is_one_row_with_both_sums() -> None:
    parsed = sold(b2b=[{"ctin": OTHER, "inv": [invoice()]}])
    row = parsed.rows.row(0, named=True)
    assert parsed.refusals == ()
    assert (row["taxable_paise"], row["igst_paise"], row["rate_bp"]) == (120_050, 19_009, 1_800)
    assert (row["kind"], row["counterparty_gstin"], row["financial_year"]) == ("B2B", OTHER, 2026)
    assert (row["pointer"], row["section"], row["amended_from"]) == ("/b2b/0/inv/0", "b2b", None)


def test_every_section_gets_its_kind_and_buyer() -> None:
    goods = {"rt": 18, "txval": 300000, "iamt": 54000}
    parsed = sold(
        b2cl=[{"pos": "29", "inv": [invoice("L1")]}],
        exp=[{"exp_typ": "WOPAY", "inv": [{"inum": "E1", "idt": "14-06-2026", "itms": [goods | {"iamt": 0}]}]}],
        cdnr=[{"ctin": OTHER, "nt": [note("C1"), note("D1", ntty="D")]}],
        cdnur=[note("C2", typ="B2CL"), note("C3", typ="EXPWP", pos=""), note("D2", typ="B2CL", ntty="D")],
    )
    assert parsed.refusals == ()
    assert parsed.rows.select("invoice_number", "kind", "place_of_supply").rows() == [
        ("L1", "B2CL", 29), ("E1", "EXP", 96), ("C1", "CDNR", 29), ("D1", "B2B", 29), ("C2", "CDNR", 29),
        ("C3", "CDNR", 96), ("D2", "B2CL", 29),
    ]  # fmt: skip
    assert parsed.rows["counterparty_gstin"].to_list() == [None, None, OTHER, OTHER, None, None, None]


def test_an_amendment_names_the_document_it_replaces() -> None:
    amended = invoice("26-27/1R", oinum="25-26/900", oidt="31-03-2026")
    parsed = sold(
        b2ba=[{"ctin": OTHER, "inv": [amended]}],
        cdnra=[{"ctin": OTHER, "nt": [note("CN/1R", ont_num="CN/1", ont_dt="01-04-2026")]}],
    )
    assert parsed.rows.select("invoice_number", "amended_from", "amended_from_year").rows() == [
        ("26-27/1R", "25-26/900", 2025),
        ("CN/1R", "CN/1", 2026),
    ]


def test_consumer_sales_get_a_number_from_month_state_and_rate() -> None:
    sale = {"sply_ty": "INTRA", "rt": 18, "typ": "OE", "pos": "27", "txval": 1000, "camt": 90, "samt": 90}
    parsed = sold(b2cs=[sale, sale | {"rt": 5, "txval": -200, "camt": -5, "samt": -5}])
    assert parsed.rows.select("invoice_number", "kind", "taxable_paise", "cgst_paise").rows() == [
        ("B2CS0626271800O", "B2CS", 100_000, 9_000),
        ("B2CS0626270500O", "CDNR", 20_000, 500),
    ]


def test_amended_consumer_sales_replace_those_of_their_own_month() -> None:
    sale = {"omon": "032026", "typ": "OE", "pos": "27", "itms": [{"rt": 18, "txval": 900, "camt": 81, "samt": 81}]}
    row = sold(b2csa=[sale]).rows.row(0, named=True)
    assert (row["invoice_number"], row["amended_from"], row["amended_from_year"], row["financial_year"]) == (
        "B2CS0326271800O", "B2CS0326271800O", 2025, 2025,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"inum": "x" * 17}, "invoice.number"),
        ({"idt": "2026/06"}, "invoice.date"),
        ({"idt": "14-06-2099"}, "invoice.date_future"),
        ({"pos": "40"}, "invoice.place"),
        ({"pos": None}, "invoice.place"),
        ({"itms": [{"itm_det": {"rt": 18, "txval": "1000"}}]}, None),
        ({"itms": [{"itm_det": {"rt": 18, "txval": [1]}}]}, "invoice.taxable"),
        ({"itms": [{"itm_det": {"rt": 18, "txval": -1}}]}, "invoice.taxable"),
        ({"itms": [{"itm_det": {"rt": 18, "txval": 1.005}}]}, "invoice.taxable"),
        ({"itms": [{"itm_det": {"rt": 18, "txval": 10**18}}]}, "invoice.taxable"),
        ({"itms": [{"itm_det": {"rt": 99, "txval": 1}}]}, "invoice.rate"),
    ],
)
def test_a_wrong_document_is_refused_with_its_pointer(changes: dict[str, object], rule: str | None) -> None:
    parsed = sold(b2b=[{"ctin": OTHER, "inv": [invoice("A"), invoice("B", **changes)]}])
    refused = [(it.line, it.rule, it.pointer) for it in parsed.refusals]
    assert refused == ([(2, rule, "/b2b/0/inv/1")] if rule else [])


def test_the_return_of_another_business_is_refused_whole() -> None:
    parsed = sales.parse(gstr1(), as_of=AS_OF, own_gstin=OTHER)
    assert [(it.rule, it.pointer) for it in parsed.refusals] == [("gstr.own", "/gstin")]
    assert set(parsed.rows.columns) >= {"pointer", "amended_from", "amended_from_year"}


def test_purchases_come_in_from_their_suppliers() -> None:
    listed = {"inum": "S1", "dt": "14-06-2026", "pos": "27", "items": [{"num": 1, "rt": 18, "txval": 100, "igst": 18}]}
    flat = {"ntnum": "SN1", "typ": "C", "dt": "15-06-2026", "pos": "27", "txval": 10, "igst": 1.8, "cgst": 0, "sgst": 0}
    parsed = bought(
        b2b=[{"ctin": OTHER, "inv": [listed]}],
        b2ba=[{"ctin": OTHER, "inv": [listed | {"inum": "S2", "oinum": "S0", "oidt": "01-02-2026"}]}],
        cdnr=[{"ctin": OTHER, "nt": [flat]}],
    )
    assert parsed.refusals == ()
    assert parsed.rows.select("invoice_number", "direction", "kind", "igst_paise", "amended_from").rows() == [
        ("S1", "in", "B2B", 1_800, None), ("S2", "in", "B2B", 1_800, "S0"), ("SN1", "in", "CDNR", 180, None),
    ]  # fmt: skip
    assert parsed.rows["pointer"][0] == "/data/docdata/b2b/0/inv/0"


def test_a_statement_without_documents_is_refused_whole() -> None:
    content = json.dumps({"data": {"gstin": OWN}}).encode()
    parsed = purchases.parse(content, as_of=AS_OF, own_gstin=OWN)
    assert [it.rule for it in parsed.refusals] == ["gstr.docdata"]


def test_a_summary_return_gives_turnover_and_how_the_tax_was_paid() -> None:
    row = filed(
        sup_details={"osup_det": {"txval": 1000.5, "iamt": 90, "camt": 45, "samt": 45}, "osup_zero": {"txval": 200}},
        tx_pmt={"pdcash": [{"ipd": 10, "cpd": 5, "spd": 5}], "pditc": {"i_pdi": 80, "c_pdc": 40, "s_pds": 40}},
        fil_dt="19-07-2026",
        arn="AA270626000001A",
    ).rows.row(0, named=True)
    assert (row["turnover_paise"], row["tax_cash_paise"], row["tax_itc_paise"]) == (120_050, 2_000, 16_000)
    assert (row["return_type"], row["period"], row["filing_known"]) == ("GSTR3B", 2026 * 12 + 5, True)
    assert row["filed_at"] < row["due_at"]


def test_without_a_payment_table_credit_pays_what_it_can_and_cash_the_rest() -> None:
    row = filed(
        sup_details={"osup_det": {"txval": 1000, "iamt": 180}, "isup_rev": {"txval": 100, "iamt": 18}},
        itc_elg={"itc_net": {"iamt": 150}},
    ).rows.row(0, named=True)
    assert (row["tax_cash_paise"], row["tax_itc_paise"], row["filed_at"], row["filing_known"]) == (
        4_800,
        15_000,
        None,
        False,
    )


def test_a_summary_that_cannot_be_read_gives_no_return() -> None:
    parsed = summary.parse(b"{", as_of=AS_OF, own_gstin=OWN)
    assert ([it.rule for it in parsed.refusals], parsed.rows.height) == (["json.syntax"], 0)
    assert set(parsed.rows.columns) >= {"filing_known", "period"}


def test_a_summary_with_text_for_an_amount_is_refused() -> None:
    assert [it.field for it in filed(sup_details={"osup_det": {"txval": "lots"}}).refusals] == ["turnover"]
    assert [it.field for it in filed(ret_period="2026").refusals] == ["period"]


rupees = st.integers(1, 10**9).map(lambda paise: paise / 100)


@settings(max_examples=40, deadline=None)
@given(st.lists(rupees, min_size=1, max_size=20))
def test_amounts_written_are_read_back_to_the_paisa(values: list[float]) -> None:
    documents = [
        invoice(f"N{place}", itms=[{"num": 1, "itm_det": {"rt": 18, "txval": value}}])
        for place, value in enumerate(values)
    ]
    parsed = sold(b2b=[{"ctin": OTHER, "inv": documents}])
    assert parsed.refusals == ()
    assert parsed.rows["taxable_paise"].to_list() == [round(value * 100) for value in values]


plain = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["inum", "idt", "pos", "itms", "ntty", "oinum", "oidt"]), anything), anything)
def test_no_values_make_the_readers_fail(changes: dict[str, object], thing: object) -> None:
    group = {"ctin": OTHER, "inv": [invoice(**changes), thing], "nt": [thing]}
    for parsed in (
        sold(b2b=[group, thing], b2cs=thing, cdnr=[group]),
        bought(b2b=[group], cdnr=thing),
        filed(sup_details=thing),
    ):
        assert parsed.rows.height + parsed.refused_lines >= parsed.lines
