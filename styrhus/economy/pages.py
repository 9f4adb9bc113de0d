"""What the pages of the economy share."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import Http404

from styrhus.organisation.models import Unit
from styrhus.planning.pages import tell_refusal


def unit_or_404(pk: int) -> Unit:
    found = Unit.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def keep_form(form, keep: Callable[[], object]) -> bool:
    """Whether what was sent is kept. What the operation refuses stands at its field, with all that was typed."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        keep()
    except ValidationError as refused:
        tell_refusal(form, refused)
        return False
    return True
