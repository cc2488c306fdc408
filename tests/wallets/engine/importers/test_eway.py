"""The e-way bill bulk format: every field rule, master code and cross-field rule, and bills as records."""

import json
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wallets.engine.importers.samples import AS_OF, NEIGHBOUR, OTHER, OWN, bill, bulk, item
from wallets.engine.importers.eway import validation
from wallets.engine.importers.eway.bulk import parse
from wallets.engine.importers.eway.fields import BILL, ITEM
from wallets.engine.importers.eway.masters import pin_fits, slabs_at
from wallets.engine.importers.eway.parties import COMBINATIONS
from wallets.engine.importers.eway.validation import MOST_BILLS, Finding, validate
from wallets.engine.importers.rejections import UnreadableFile

BRANCH = "29AAPFU0939F1ZR"
TRANSIN = "88AAPFU0939F1ZT"
LOCAL = {
    "toGstin": NEIGHBOUR, "toStateCode": 27, "actualToStateCode": 27, "toPincode": 411001, "igstValue": 0,
    "cgstValue": 9000, "sgstValue": 9000, "itemList": item(igstRate=0, cgstRate=9, sgstRate=9),
}  # fmt: skip
UNTAXED: dict[str, object] = {"igstValue": 0, "totInvValue": 100000, "itemList": item(igstRate=0)}
CHALLAN: dict[str, object] = {"docType": "CHL", **UNTAXED}
ABROAD = {"toGstin": "URP", "toStateCode": 99, "actualToStateCode": 99, "toPincode": 999999}
FROM_ABROAD = {
    "supplyType": "I", "subSupplyType": 2, "docType": "BOE", "fromGstin": "URP", "fromStateCode": 99,
    "actualFromStateCode": 99, "fromPincode": 999999, "toGstin": OWN, "toStateCode": 27, "actualToStateCode": 27,
    "toPincode": 400001,
}  # fmt: skip
RAIL = {"transMode": 2, "vehicleNo": "", "transDocNo": "RR/77", "transDocDate": "15/06/2026"}


