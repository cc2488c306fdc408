"""Account Aggregator deposit documents, XML and JSON, as bank entries."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wallets.engine.importers.samples import AS_OF, OWN, deposit_xml, transaction
from wallets.engine.importers import pieces
from wallets.engine.importers.deposit import json as from_json
from wallets.engine.importers.deposit import xml as from_xml
from wallets.engine.importers.rejections import Parsed


def read(content: bytes) -> Parsed:
    return from_xml.parse(content, as_of=AS_OF, own_gstin=OWN)


def read_json(document: object) -> Parsed:
    return from_json.parse(json.dumps(document).encode(), as_of=AS_OF, own_gstin=OWN)


TRANSACTION = {
    "txnId": "S123", "type": "CREDIT", "mode": "FT", "amount": 1250.5, "currentBalance": "-10.25",
    "transactionTimestamp": "2026-06-14T11:25:00.000+05:30", "valueDate": "2026-06-14", "narration": "NEFT ACME STEEL",
}  # fmt: skip
ACCOUNT = {"maskedAccNumber": "XXXXXX1234", "transactions": {"transaction": [TRANSACTION]}}


def test_a_transaction_becomes_an_entry_with_its_purpose() -> None:
    parsed = read(deposit_xml(transaction(), transaction(txnId="S124", type="DEBIT", narration="EMI 12 LOAN")))
    row = parsed.rows.row(0, named=True)
    assert parsed.refusals == ()
    assert (row["account"], row["reference"], row["direction"], row["mode"]) == ("XXXXXX1234", "S123", "credit", "FT")
    assert (row["amount_paise"], row["balance_paise"], row["purpose"]) == (125_050, -1_025, "receipt")
    assert parsed.rows["purpose"].to_list() == ["receipt", "emi"]
    assert row["pointer"] == "/Account[1]/Transactions/Transaction[1]"


def test_xml_and_json_of_the_same_account_are_read_alike() -> None:
    wrapped = read_json({"account": ACCOUNT}).rows
    assert wrapped.drop("pointer").equals(read(deposit_xml(transaction())).rows.drop("pointer"))
    assert read_json([{"account": [ACCOUNT]}]).rows["pointer"].to_list() == ["/0/account/0/transactions/transaction/0"]
    assert read_json(ACCOUNT).rows["pointer"].to_list() == ["/transactions/transaction/0"]


def test_an_account_without_a_masked_number_goes_by_its_link() -> None:
    link = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    parsed = read(deposit_xml(transaction(txnId=link), account=f'linkedAccRef="{link}"'))
    assert parsed.rows.select("account", "reference").rows() == [(link.replace("-", "").upper(), link.replace("-", ""))]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "OPENING"}, "direction"),
        ({"mode": "BARTER"}, "mode"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "12345678901234567.00"}, "amount"),
        ({"transactionTimestamp": "14/06/2026"}, "occurred_at"),
        ({"transactionTimestamp": "2099-06-14T11:25:00Z"}, "occurred_at"),
        ({"txnId": "", "reference": ""}, "reference"),
    ],
)
def test_a_wrong_transaction_is_refused_with_its_path(changes: dict[str, str], field: str) -> None:
    parsed = read(deposit_xml(transaction(), transaction(**({"txnId": "S9"} | changes))))
    path = "/Account[1]/Transactions/Transaction[2]"
    assert [(it.line, it.field, it.pointer) for it in parsed.refusals] == [(2, field, path)]


def test_the_same_transaction_twice_is_told() -> None:
    assert [it.rule for it in read(deposit_xml(transaction(), transaction())).refusals] == ["bank.repeated"]


def test_a_statement_without_transactions_is_read_and_one_of_too_many_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (read(deposit_xml()).refusals, read(deposit_xml()).rows.columns[0]) == ((), "line")
    monkeypatch.setattr(pieces, "MOST_LINES", 1)
    assert [it.rule for it in read(deposit_xml(transaction(), transaction())).refusals] == ["file.lines"]
    monkeypatch.setattr(from_xml, "MOST_BYTES", 9)
    assert [it.rule for it in read(deposit_xml()).refusals] == ["file.size"]


ENTITIES = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (deposit_xml(transaction(narration="&c;"), head=ENTITIES), "xml.entities"),
        (deposit_xml(head='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "xml.entities"),
        (deposit_xml(transaction())[:-20], "xml.syntax"),
        (b"", "xml.syntax"),
        (b"<a/>", "deposit.account"),
        (b"<a>" * 50_000, "xml.depth"),
        (deposit_xml(transaction()).replace(b"UTF-8", b"KLINGON"), "xml.syntax"),
        (deposit_xml(transaction(narration="\xff")).decode().encode("latin-1"), "xml.syntax"),
        (b"\x00" * 50, "xml.syntax"),
    ],
)
def test_hostile_xml_is_refused_whole(content: bytes, rule: str) -> None:
    parsed = read(content)
    assert [it.rule for it in parsed.refusals] == [rule]
    assert parsed.rows.is_empty()


@pytest.mark.parametrize("document", [{}, [], 7, {"account": 7}, [[[]]]])
def test_json_without_an_account_is_refused_whole(document: object) -> None:
    assert [it.rule for it in read_json(document).refusals] == ["deposit.account"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**12), st.integers(-(10**12), 10**12)), min_size=1, max_size=10))
def test_amounts_and_balances_written_are_read_back_to_the_paisa(values: list[tuple[int, int]]) -> None:
    lines = [
        transaction(txnId=f"T{place}", amount=f"{amount // 100}.{amount % 100:02d}", currentBalance=_rupees(balance))
        for place, (amount, balance) in enumerate(values)
    ]
    parsed = read(deposit_xml(*lines))
    assert parsed.rows.select("amount_paise", "balance_paise").rows() == values


def _rupees(paise: int) -> str:
    return f"{'-' if paise < 0 else ''}{abs(paise) // 100}.{abs(paise) % 100:02d}"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 600))
def test_no_bytes_make_the_readers_fail(noise: bytes, place: int) -> None:
    whole = deposit_xml(transaction())
    for content in (noise, whole[:place] + noise + whole[place:]):
        assert read(content).rows.height <= 2
        assert from_json.parse(content, as_of=AS_OF, own_gstin=OWN).rows.height <= 2


def refused(content: bytes) -> tuple[str, str, str]:
    parsed = read(content)
    (refusal,) = parsed.refusals
    assert parsed.rows.is_empty()
    return refusal.rule, refusal.message, refusal.pointer


@pytest.mark.parametrize(
    ("old", "new", "rule", "named"),
    [
        (b"<Profile>", b"<Profile><Loan/>", "deposit.structure", "Loan"),
        (b"</Profile>", b"</Profile><Transaction/>", "deposit.structure", "Transaction"),
        (b"</Profile>", b"</Profile><Account type='deposit'/>", "deposit.structure", "Account"),
        (b"</Profile>", b"</Profile><Profile/>", "deposit.repeated", "Profile"),
        (b'type="deposit"', b'type="mutual_funds"', "deposit.type", "Account"),
        (b'maskedAccNumber="XXXXXX1234"', b"", "deposit.account_number", "maskedAccNumber"),
        (b"XXXXXX1234", b"  ", "deposit.account_number", "maskedAccNumber"),
        (b"XXXXXX1234", b"123", "deposit.account_number", "4 to 34"),
        (b"XXXXXX1234", b"9" * 35, "deposit.account_number", "4 to 34"),
        (b"<Summary ", b'<Summary balanceDateTime="2099-01-01" ', "deposit.time_future", "balanceDateTime"),
        (b"<Summary ", b'<Summary ifscCode="HDFC1000001" ', "deposit.ifsc", "Summary"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_and_named(old: bytes, new: bytes, rule: str, named: str) -> None:
    found, message, pointer = refused(deposit_xml(transaction()).replace(old, new))
    assert found == rule
    assert named in message
    assert pointer.startswith("/Account")


@pytest.mark.parametrize("number", ["", " ", "XX\x0012345678", "XX\n1234", None])
def test_a_json_account_without_a_number_is_refused_too(number: str | None) -> None:
    parsed = read_json({"account": ACCOUNT | {"maskedAccNumber": number}})
    assert [(it.rule, it.pointer) for it in parsed.refusals] == [("deposit.account_number", "/account")]
    assert (parsed.rows.height, parsed.accounts) == (0, ())


def test_a_transaction_without_its_account_is_refused() -> None:
    assert refused(f"<FI>{transaction()}</FI>".encode())[0] == "deposit.structure"


@pytest.mark.parametrize("code", [b"HDFC0CAGSBK", b"hdfc0000001", b""])
def test_bank_codes_with_letters_are_real_whatever_the_schema_says(code: bytes) -> None:
    parsed = read(deposit_xml(transaction()).replace(b"<Summary ", b'<Summary ifscCode="' + code + b'" '))
    assert (parsed.refusals, parsed.rows.height) == ((), 1)


def test_accounts_under_an_element_of_the_senders_own_are_all_read() -> None:
    one = deposit_xml(transaction()).split(b"?>", 1)[1]
    other = deposit_xml(transaction(), account='maskedAccNumber="XXXXXX9999"').split(b"?>", 1)[1]
    assert read(b"<FIData>" + one + other + b"</FIData>").rows["account"].to_list() == ["XXXXXX1234", "XXXXXX9999"]


def test_a_bomb_of_entities_is_refused_unread() -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert refused(deposit_xml(transaction(narration="&b;"), head=bomb))[0] == "xml.entities"


SUMMARY = {
    "currentBalance": "5200.50", "currency": "INR", "balanceDateTime": "2026-06-30T18:00:00+05:30", "type": "CURRENT",
    "branch": "MAIN", "facility": "OD", "ifscCode": "HDFC0CAGSBK", "micrCode": "560240002", "openingDate": "2019-04-01",
    "currentODLimit": "250000", "drawingLimit": "200000.00", "status": "ACTIVE",
}  # fmt: skip
HOLDER = {
    "name": "Asha Rao", "dob": "1980-01-01", "mobile": "9990000222", "nominee": "REGISTERED", "landline": "080-1",
    "address": "1 Road", "email": "asha@shop.example", "pan": OWN[2:12], "ckycCompliance": "true",
}  # fmt: skip
PENDING = {"transactionType": "DEBIT", "amount": "200.50"}


def attributes(values: dict[str, str]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in values.items())


def described(version: str = "1.2", **changes: dict[str, str]) -> bytes:
    """An account with profile and summary; `changes` by element."""
    summary, holder, pending = SUMMARY, HOLDER, PENDING
    holders = {"type": "SINGLE"} | changes.get("Holders", {})
    return (
        f'<Account type="deposit" version="{version}" maskedAccNumber="xxxx1234">'
        f"<Profile><Holders {attributes(holders)}><Holder {attributes(holder | changes.get('Holder', {}))}/></Holders>"
        f"</Profile><Summary {attributes(summary | changes.get('Summary', {}))}>"
        f"<Pending {attributes(pending | changes.get('Pending', {}))}/></Summary>"
        f"<Transactions>{transaction()}</Transactions></Account>"
    ).encode()


def test_what_a_statement_says_of_its_account_is_kept_and_nothing_of_its_holders() -> None:
    parsed = read(described())
    (told,) = parsed.accounts
    assert (told.account, told.kind, told.facility, told.status) == ("XXXX1234", "CURRENT", "OD", "ACTIVE")
    assert told.account == parsed.rows["account"][0]
    assert (told.balance_paise, told.overdraft_limit_paise, told.drawing_limit_paise) == (
        520_050,
        25_000_000,
        20_000_000,
    )
    assert (told.pending_paise, told.ifsc, told.micr, str(told.opened_on)) == (
        -20_050, "HDFC0CAGSBK", "560240002", "2019-04-01",
    )  # fmt: skip
    assert told.balance_at == 1_782_822_600_000_000
    assert (told.holders, told.joint, told.nominee, told.ckyc, told.holder_is_business) == (1, False, True, True, True)
    for secret in ("name", "dob", "mobile", "landline", "address", "email", "pan"):
        assert HOLDER[secret] not in repr(told)


def test_xml_and_json_tell_the_same_of_an_account() -> None:
    account = {
        "type": "deposit", "version": "1.2", "maskedAccNumber": "xxxx1234",
        "profile": {"holders": {"type": "SINGLE", "holder": [HOLDER | {"ckycCompliance": True}]}},
        "summary": SUMMARY | {"pending": PENDING}, "transactions": {"transaction": [TRANSACTION]},
    }  # fmt: skip
    assert read_json({"account": account}).accounts == read(described()).accounts


@pytest.mark.parametrize(
    ("element", "key", "value"),
    [
        ("Summary", "type", "PIGGY"), ("Summary", "facility", "XX"), ("Summary", "status", "SLEEPY"),
        ("Summary", "currency", "RUPEE"), ("Summary", "micrCode", "12"), ("Summary", "currentBalance", "1e5"),
        ("Summary", "currentODLimit", "1.005"), ("Summary", "openingDate", "01-04-2019"),
        ("Summary", "balanceDateTime", "0001-01-01"), ("Holders", "type", "MANY"), ("Holder", "nominee", "PERHAPS"),
        ("Holder", "pan", "ABC"), ("Holder", "ckycCompliance", "maybe"), ("Pending", "transactionType", "BOTH"),
        ("Pending", "amount", "x"),
    ],
)  # fmt: skip
def test_a_value_the_schema_does_not_allow_names_its_element(element: str, key: str, value: str) -> None:
    rule, message, pointer = refused(described(**{element: {key: value}}))
    assert rule == "deposit.value"
    assert f"“{key}” of “{element}”" in message
    assert pointer.startswith("/Account[1]/")
    assert pointer.endswith(element)


def test_codes_of_the_second_version_are_held_by_their_form_only() -> None:
    (told,) = read(described("2.0.0", Summary={"type": "NRE"})).accounts
    assert told.kind == "NRE"
    assert refused(described("2.0.0", Summary={"type": "<"}).replace(b'"<"', b'"!"'))[0] == "deposit.value"
