"""What several pages of compliance share."""

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.functional import Promise


def form_page(request, form, title: str | Promise, cancel_url: str, *, template="items/form.html", **more):
    context = {"form": form, "title": title, "cancel_url": cancel_url, "keep": "new"} | more
    return render(request, template, context, status=422 if form.errors else 200)


def tell_refusal(form, refused: ValidationError) -> None:
    """Puts each reason at its field; what is about no field of the form stands at its top."""
    told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
    for field, reasons in told.items():
        form.add_error(field if field in form.fields else None, reasons)
