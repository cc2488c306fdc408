"""Profile, Summary and Pending of a deposit account, held against the schema of ReBIT (deposit, versions 1 and 2).

A value that is given must have the schema's form; the element and the attribute that break it are named. What is not
given is not asked for: a consent may leave out profile or summary. Version 2 has further codes, so of its codes only
the form is checked. A pending debit is what the balance will lose.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

from creditiq.kernel.identifiers import ifsc
from wallets.engine.importers.accounts import AccountTold
from wallets.engine.importers.rejections import Parsed, UnreadableFile, masked, unreadable

IST: Final = timezone(timedelta(hours=5, minutes=30))
MOST_DIGITS: Final = 15
YEARS: Final = range(1900, 2100)
CODES: Mapping[tuple[str, str], frozenset[str]] = {
    ("Summary", "type"): frozenset({"SAVINGS", "CURRENT"}),
    ("Summary", "facility"): frozenset({"OD", "CC"}),
    ("Summary", "status"): frozenset({"ACTIVE", "INACTIVE"}),
    ("Holders", "type"): frozenset({"SINGLE", "JOINT"}),
    ("Holder", "nominee"): frozenset({"REGISTERED", "NOT-REGISTERED"}),
    ("Pending", "transactionType"): frozenset({"CREDIT", "DEBIT"}),
}
_FORMS: Mapping[tuple[str, str], tuple[re.Pattern[str], str]] = {
    ("Summary", "currency"): (re.compile(r"[A-Z]{3}"), "three letters such as INR"),
    ("Summary", "micrCode"): (re.compile(r"[0-9]{9}"), "nine digits"),
    ("Holder", "pan"): (re.compile(r"[A-Z]{5}[0-9]{4}[A-Z]"), "a PAN: five letters, four digits, a letter"),
    ("Holder", "ckycCompliance"): (re.compile(r"TRUE|FALSE|1|0|Y|N|YES|NO"), "true or false"),
}
_ACCOUNT = re.compile(r"[0-9A-Z*-]{4,34}")
_CODE = re.compile(r"[A-Z][A-Z0-9 _-]{0,29}")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]*)?|-?\.[0-9]+")
_YES = frozenset({"TRUE", "1", "Y", "YES"})

Attributes = Mapping[str, str]


class Account:
    """One account while its document is read: hand it its elements in turn, then ask what it `told`.

    Raises UnreadableFile where it has no number.
    """

    def __init__(self, attributes: Attributes, pointer: str, own_pan: str) -> None:
        self._number = _number(attributes, pointer)
        self._first = attributes.get("version", "1").strip().startswith("1")
        self._pointer, self._pan = pointer, own_pan
        self._seen: dict[str, Attributes] = {}
        self._holders: list[tuple[str, str, str]] = []
        self._pending: list[int] = []

    def element(self, name: str, attributes: Attributes) -> None:
        """Take in Holders, Holder, Summary or Pending. Raises UnreadableFile for what the schema does not allow."""
        said = {key: value.strip() for key, value in attributes.items()}
        if name == "Holder":
            codes = (self._coded(name, "nominee", said), self._coded(name, "ckycCompliance", said))
            self._holders.append((*codes, self._coded(name, "pan", said)))
        elif name == "Pending":
            kind, amount = self._coded(name, "transactionType", said), self._paise(name, "amount", said)
            self._pending.append(-(amount or 0) if kind == "DEBIT" else amount or 0)
        elif name in ("Holders", "Summary"):
            self._seen[name] = said

    def told(self, as_of: int) -> AccountTold:
        """What the document says of the account; its balance is of a time before `as_of` (microseconds)."""
        said, holders = self._seen.get("Summary", {}), self._seen.get("Holders", {})
        kind = self._coded("Holders", "type", holders)
        return AccountTold(
            account=self._number,
            kind=self._coded("Summary", "type", said),
            facility=self._coded("Summary", "facility", said),
            status=self._coded("Summary", "status", said),
            ifsc=self._bank(said),
            micr=self._coded("Summary", "micrCode", said),
            currency=self._coded("Summary", "currency", said),
            opened_on=self._day("openingDate", said),
            balance_paise=self._paise("Summary", "currentBalance", said),
            balance_at=self._moment("balanceDateTime", said, as_of),
            overdraft_limit_paise=self._paise("Summary", "currentODLimit", said),
            drawing_limit_paise=self._paise("Summary", "drawingLimit", said),
            pending_paise=sum(self._pending) if self._pending else None,
            holders=len(self._holders) or None,
            joint=kind == "JOINT" if kind else None,
            nominee=_all(nominee == "REGISTERED" for nominee, _, _ in self._holders if nominee),
            ckyc=_all(ckyc in _YES for _, ckyc, _ in self._holders if ckyc),
            holder_is_business=_any(pan == self._pan for _, _, pan in self._holders if pan),
        )

    def _wrong(self, element: str, key: str, value: str, wanted: str) -> ValueError:
        places = {"Summary": "/Summary", "Holders": "/Profile/Holders", "Holder": "/Profile/Holders/Holder"}
        pointer = self._pointer + places.get(element, "/Summary/Pending")
        message = f"“{key}” of “{element}” is {masked(value)}, and has to be {wanted}."
        return unreadable("deposit.value", message, pointer=pointer)

    def _coded(self, element: str, key: str, said: Attributes) -> str:
        value = said.get(key, "").upper()
        if not value:
            return ""
        if (element, key) in CODES:
            codes = CODES[element, key]
            if value not in codes if self._first else not _CODE.fullmatch(value):
                raise self._wrong(element, key, value, f"one of {', '.join(sorted(codes))}")
        elif (form := _FORMS.get((element, key))) and not form[0].fullmatch(value):
            raise self._wrong(element, key, value, form[1])
        return value

    def _bank(self, said: Attributes) -> str:
        """The bank code by its real form, letters allowed; the schema's six digits are wrong."""
        code = said.get("ifscCode", "").upper()
        if code and not ifsc.is_valid(code):
            message = "The ifscCode of “Summary” is no bank code: four letters, 0, six letters or digits."
            raise unreadable("deposit.ifsc", message, pointer=f"{self._pointer}/Summary")
        return code

    def _paise(self, element: str, key: str, said: Attributes) -> int | None:
        text = said.get(key, "")
        if not text:
            return None
        number = Decimal(text) * 100 if _AMOUNT.fullmatch(text) else None
        if number is None or number != int(number) or abs(number) >= 10 ** (MOST_DIGITS + 2):
            raise self._wrong(element, key, text, "an amount in rupees with at most two decimals")
        return int(number)

    def _day(self, key: str, said: Attributes) -> date | None:
        moment = self._parsed(key, said)
        return moment.date() if moment else None

    def _moment(self, key: str, said: Attributes, as_of: int) -> int | None:
        moment = self._parsed(key, said)
        if moment is None:
            return None
        at = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        if at > as_of:  # it would stand as the newest description until then
            message = f"“{key}” of “Summary” lies in the future."
            raise unreadable("deposit.time_future", message, pointer=f"{self._pointer}/Summary")
        return at

    def _parsed(self, key: str, said: Attributes) -> datetime | None:
        text = said.get(key, "")
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self._wrong("Summary", key, text, "a date such as 2026-06-14") from None
        if moment.year not in YEARS:
            raise self._wrong("Summary", key, text, "a date of our times")
        return moment if moment.tzinfo else moment.replace(tzinfo=IST)


