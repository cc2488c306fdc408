"""Who may do what: one table from role to capability, and `can()`, which every door asks.

Two questions, always both: does the role include the act, and is the object visible to the person.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.permissions import BasePermission

from accounts.models import ApiKey, Business, Duty, Flag, FlagName, Role, TokenFamily, User
from creditiq.kernel.clock import micros, moment
from creditiq.kernel.errors import ApplicationError, Forbidden, NotVisible

if TYPE_CHECKING:  # DRF's views read the settings, which name our authentication, which needs this module
    from rest_framework.request import Request
    from rest_framework.views import APIView

Person = User | AnonymousUser
CONFIRMED = "confirmed_at"
"""Key of the portal session: when the person last gave a password or a code, in microseconds."""


class StepUpRequired(ApplicationError):
    """The act is grave: the person must have given a password or a code a short while ago."""

    code = "step_up_required"
    status = 403

    def __init__(
        self, message: str = "Confirm that it is you (POST auth/step_up with your password or a code), then try again."
    ) -> None:
        super().__init__(message)


class Capability(StrEnum):
    """Something a role may do."""

    VIEW_OWN_SCORE = "view_own_score"
    VIEW_SCORE = "view_score"
    REQUEST_SCORE = "request_score"
    VIEW_EVIDENCE = "view_evidence"
    SHARE_EVIDENCE = "share_evidence"
    VIEW_CONSENTS = "view_consents"
    GRANT_CONSENT = "grant_consent"
    REQUEST_CONSENT = "request_consent"
    APPLY = "apply"
    LINK_WALLETS = "link_wallets"
    VIEW_QUEUE = "view_queue"
    RECOMMEND = "recommend"
    DECLINE = "decline"
    SANCTION = "sanction"
    REVIEW_CREDIT = "review_credit"
    EXPLORE_SCORES = "explore_scores"
    VALIDATE_MODEL = "validate_model"
    GOVERN_MODEL = "govern_model"
    WRITE_POLICY = "write_policy"
    VIEW_FRAUD = "view_fraud"
    WORK_FRAUD = "work_fraud"
    REPLAY = "replay"
    VIEW_AUDIT = "view_audit"
    VIEW_HEALTH = "view_health"
    VIEW_ADMIN = "view_admin"
    OVERSEE_KEYS = "oversee_keys"
    CONFIGURE = "configure"
    CHANGE_PRODUCTS = "change_products"
    CLAIM_BUSINESS = "claim_business"
    DECIDE_CLAIM = "decide_claim"
    REVIEW_ACCESS = "review_access"
    FILE_REPORT = "file_report"
    COLLECT = "collect"
    VIEW_APPROVALS = "view_approvals"
    VIEW_OWN_LOANS = "view_own_loans"
    VIEW_LOANS = "view_loans"
    SERVICE_LOANS = "service_loans"
    APPROVE_LOAN_ACTS = "approve_loan_acts"
    VIEW_PORTFOLIO = "view_portfolio"
    BUILD_PROGRAMS = "build_programs"
    VIEW_POLICIES = "view_policies"
    VIEW_PRODUCTS = "view_products"
    VIEW_BANKS = "view_banks"
    VIEW_KYC = "view_kyc"
    VERIFY_KYC = "verify_kyc"
    APPROVE_KYC = "approve_kyc"
    VIEW_CHAIN = "view_chain"
    RUN_CHAIN = "run_chain"
    AGREE_TO_CHAIN = "agree_to_chain"


_C = Capability
CAPABILITIES: Mapping[str, frozenset[Capability]] = {
    Role.INDIVIDUAL: frozenset({_C.LINK_WALLETS, _C.CLAIM_BUSINESS, _C.BUILD_PROGRAMS}),
    Role.MSME_OWNER: frozenset(
        {
            _C.VIEW_OWN_SCORE,
            _C.VIEW_SCORE,
            _C.REQUEST_SCORE,
            _C.VIEW_EVIDENCE,
            _C.SHARE_EVIDENCE,
            _C.VIEW_CONSENTS,
            _C.GRANT_CONSENT,
            _C.APPLY,
            _C.LINK_WALLETS,
            _C.CLAIM_BUSINESS,
            _C.VIEW_OWN_LOANS,
            _C.BUILD_PROGRAMS,
        }
    ),
    Role.LOAN_OFFICER: frozenset(
        {
            _C.VIEW_SCORE,
            _C.REQUEST_SCORE,
            _C.VIEW_EVIDENCE,
            _C.VIEW_CONSENTS,
            _C.REQUEST_CONSENT,
            _C.VIEW_QUEUE,
            _C.RECOMMEND,
            _C.DECLINE,
            _C.VIEW_HEALTH,
            _C.VIEW_APPROVALS,
            _C.VIEW_LOANS,
            _C.SERVICE_LOANS,
            _C.BUILD_PROGRAMS,
            _C.VIEW_KYC,
            _C.VERIFY_KYC,
        }
    ),
    Role.CREDIT_ANALYST: frozenset(
        {
            _C.VIEW_SCORE,
            _C.REQUEST_SCORE,
            _C.VIEW_EVIDENCE,
            _C.REVIEW_CREDIT,
            _C.EXPLORE_SCORES,
            _C.VALIDATE_MODEL,
            _C.VIEW_FRAUD,
            _C.REPLAY,
            _C.VIEW_HEALTH,
            _C.VIEW_APPROVALS,
            _C.BUILD_PROGRAMS,
        }
    ),
    Role.RISK_MANAGER: frozenset(
        {
            _C.VIEW_SCORE,
            _C.REQUEST_SCORE,
            _C.VIEW_EVIDENCE,
            _C.VIEW_CONSENTS,
            _C.VIEW_QUEUE,
            _C.DECLINE,
            _C.SANCTION,
            _C.EXPLORE_SCORES,
            _C.VALIDATE_MODEL,
            _C.GOVERN_MODEL,
            _C.WRITE_POLICY,
            _C.VIEW_FRAUD,
            _C.WORK_FRAUD,
            _C.REPLAY,
            _C.VIEW_AUDIT,
            _C.VIEW_HEALTH,
            _C.CHANGE_PRODUCTS,
            _C.VIEW_APPROVALS,
            _C.VIEW_LOANS,
            _C.APPROVE_LOAN_ACTS,
            _C.VIEW_PORTFOLIO,
            _C.BUILD_PROGRAMS,
            _C.VIEW_POLICIES,
            _C.VIEW_PRODUCTS,
            _C.VIEW_KYC,
            _C.APPROVE_KYC,
            _C.VIEW_CHAIN,
            _C.AGREE_TO_CHAIN,
        }
    ),
    # An admin runs the house and takes no part in lending: no sanction, no decline, no fraud work (compliance.md §1).
    Role.ADMIN: frozenset(
        {
            _C.VIEW_CONSENTS,
            _C.REPLAY,
            _C.VIEW_AUDIT,
            _C.VIEW_HEALTH,
            _C.VIEW_ADMIN,
            _C.OVERSEE_KEYS,
            _C.CONFIGURE,
            _C.CHANGE_PRODUCTS,
            _C.VIEW_APPROVALS,
            _C.DECIDE_CLAIM,
            _C.REVIEW_ACCESS,
            _C.BUILD_PROGRAMS,
            _C.VIEW_PRODUCTS,
            _C.VIEW_BANKS,
            _C.VIEW_CHAIN,
            _C.RUN_CHAIN,
            _C.AGREE_TO_CHAIN,
        }
    ),
}
OF_DUTIES: Mapping[str, frozenset[Capability]] = {
    Duty.PRINCIPAL_OFFICER: frozenset({_C.FILE_REPORT}),
    Duty.COLLECTIONS: frozenset({_C.COLLECT}),
}
"""What a duty adds to the role."""
OF_AUDITORS = frozenset({
    _C.VIEW_SCORE, _C.VIEW_EVIDENCE, _C.VIEW_CONSENTS, _C.VIEW_QUEUE, _C.EXPLORE_SCORES, _C.VIEW_FRAUD, _C.REPLAY,
    _C.VIEW_AUDIT, _C.VIEW_HEALTH, _C.VIEW_ADMIN, _C.REVIEW_ACCESS, _C.VIEW_APPROVALS, _C.VIEW_LOANS,
    _C.VIEW_PORTFOLIO, _C.BUILD_PROGRAMS, _C.VIEW_POLICIES, _C.VIEW_PRODUCTS, _C.VIEW_BANKS, _C.VIEW_KYC,
    _C.VIEW_CHAIN, _C.OVERSEE_KEYS,
})  # fmt: skip
"""All that an auditor may do, whatever the role: read everything, change nothing."""
OF_THE_HOUSE = frozenset({
    _C.VIEW_CHAIN, _C.RUN_CHAIN, _C.AGREE_TO_CHAIN, _C.VIEW_ADMIN, _C.CONFIGURE, _C.DECIDE_CLAIM, _C.REVIEW_ACCESS,
    _C.WRITE_POLICY, _C.CHANGE_PRODUCTS, _C.GOVERN_MODEL,
})  # fmt: skip
"""Only for the platform's people, whatever the role: its keys, contracts, money, people and switches,
the register, and the policies, products and models that every bank decides by."""
ACTS_OF_AUDITORS = frozenset({_C.REPLAY, _C.VIEW_AUDIT, _C.REVIEW_ACCESS, _C.VIEW_APPROVALS})
"""Where an auditor sends something in: a replay, a pack of evidence, a review of access."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


