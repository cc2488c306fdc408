"""The cast of the demo (compliance.md §1): shown as cards on the sign-in page, created by the demo seed."""

from dataclasses import dataclass

from accounts.models import Duty, Role

EVERYBODY_KNOWS = "demo"
DEMO_PASSWORD = EVERYBODY_KNOWS
"""A public word; `create_user` refuses it outside the demo."""
DEMO_DOMAIN = "creditiq.example"


@dataclass(frozen=True)
class Persona:
    """One demo account. `place` names the organisation of staff, `group` a duty they have beside their role; owners
    own a business of the demo world."""

    first_name: str
    last_name: str
    role: Role
    story: str
    place: str = ""
    duties: tuple[Duty, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.first_name.lower()}@{DEMO_DOMAIN}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def title(self) -> str:
        return self.duties[0].label if self.duties else self.role.label


PLATFORM = "CreditIQ"
STATE_BANK = "State Bank of India"
PERSONAS = (
    Persona("Priya", "Sharma", Role.MSME_OWNER, "Runs a young manufacturer that is doing well"),
    Persona("Rahul", "Desai", Role.MSME_OWNER, "Keeps a struggling business going"),
    Persona("Imran", "Shaikh", Role.MSME_OWNER, "Owns a firm whose money goes round in a ring"),
    Persona("Anjali", "Mehta", Role.LOAN_OFFICER, "Works the loan queue", STATE_BANK),
    Persona("Vikram", "Nair", Role.CREDIT_ANALYST, "Asks the model why", PLATFORM),
    Persona("Deepa", "Krishnan", Role.RISK_MANAGER, "Follows the money", PLATFORM),
    Persona("Kavita", "Menon", Role.RISK_MANAGER, "Is the second pair of eyes on cases and rules", PLATFORM),
    Persona("Farida", "Khan", Role.RISK_MANAGER, "Files what must be reported", PLATFORM, (Duty.PRINCIPAL_OFFICER,)),
    Persona("Arjun", "Kapoor", Role.ADMIN, "Keeps the house in order", PLATFORM),
)
EXTRAS = (
    Persona("Meera", "Iyer", Role.LOAN_OFFICER, "Works the loan queue of another bank", "Canara Bank"),
    Persona("Sunita", "Joshi", Role.RISK_MANAGER, "Looks at everything, changes nothing", PLATFORM, (Duty.AUDITOR,)),
    Persona("Kiran", "Das", Role.LOAN_OFFICER, "Talks to those who are late", STATE_BANK, (Duty.COLLECTIONS,)),
)
"""In the demo too, without a card: a second bank and the duties."""
