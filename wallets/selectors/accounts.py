"""A business's bank accounts as last described, and whether their entries come to the balance the bank names."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from creditiq.kernel.money import from_paise
from wallets.engine.masking import tail
from wallets.models import BankAccount, BankEntry, Upload, known_at
from wallets.selectors.covering import Grounds, grounds

MOST_SHOWN = 50


@dataclass(frozen=True)
class AccountView:
    """One account as people see it, rupees. `gap` is the summary's balance less that of the last entry before it."""

    account: str
    kind: str
    facility: str
    status: str
    ifsc: str
    currency: str
    opened_on: date | None
    balance: Decimal | None
    balance_at: datetime | None
    overdraft_limit: Decimal | None
    drawing_limit: Decimal | None
    pending: Decimal | None
    holder_is_business: bool | None
    gap: Decimal | None
    upload: Upload

    @property
    def differs(self) -> bool:
        """Whether summary and entries contradict each other: an entry is missing or was changed."""
        return bool(self.gap)


def bank_accounts(
    *, business_id: int, ground: Grounds, as_of: datetime, revealed: bool = False
) -> tuple[AccountView, ...]:
    """Every account by its newest description that the ground covers, the number covered unless revealed."""
    rows = _described(ground).filter(business=business_id, received_at__lte=as_of)
    newest = rows.order_by("account", Coalesce("balance_at", "received_at").desc(), "-pk").distinct("account")
    return _views(newest, ground, as_of, revealed=revealed)


def accounts_told(upload: Upload, *, user: User, as_of: datetime) -> tuple[AccountView, ...]:
    """The accounts a file describes, uncovered for its owner; none for a bank without a consent for their entries."""
    ground = grounds(user=user, business=upload.business, at=as_of)
    if upload.kind != BankEntry.FRAME_NAME or upload.kind not in ground.kinds:
        return ()
    told = _described(ground).filter(business=upload.business_id, upload=upload).order_by("account")
    return _views(told, ground, as_of, revealed=user.organisation_id is None)


def _described(ground: Grounds) -> QuerySet[BankAccount]:
    """Descriptions of the time that the ground covers: of the day of the balance, else of the day we learned it."""
    rows = BankAccount.objects.alias(described_at=Coalesce("balance_at", "received_at"))
    consent = ground.consent
    if consent is not None and consent.data_from is not None:
        rows = rows.filter(described_at__gte=consent.data_from)
    if consent is not None and consent.data_to is not None:
        rows = rows.filter(described_at__lte=consent.data_to)
    return rows


def _views(rows: QuerySet[BankAccount], ground: Grounds, as_of: datetime, *, revealed: bool) -> tuple[AccountView, ...]:
    # The gap tells the entry's balance, so the entry is one that the ground covers too.
    covered = BankEntry.objects.filter(known_at(as_of), ground.covers(), business=OuterRef("business"))
    before = covered.filter(account=OuterRef("account"), occurred_at__lte=OuterRef("until")).order_by(
        "-occurred_at", "-id"
    )
    # Several entries may share the last instant; the balance is right when one of them leaves it.
    closing = before.filter(occurred_at=OuterRef("last_at"), balance_paise=OuterRef("balance_paise"))
    seen = rows.annotate(until=Coalesce("balance_at", "received_at")).annotate(
        last_at=Subquery(before.values("occurred_at")[:1]), last_paise=Subquery(before.values("balance_paise")[:1])
    )
    found = seen.annotate(agrees=Exists(closing)).select_related("upload")
    return tuple(
        _view(row, _gap(row.balance_paise, row.last_paise, agrees=row.agrees), revealed=revealed)
        for row in found[:MOST_SHOWN]
    )


def _view(row: BankAccount, gap: Decimal | None, *, revealed: bool) -> AccountView:
    return AccountView(
        account=row.account if revealed else tail(row.account),
        kind=row.kind,
        facility=row.facility,
        status=row.status,
        ifsc=row.ifsc,
        currency=row.currency,
        opened_on=row.opened_on,
        balance=_rupees(row.balance_paise),
        balance_at=row.balance_at,
        overdraft_limit=_rupees(row.overdraft_limit_paise),
        drawing_limit=_rupees(row.drawing_limit_paise),
        pending=_rupees(row.pending_paise),
        holder_is_business=row.holder_is_business,
        gap=gap,
        upload=row.upload,
    )


def _gap(balance: int | None, last: int | None, *, agrees: bool) -> Decimal | None:
    if balance is None or last is None:
        return None
    return from_paise(0 if agrees else balance - last)


def _rupees(paise: int | None) -> Decimal | None:
    return None if paise is None else from_paise(paise)
