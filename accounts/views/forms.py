"""How a page says what is wrong with what was typed."""

from django import forms

from creditiq.kernel.errors import ApplicationError, InvalidInput


def complain(form: forms.Form, error: ApplicationError) -> None:
    """Put a service's refusal beside its field, or above the form."""
    known = isinstance(error, InvalidInput) and error.field in form.fields
    form.add_error(error.field if isinstance(error, InvalidInput) and known else None, error.message)


def first_error(form: forms.Form) -> str:
    """The first complaint of a bound form; empty when there is none."""
    return next((str(error) for errors in form.errors.values() for error in errors), "")