def findings(*bills: object, special_zone: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    return validate(bulk(*bills), as_of=AS_OF, special_zone=special_zone).findings


def rules(changes: Mapping[str, object], level: str | None = None) -> set[str]:
    return {found.rule for found in findings(bill(**changes)) if level in (None, found.level)}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        LOCAL,
        CHALLAN | {"subSupplyType": 4, "toGstin": "URP"},
        {"transType": "1", "subSupplyType": 1, "mainHsnCode": 7208},
        ABROAD | {"subSupplyType": 3},
        ABROAD | {"subSupplyType": 3, "transType": 2, "actualToStateCode": 27, "toPincode": 400703},
        FROM_ABROAD,
        RAIL,
        {"userGstin": OTHER, "transporterId": OTHER},
        {"transType": 2, "actualToStateCode": 33, "toPincode": 600001},
        {"transType": 3, "actualFromStateCode": 24, "fromPincode": 380001},
        CHALLAN | {"subSupplyType": 5, "toGstin": BRANCH},
        {"OthValue": -500, "totInvValue": 117500},
        {"docDate": "14/06/2024", "itemList": item(igstRate=12), "igstValue": 12000, "totInvValue": 112000},
    ],
)
def test_a_bill_that_keeps_every_rule_has_no_findings(changes: dict[str, object]) -> None:
    assert rules(changes) == set()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"userGstin": OTHER}, "rule.1.user"),
        ({"fromGstin": TRANSIN, "userGstin": TRANSIN}, "rule.1.transin"),
        ({"subSupplyType": 2}, "rule.2.sub_type"),
        (CHALLAN, "rule.2.document"),
        ({"subSupplyType": 3}, "rule.2.party"),
        (CHALLAN | {"subSupplyType": 5}, "rule.2.party"),
        ({"toGstin": OWN}, "rule.2.party"),
        (CHALLAN | {"subSupplyType": 8}, "rule.2.description"),
        ({"fromGstin": "URP"}, "rule.2.own_side"),
        ({"docType": "BIL"}, "rule.3.tax"),
        ({"docType": "BIL", "igstValue": 0}, "rule.3.rate"),
        ({"docType": "BIL", **UNTAXED, "itemList": item(igstRate=0, cessRate=12)}, "rule.3.rate"),
        ({"itemList": item(igstRate=17)}, "rule.4.slab"),
        ({"itemList": item(igstRate=28)}, "rule.4.slab_date"),
        ({"docDate": "14/06/2024", "itemList": item(igstRate=40)}, "rule.4.slab_date"),
        (LOCAL | {"itemList": item(igstRate=0, cgstRate=9, sgstRate=6)}, "rule.4.halves"),
        ({"itemList": item(cessRate=7)}, "rule.4.slab"),
        ({"itemList": item(cessNonAdvol=401)}, "rule.4.slab"),
        (LOCAL | {"igstValue": 18000}, "rule.5.tax"),
        (LOCAL | {"itemList": item()}, "rule.5.rate"),
        ({"cgstValue": 9000, "sgstValue": 9000, "igstValue": 0}, "rule.5.tax"),
        (ABROAD | {"subSupplyType": 3, "toStateCode": 29}, "rule.5.export"),
        (FROM_ABROAD | {"fromStateCode": 24}, "rule.5.import"),
        (ABROAD | {"subSupplyType": 3, "toPincode": 400001}, "rule.5.pin_abroad"),
        ({"totInvValue": 117997}, "rule.6.total_low"),
        ({"vehicleNo": "", "transporterId": ""}, "rule.7.road"),
        ({"vehicleType": ""}, "rule.7.vehicle_type"),
        (RAIL | {"transDocNo": ""}, "rule.7.papers"),
        (RAIL | {"transMode": 3, "transDocDate": ""}, "rule.7.papers"),
        (RAIL | {"vehicleType": "O"}, "rule.7.vehicle_type"),
        ({"actualToStateCode": 33}, "rule.8.to_state"),
        ({"transType": 2, "actualFromStateCode": 24}, "rule.8.from_state"),
        *(({"itemList": item(hsnCode=code)}, "rule.10.hsn") for code in ("7712", "9876", "019900", "00011000", "9953")),
        ({"itemList": item(hsnCode="8806"), "docDate": "14/06/2021"}, "rule.10.hsn"),
        ({"mainHsnCode": "9876"}, "rule.10.hsn"),
        ({"itemList": item(hsnCode="9954"), "mainHsnCode": "9954"}, "rule.10.no_goods"),
        ({"docDate": "08/11/2026"}, "rule.date.future"),
        ({"transDocDate": "13/06/2026"}, "rule.date.transport"),
        ({"itemList": []}, "field.itemList"),
        ({"itemList": [7]}, "item.object"),
    ],
)
def test_a_broken_rule_makes_the_bill_invalid(changes: dict[str, object], rule: str) -> None:
    assert rule in rules(changes, "error")
    assert validate(bulk(bill(**changes)), as_of=AS_OF).invalid == 1


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"userGstin": None}, "rule.1.user_missing"),
        (CHALLAN | {"subSupplyType": 4}, "rule.2.prose"),
        ({"subSupplyDesc": "more"}, "rule.2.description_unused"),
        ({"itemList": item(igstRate=12), "igstValue": 12000, "totInvValue": 112000, "docDate": "14/06/2026"}, None),
        ({"totInvValue": 118003}, "rule.6.total_high"),
        ({"itemList": item(taxableAmount=99990)}, "rule.6.items"),
        ({"transMode": None}, "rule.7.part_a"),
        ({"transMode": 4}, "rule.7.ship"),
        (RAIL | {"vehicleType": ""}, "rule.7.vehicle_type"),
        (ABROAD | {"subSupplyType": 3, "actualToStateCode": 27, "toPincode": 400703}, "rule.8.to_state"),
        ({"toStateCode": 33, "transType": 2}, "rule.8.to_gstin"),
        ({"transDistance": 0}, "rule.9.distance"),
        (FROM_ABROAD | {"transDistance": 0}, "rule.9.abroad"),
        ({"itemList": item(hsnCode="99541000"), "mainHsnCode": ""}, "rule.10.service"),
        ({"mainHsnCode": "8401"}, "rule.10.main"),
        ({"toPincode": 110001}, "rule.10.pin"),
        ({"transporterName": "x" * 26}, "rule.length.transporter"),
        (RAIL | {"transDocNo": "1234567890123456"}, "rule.length.papers"),
        ({"colour": "red"}, "field.unknown"),
    ],
)
def test_what_the_sheet_leaves_open_is_a_warning(changes: dict[str, object], rule: str | None) -> None:
    assert (rules(changes, "warning") >= {rule}) if rule else (rules(changes, "warning") == set())


