"""The five portals, and the page of a person with no role yet, as data: who sees which pages under which capability."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_noop as _

from accounts.models import Flag, FlagName, Role, User
from accounts.models.people import OUTSIDE_ROLES
from accounts.permissions import Capability, can


@dataclass(frozen=True)
class Page:
    """One entry of a portal's navigation; `icon` names a symbol of static/vendor/icons.svg."""

    label: str
    url_name: str
    icon: str
    capability: Capability | None = None
    flag: FlagName | None = None
    """A switch that turns the page off."""


@dataclass(frozen=True)
class Portal:
    """What one role finds after signing in: pages, and between them the headings they stand under.

    The first page is its home.
    """

    role: str
    title: str
    entries: tuple[Page | str, ...]

    @property
    def home(self) -> str:
        return reverse(next(entry.url_name for entry in self.entries if isinstance(entry, Page)))


CHAIN = Page("Chain", "wallets:house_transactions", "affiliate", Capability.VIEW_CHAIN, FlagName.BLOCKCHAIN)
"""What the house itself does on chains."""

WALLETS = Page(_("Wallets"), "wallets:wallets", "wallet", Capability.LINK_WALLETS, FlagName.BLOCKCHAIN)

BANKS = Page("Banks", "accounts:banks", "building-bank", Capability.VIEW_BANKS)
"""An administrator's to keep, an auditor's to read."""