KEY_SCOPES = (
    _C.VIEW_OWN_SCORE,
    _C.VIEW_SCORE,
    _C.REQUEST_SCORE,
    _C.VIEW_EVIDENCE,
    _C.SHARE_EVIDENCE,
    _C.VIEW_CONSENTS,
    _C.REQUEST_CONSENT,
    _C.APPLY,
    _C.VIEW_QUEUE,
    _C.EXPLORE_SCORES,
    _C.VIEW_FRAUD,
    _C.REPLAY,
    _C.VIEW_AUDIT,
    _C.VIEW_HEALTH,
    _C.LINK_WALLETS,
)
"""What a program may be let do. To consent, decide, sanction, approve and configure takes a person."""


def capabilities_of(user: User) -> frozenset[Capability]:
    """What a person may do by role, duties and house; through an API key, only what its scopes name of that."""
    held = _granted(user)
    return held if not held & OF_THE_HOUSE or _is_of_the_house(user) else held - OF_THE_HOUSE


def _granted(user: User) -> frozenset[Capability]:
    held = _of_role(user)
    return held if user.limited_to is None else frozenset(one for one in held if one in user.limited_to)


def _is_of_the_house(user: User) -> bool:
    return user.organisation is not None and user.organisation.is_platform


def _of_role(user: User) -> frozenset[Capability]:
    if Duty.AUDITOR in user.duties:
        return OF_AUDITORS
    return CAPABILITIES[user.role].union(*(OF_DUTIES[duty] for duty in user.duties))