def _number(attributes: Attributes, pointer: str) -> str:
    """By the form that entries are held by too. Raises UnreadableFile."""
    told = attributes.get("maskedAccNumber", "") or attributes.get("linkedAccRef", "").replace("-", "")
    number = told.strip().upper()
    if _ACCOUNT.fullmatch(number):
        return number
    message = (
        "The maskedAccNumber (or linkedAccRef) of this “Account” has to be 4 to 34 letters and digits, * or -."
        if number
        else "This “Account” names neither maskedAccNumber nor linkedAccRef."
    )
    raise unreadable("deposit.account_number", message, pointer=pointer)


def with_accounts(parsed: Parsed, accounts: Iterable[Account], *, as_of: int) -> Parsed:
    """The parsed entries with what their accounts say; a value that breaks the schema refuses the whole file."""
    if parsed.refusals and not parsed.lines:
        return parsed
    try:
        return replace(parsed, accounts=tuple(account.told(as_of) for account in accounts))
    except UnreadableFile as error:
        return Parsed(parsed.rows.clear(), (error.refusal,), 0, 1)


def _all(answers: Iterable[bool]) -> bool | None:
    found = list(answers)
    return all(found) if found else None


def _any(answers: Iterable[bool]) -> bool | None:
    found = list(answers)
    return any(found) if found else None