OWNER = Portal(
    Role.MSME_OWNER,
    _("Business owner"),
    (
        Page(_("Home"), "lending:owner_home", "home", Capability.VIEW_OWN_SCORE),
        Page(_("Score report"), "scoring:report", "gauge", Capability.VIEW_OWN_SCORE),
        Page(_("Assistant"), "scoring:assistant", "info-circle", Capability.VIEW_OWN_SCORE),
        _("Evidence"),
        Page(_("Evidence"), "wallets:evidence", "upload", Capability.SHARE_EVIDENCE),
        Page(_("Connect sources"), "wallets:sources", "refresh", Capability.SHARE_EVIDENCE),
        Page(_("Reconciliation"), "wallets:own_reconciliation", "scale", Capability.SHARE_EVIDENCE),
        Page(_("Disputes"), "fraud:own_disputes", "flag", Capability.VIEW_OWN_SCORE),
        Page(_("Consents"), "accounts:consents", "shield-check", Capability.GRANT_CONSENT),
        _("Loans"),
        Page(_("My loans"), "lending:own_loans", "wallet", Capability.VIEW_OWN_LOANS),
        Page(_("Offers"), "lending:offers", "checks", Capability.APPLY),
        Page(_("Loan calculator"), "lending:calculator", "scale", Capability.APPLY),
        Page(_("Apply for a loan"), "lending:apply", "file-text", Capability.APPLY),
        _("Business"),
        Page(_("Your people"), "accounts:members", "building-store", Capability.CLAIM_BUSINESS),
        Page(_("Identity check"), "accounts:kyc", "shield-check", Capability.SHARE_EVIDENCE),
        Page(_("Reminders"), "accounts:reminders", "clock", Capability.VIEW_OWN_SCORE),
        Page(_("Guide"), "accounts:guide", "info-circle"),
        WALLETS,
    ),
)
OFFICER = Portal(
    Role.LOAN_OFFICER,
    "Loan officer",
    (
        Page("Loan queue", "lending:queue", "inbox", Capability.VIEW_QUEUE),
        Page("My decisions", "lending:my_decisions", "checks", Capability.RECOMMEND),
        Page("Running loans", "lending:loans", "wallet", Capability.VIEW_LOANS),
        Page("Collections", "lending:collections", "clock", Capability.SERVICE_LOANS),
        Page("Data access", "accounts:access", "shield-check", Capability.REQUEST_CONSENT),
    ),
)
ANALYST = Portal(
    Role.CREDIT_ANALYST,
    "Credit analyst",
    (
        Page("SHAP explorer", "scoring:explorer", "chart-histogram", Capability.EXPLORE_SCORES),
        Page("Signal trends", "scoring:signals", "chart-histogram", Capability.EXPLORE_SCORES),
        Page("Models", "scoring:models", "shield-check", Capability.EXPLORE_SCORES),
        Page("Fairness", "scoring:fairness", "scale", Capability.EXPLORE_SCORES),
        Page("Data explorer", "wallets:directory", "building-store", Capability.EXPLORE_SCORES),
        Page("Disputes", "fraud:disputes", "flag", Capability.VIEW_FRAUD),
        Page("Credit reviews", "lending:reviews", "file-text", Capability.REVIEW_CREDIT),
    ),
)
RISK = Portal(
    Role.RISK_MANAGER,
    "Risk manager",
    (
        Page("Fraud queue", "fraud:queue", "alert-triangle", Capability.VIEW_FRAUD),
        Page("Alerts", "fraud:alerts", "info-circle", Capability.VIEW_FRAUD),
        Page("Cases", "fraud:cases", "inbox", Capability.VIEW_FRAUD),
        Page("Disputes", "fraud:disputes", "flag", Capability.VIEW_FRAUD),
        Page("Names", "fraud:names", "search", Capability.VIEW_FRAUD),
        Page("Rules", "fraud:rules", "settings", Capability.VIEW_FRAUD),
        Page("Topology", "fraud:topology", "affiliate", Capability.VIEW_FRAUD),
        Page("Monitoring", "fraud:monitoring", "file-text", Capability.VIEW_FRAUD),
        "Lending",
        Page("Approvals", "lending:approvals", "checks", Capability.SANCTION),
        Page("Running loans", "lending:loans", "building-bank", Capability.VIEW_LOANS),
        Page("Portfolio", "lending:portfolio", "chart-histogram", Capability.VIEW_PORTFOLIO),
        Page("Returns", "lending:returns", "file-text", Capability.VIEW_PORTFOLIO),
        Page("Exposure limits", "lending:limits", "shield-check", Capability.VIEW_PORTFOLIO),
        Page("Products", "lending:products", "wallet", Capability.VIEW_PRODUCTS),
        Page("Thresholds", "lending:policies", "scale", Capability.VIEW_POLICIES),
        "Models",
        Page("Signal trends", "scoring:signals", "chart-histogram", Capability.EXPLORE_SCORES),
        Page("Models", "scoring:models", "shield-check", Capability.EXPLORE_SCORES),
        Page("Fairness", "scoring:fairness", "scale", Capability.EXPLORE_SCORES),
    ),
)
ADMIN = Portal(
    Role.ADMIN,
    "Administrator",
    (
        Page("Overview", "accounts:overview", "layout-dashboard", Capability.VIEW_ADMIN),
        Page("People", "accounts:people", "user", Capability.VIEW_ADMIN),
        BANKS,
        "To decide",
        Page("Claims", "accounts:claims", "checks", Capability.DECIDE_CLAIM),
        Page("Access review", "accounts:access_review", "shield-check", Capability.REVIEW_ACCESS),
        Page("Products", "lending:products", "wallet", Capability.VIEW_PRODUCTS),
        Page("Data requests", "accounts:data_requests", "file-text", Capability.VIEW_ADMIN),
        Page("Breaches", "accounts:breaches", "alert-triangle", Capability.VIEW_ADMIN),
        Page("Retention", "accounts:retention", "clock", Capability.VIEW_ADMIN),
        "Running",
        Page("Jobs", "accounts:jobs", "clock", Capability.VIEW_ADMIN),
        Page("Set aside", "accounts:set_aside", "inbox", Capability.VIEW_ADMIN),
        Page("Use of keys", "accounts:house_usage", "chart-histogram", Capability.OVERSEE_KEYS),
        Page("Webhooks", "accounts:webhooks", "refresh", Capability.BUILD_PROGRAMS),
        Page("Switches", "accounts:flags", "settings", Capability.CONFIGURE),
        Page("Configuration", "admin:index", "settings", Capability.CONFIGURE),
    ),
)
INDIVIDUAL = Portal(
    Role.INDIVIDUAL,
    _("Individual"),
    (
        Page(_("Welcome"), "accounts:welcome", "home"),
        Page(_("Guide"), "accounts:guide", "info-circle"),
        Page(_("Your business"), "accounts:members", "building-store", Capability.CLAIM_BUSINESS),
        WALLETS,
    ),
)

DESK = Page("Approval desk", "accounts:approvals", "checks", Capability.VIEW_APPROVALS)
"""Whoever asks for or gives a second look, from whichever portal."""

KYC = Page("Identity checks", "accounts:kyc_desk", "user", Capability.VIEW_KYC)
"""For whoever verifies businesses or oversees it."""