def can(user: Person, capability: Capability, obj: object | None = None) -> bool:
    """Whether the role includes the act and, when an object is named, the person may see that object."""
    return _holds(user, capability) and (obj is None or _sees(user, obj))


def may_call(user: Person, capability: Capability, method: str) -> bool:
    """Whether a door is open: an auditor comes in only to look, but for the acts that are an auditor's."""
    looks = method in SAFE_METHODS or capability in ACTS_OF_AUDITORS
    return can(user, capability) and (looks or Duty.AUDITOR not in getattr(user, "duties", ()))


def require(user: Person, capability: Capability, obj: object | None = None) -> None:
    """Raise Forbidden when the role lacks the act, NotVisible when the object is not the person's to see.

    The role is judged first: somebody without the capability learns nothing about which objects exist.
    """
    if not _holds(user, capability):
        raise Forbidden
    if obj is not None and not _sees(user, obj):
        raise NotVisible


def _holds(user: Person, capability: Capability) -> bool:
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    return capability in _granted(user) and (capability not in OF_THE_HOUSE or _is_of_the_house(user))


def _sees(user: Person, obj: object) -> bool:
    """A business by the tenancy rule; anything else by its business and, for staff, its organisation too."""
    if isinstance(user, AnonymousUser):
        return False
    business_id = obj.pk if isinstance(obj, Business) else getattr(obj, "business_id", None)
    organisation_id = getattr(obj, "organisation_id", None)
    if business_id is None:
        return organisation_id is not None and _works_for(user, organisation_id)
    if organisation_id is not None and user.organisation is not None and not _works_for(user, organisation_id):
        return False
    return Business.objects.visible_to(user).filter(pk=business_id).exists()