@pytest.mark.parametrize("combination", sorted(COMBINATIONS))
def test_every_allowed_combination_passes_and_its_wrong_documents_do_not(combination: tuple[str, int]) -> None:
    supply, sub_type = combination
    for allowed in COMBINATIONS[combination]:
        for document in sorted(allowed.documents):
            for party in sorted(allowed.counterparty):
                other = {"self": OWN, "other": OTHER, "URP": "URP"}[party]
                sides = {"fromGstin": OWN, "toGstin": other} if supply == "O" else {"fromGstin": other, "toGstin": OWN}
                made = rules({"supplyType": supply, "subSupplyType": sub_type, "docType": document, **sides})
                assert not {rule for rule in made if rule in ("rule.2.sub_type", "rule.2.document", "rule.2.party")}
    known = set().union(*(each.documents for each in COMBINATIONS[combination]))
    for document in {"INV", "BIL", "BOE", "CHL", "OTH"} - known:
        made = rules({"supplyType": supply, "subSupplyType": sub_type, "docType": document})
        assert "rule.2.document" in made


@pytest.mark.parametrize("field", BILL, ids=lambda field: field.name)
def test_every_field_of_a_bill_refuses_a_wrong_value_and_is_missed_when_required(field: object) -> None:
    name, required = getattr(field, "name", ""), getattr(field, "required", False)
    for wrong in ({"a": 1}, "\u0967" * 200, -7.5):
        found = findings(bill(**{name: wrong}))
        assert (f"field.{name}", f"/billLists/0/{name}") in {
            (it.rule, it.pointer) for it in found
        } or name == "OthValue"
    absent = {key: value for key, value in bill().items() if key != name}
    assert (f"field.{name}.missing" in {it.rule for it in findings(absent)}) == required


@pytest.mark.parametrize("field", ITEM, ids=lambda field: field.name)
def test_every_field_of_an_item_refuses_a_wrong_value_by_its_pointer(field: object) -> None:
    name = getattr(field, "name", "")
    found = findings(bill(itemList=item() + item(**{name: [1]})))
    assert (f"field.{name}", f"/billLists/0/itemList/1/{name}") in {(it.rule, it.pointer) for it in found}


@pytest.mark.parametrize("value", [10**18, 1.005, -1, True, "100"])
def test_an_amount_is_a_number_of_at_most_18_digits_and_two_decimals(value: object) -> None:
    assert "field.totInvValue" in rules({"totInvValue": value})


def test_a_party_in_a_special_zone_is_charged_igst_also_within_the_state() -> None:
    zone = bill(**{**LOCAL, "igstValue": 18000, "cgstValue": 0, "sgstValue": 0, "itemList": item()})
    assert "rule.5.tax" in {found.rule for found in findings(zone)}
    assert findings(zone, special_zone=(NEIGHBOUR,)) == ()


def test_consignments_of_one_invoice_show_the_same_total() -> None:
    found = findings(bill(), bill(totInvValue=118001))
    assert [(it.bill, it.rule) for it in found] == [(2, "rule.9.shared_total")]


def test_the_version_is_told_when_it_is_another() -> None:
    report = validate(json.dumps({"version": "1.0.1118", "billLists": [bill(), 7]}).encode(), as_of=AS_OF)
    assert [(it.bill, it.rule) for it in report.findings] == [(0, "file.version"), (2, "bill.object")]
    assert (report.bills, report.valid, report.invalid) == (2, 1, 1)