TRAIL = Page("Audit trail", "accounts:audit", "shield-check", Capability.VIEW_AUDIT)
"""For whoever oversees a chain."""

CONTROLS = Page("Control map", "accounts:controls", "shield-check", Capability.VIEW_AUDIT)
"""What keeps one person from deciding alone, for the same people."""

REPORTS = Page("Reports", "accounts:reports", "file-text", Capability.VIEW_AUDIT)
"""Frozen figures of a period, for the same people."""

REPLAY = Page("Replay", "lending:replay", "refresh", Capability.REPLAY)
"""For whoever proves what was decided."""

GLOSSARY = Page(_("Glossary"), "scoring:glossary", "info-circle")
"""The same for everybody, last in every navigation, as is one's own account."""

ACCOUNT = Page(_("My account"), "accounts:account", "user")

SHARED = ("Oversight", BANKS, DESK, KYC, TRAIL, CONTROLS, CHAIN, REPORTS, REPLAY, _("More"), GLOSSARY, ACCOUNT)
"""After the pages of the portal, under headings of their own, for whoever may open them."""

PORTALS = {portal.role: portal for portal in (OWNER, OFFICER, ANALYST, RISK, ADMIN, INDIVIDUAL)}


def portal_of(user: User) -> Portal:
    """The portal of a signed-in person."""
    return PORTALS[user.role]


def home_of(user: User) -> str:
    """Address of the page a person lands on after signing in: the first that is open to them."""
    pages = (entry for entry in (*portal_of(user).entries, *SHARED) if isinstance(entry, Page))
    return reverse(next(page.url_name for page in pages if page.capability is None or can(user, page.capability)))


def landing(request: HttpRequest) -> HttpResponse:
    """The address "/": the home of whoever is signed in, else the sign-in page."""
    if not isinstance(request.user, User):
        return redirect(settings.LOGIN_URL)
    if request.user.onboarded_at is None:
        return redirect("accounts:first_steps")
    return redirect(home_of(request.user))


def _place(user: User) -> str:
    """Where a person works: the bank, or the business they own."""
    if user.organisation is not None:
        return user.organisation.name
    membership = user.memberships.select_related("business").order_by("pk").first()
    return membership.business.trade_name if membership else ""


def _navigation(user: User, path: str) -> list[dict[str, object]]:
    """The groups of pages a person may open, each {heading, entries}; a page stands where it is named first."""
    urls = {page: reverse(page.url_name) for page in _allowed(user)}
    current = max((url for url in urls.values() if _within(path, url)), key=len, default="")
    groups: list[tuple[str, list[Page]]] = [("", [])]
    for entry in (*portal_of(user).entries, *SHARED):
        if isinstance(entry, str):
            groups.append((entry, []))
        elif entry in urls and not any(entry in pages for _heading, pages in groups):
            groups[-1][1].append(entry)
    return [
        {
            "heading": heading,
            "entries": [
                {"label": page.label, "url": urls[page], "icon": page.icon, "current": urls[page] == current}
                for page in pages
            ],
        }
        for heading, pages in groups
        if pages
    ]


def _allowed(user: User) -> list[Page]:
    named = [entry for entry in (*portal_of(user).entries, *SHARED) if isinstance(entry, Page)]
    shown = [page for page in named if page.flag is None or Flag.objects.is_on(page.flag)]
    return [page for page in shown if page.capability is None or can(user, page.capability)]


def _within(path: str, url: str) -> bool:
    return path == url or path.startswith(f"{url.rstrip('/')}/")


def _portal_context(user: User, path: str) -> dict[str, object]:
    portal = portal_of(user)
    return {
        "name": portal.title,
        "place": SimpleLazyObject(lambda: _place(user)),
        "person": user.get_full_name(),
        "email": user.email,
        "home": home_of(user),
        "nav": _navigation(user, path),
        "sign_out": reverse("accounts:sign_out"),
        "notifications": reverse("accounts:notifications"),
        "bell": reverse("accounts:bell"),
        "speaks": user.role in OUTSIDE_ROLES,
    }


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of base.html: the portal of the signed-in person (or none), the demo badge and the request's id."""
    user = getattr(request, "user", None)
    return {
        "portal": _portal_context(user, request.path) if isinstance(user, User) else None,
        "demo": settings.DEMO,
        "request_id": request.META.get("REQUEST_ID", ""),
    }
