"""Products and the versions of their terms: drafted by one person, approved by another."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from lending import selectors, services
from lending.forms import ProductForm


@require_GET
@page_for(Capability.VIEW_PRODUCTS)
def products(request: HttpRequest) -> HttpResponse:
    """What is offered, and every version with what it changes."""
    return render(
        request, "lending/products.html", {**_page(), "may_change": can(request.user, Capability.CHANGE_PRODUCTS)}
    )


@require_http_methods(["GET", "POST"])
@page_for(Capability.CHANGE_PRODUCTS)
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of a product, starting from the live one."""
    product = selectors.product_named(code)
    typed = request.POST if request.method == "POST" else None
    form = ProductForm(typed, document=selectors.terms_to_start_from(product))
    if form.is_valid():
        try:
            made = services.draft_product(product=code, document=form.document, by=signed_in(request), at=now())
        except InvalidInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except ApplicationError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{made} waits for a second person.", extra_tags="good")
            return redirect("lending:products")
    status = 422 if form.errors else 200
    return render(request, "lending/product_draft.html", {"form": form, "product": product}, status=status)


@require_POST
@page_for(Capability.CHANGE_PRODUCTS)
def approve(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put a draft in force."""
    return _step(
        request,
        "The version is live.",
        lambda: services.approve_product(version_id=version_id, by=signed_in(request), at=now()),
    )


@require_POST
@page_for(Capability.CHANGE_PRODUCTS)
def discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    return _step(
        request,
        "The draft is gone.",
        lambda: services.discard_draft(version_id=version_id, by=signed_in(request), at=now()),
    )


def _step(request: HttpRequest, done: str, step: Callable[[], object]) -> HttpResponse:
    try:
        step()
    except NotVisible:
        raise
    except ApplicationError as refusal:
        return render(
            request, "lending/products.html", {**_page(refusal.message), "may_change": True}, status=refusal.status
        )
    messages.success(request, done, extra_tags="good")
    return redirect("lending:products")


def _page(refusal: str = "") -> dict[str, object]:
    return {
        "offered": selectors.products_offered(at=now()),
        "versions": selectors.versions_kept(),
        "refusal": refusal,
    }
