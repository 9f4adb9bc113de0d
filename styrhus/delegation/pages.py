"""What several pages of the register share."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils.functional import Promise


def form_page(request, form, title: str | Promise, cancel_url: str, *, about="", **more):
    context = {"form": form, "title": title, "cancel_url": cancel_url, "subtitle": about, "keep": "new"} | more
    return render(request, "delegation/form.html", context, status=422 if form.errors else 200)


def tell_refusal(form, refused: ValidationError) -> None:
    """Puts each reason at its field; what is about no field of the form stands at its top."""
    told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
    for field, reasons in told.items():
        form.add_error(field if field in form.fields else None, reasons)


def number_or_404(words: str | None) -> int:
    if not str(words).isdecimal() or len(str(words)) > 15:
        raise Http404
    return int(str(words))
