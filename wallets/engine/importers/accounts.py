"""What a statement says of a bank account besides its entries. Of the people behind it nothing is kept."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AccountTold:
    """One account: amounts in paise, moments in microseconds since 1970, None or empty where the statement is silent.

    `account` is the number its entries carry. `holders` counts them; `holder_is_business`: whether one of them has the
    business's PAN. Names, addresses, numbers and dates of birth of holders are read by nobody and stored nowhere.
    """

    account: str
    kind: str = ""
    facility: str = ""
    status: str = ""
    ifsc: str = ""
    micr: str = ""
    currency: str = ""
    opened_on: date | None = None
    balance_paise: int | None = None
    balance_at: int | None = None
    overdraft_limit_paise: int | None = None
    drawing_limit_paise: int | None = None
    pending_paise: int | None = None
    holders: int | None = None
    joint: bool | None = None
    nominee: bool | None = None
    ckyc: bool | None = None
    holder_is_business: bool | None = None