def test_slabs_and_pin_codes_are_those_of_the_date_and_the_state() -> None:
    days = (date(2010, 6, 1), date(2025, 12, 1), date(2026, 6, 1))
    assert [(28 in slabs_at(day).integrated, 40 in slabs_at(day).integrated) for day in days] == [
        (True, False),
        (True, True),
        (False, True),
    ]
    assert (pin_fits(194101, 38), pin_fits(194101, 27), pin_fits(5, 99)) == (True, False, True)


def test_a_valid_bill_becomes_a_record_and_an_invalid_one_a_refusal_with_its_pointer() -> None:
    parsed = parse(bulk(bill(), bill(docNo="B 2", vehicleType="")), as_of=AS_OF, own_gstin=OWN)
    row = parsed.rows.row(0, named=True)
    assert (row["direction"], row["counterparty_gstin"], row["value_paise"]) == ("out", OTHER, 11_800_000)
    assert (row["from_state"], row["to_pincode"], row["hsn"], row["line"]) == (27, "560001", "7208", 1)
    assert {(it.line, it.rule, it.pointer) for it in parsed.refusals} == {
        (2, "field.docNo", "/billLists/1/docNo"),
        (2, "rule.7.vehicle_type", "/billLists/1/vehicleType"),
    }
    assert (parsed.lines, parsed.refused_lines) == (2, 1)


def test_a_bill_keeps_its_number_and_time_or_gets_a_number_from_its_document() -> None:
    numbered = bill(ewayBillNo=331000000001, ewayBillDate="15/06/2026 09:05:00 AM")
    rows = parse(bulk(numbered, bill(docNo="X1")), as_of=AS_OF, own_gstin=OWN).rows
    again = parse(bulk(bill(docNo="X1")), as_of=AS_OF, own_gstin=OWN).rows
    assert rows["number"][0] == "331000000001"
    assert rows["occurred_at"][0] == 1_781_494_500_000_000
    assert (rows["number"][1], len(rows["number"][1]), rows["number"][1][0]) == (again["number"][0], 12, "D")


def test_bills_of_others_and_bills_told_twice_are_refused() -> None:
    parsed = parse(
        bulk(bill(), bill(), bill(docNo="9", fromGstin=NEIGHBOUR, userGstin=NEIGHBOUR)), as_of=AS_OF, own_gstin=OWN
    )
    assert [(it.line, it.rule) for it in parsed.refusals] == [(2, "eway.repeated"), (3, "eway.own")]


@pytest.mark.parametrize("content", [b"{}", b"[]", b"7", b'{"billLists": {}}', b'{"billLists": [', b"\xff"])
def test_a_file_without_bills_is_refused_whole(content: bytes) -> None:
    parsed = parse(content, as_of=AS_OF, own_gstin=OWN)
    assert (parsed.rows.height, parsed.refused_lines, len(parsed.refusals)) == (0, 1, 1)


def test_a_file_of_too_many_bills_is_refused_whole() -> None:
    with pytest.raises(UnreadableFile, match="split"):
        validate(b'{"billLists": [' + b"0," * MOST_BILLS + b"0]}", as_of=AS_OF)


plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([field.name for field in BILL]), anything, max_size=6), anything)
def test_no_values_make_the_judge_fail(changes: dict[str, object], thing: object) -> None:
    content = bulk(bill(**changes), bill(itemList=[changes, thing]), thing)
    parsed = parse(content, as_of=AS_OF, own_gstin=OWN)
    assert parsed.rows.height + parsed.refused_lines == parsed.lines == 3


def test_every_invalid_bill_names_a_rule_when_findings_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [bill(vehicleNo="", transporterId="", vehicleType="", docDate="31/12/2029") for _ in range(4)]
    whole = validate(bulk(*wrong), as_of=AS_OF)
    monkeypatch.setattr(validation, "MOST_KEPT", 3)
    cut = validate(bulk(*wrong), as_of=AS_OF)

    assert not whole.findings_truncated
    assert cut.findings_truncated
    assert [it.bill for it in cut.findings if it.level == "error"] == [1, 2, 3, 4]
    assert set(cut.findings) < set(whole.findings)
    assert (cut.bills, cut.invalid) == (whole.bills, whole.invalid) == (4, 4)