def _works_for(user: User, organisation_id: int) -> bool:
    """Staff of the organisation itself, or of the platform."""
    house = user.organisation
    return house is not None and (house.is_platform or house.pk == organisation_id)


def signed_in(request: "HttpRequest | Request") -> User:
    """The person behind a request that a door has let in. Raises Forbidden for nobody."""
    if isinstance(request.user, User):
        return request.user
    raise Forbidden


def require_step_up(request: "HttpRequest | Request", at: datetime, *, only_staff: bool = False) -> None:
    """Raise StepUpRequired unless the person gave a password or a code within STEP_UP_SECONDS before `at`.

    For the doors of grave acts: sanction, disbursal, export, STR, making a key, changing a role. A page is sent to
    /account/confirm and back; an API client gets a problem document and answers it with POST auth/step_up.
    `only_staff`: doors at which owners fetch what is their own, and need not.
    """
    if (only_staff and signed_in(request).organisation_id is None) or not Flag.objects.is_on(FlagName.STEP_UP):
        return
    confirmed = _confirmed_at(request)
    if confirmed is None or at - confirmed > timedelta(seconds=settings.STEP_UP_SECONDS):
        raise StepUpRequired


def _confirmed_at(request: "HttpRequest | Request") -> datetime | None:
    """When the person behind the request last proved to be there."""
    family = getattr(request, "auth", None)
    if isinstance(family, TokenFamily):
        return family.confirmed_at
    if isinstance(family, ApiKey):  # a program is never there, whatever cookie came along
        return None
    kept = request.session.get(CONFIRMED)
    return moment(kept) if isinstance(kept, int) else None


def note_step_up(request: "HttpRequest | Request", at: datetime) -> None:
    """The person behind this portal session has just proved to be there."""
    request.session[CONFIRMED] = micros(at)


class HasCapability(BasePermission):
    """DRF permission: the view names its `capability`; objects are judged by the service through `require`."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        capability = getattr(view, "capability", None)
        return isinstance(capability, Capability) and may_call(request.user, capability, request.method or "")


class ByKey(HasCapability):
    """DRF permission of a door for programs: an API key whose scopes name the view's `capability`."""

    message = "This is for API keys only. People use the door without by_key."

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return isinstance(request.auth, ApiKey) and super().has_permission(request, view)


class InPerson(BasePermission):
    """DRF permission of whatever is one's own: any signed-in person, never a program by its key."""

    message = "This is for people, not for API keys."

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return isinstance(request.user, User) and not isinstance(request.auth, ApiKey)


_P = ParamSpec("_P")
PageView = Callable[Concatenate[HttpRequest, _P], HttpResponseBase]


def page_for(capability: Capability, listing: object = None) -> Callable[[PageView[_P]], PageView[_P]]:
    """Decorator of a page: nobody signed in goes to sign in, a role without the capability gets 403; and its list."""

    def guard(view: PageView[_P]) -> PageView[_P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may_call(request.user, capability, request.method or ""):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        vars(guarded).update(capability=capability, listing=listing)
        return guarded

    return guard
