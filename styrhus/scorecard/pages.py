"""What the pages of the scorecard share."""

from django.core.exceptions import ValidationError
from django.http import Http404

from styrhus.organisation.models import Unit
from styrhus.scorecard.models import Indicator


def indicator_or_404(person, pk) -> Indicator:
    seen = Indicator.objects.visible_to(person).select_related("unit", "responsible", "focus_area", "of_goal")
    found = seen.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def unit_or_404(pk) -> Unit:
    found = Unit.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def tell_refusal(form, refused: ValidationError) -> None:
    """Puts each reason at its field; what is about no field of the form stands at its top."""
    told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
    for field, reasons in told.items():
        form.add_error(field if field in form.fields else None, reasons)


def sent(request):
    """What a form is bound to: whatever was sent, also when it was nothing."""
    return request.POST if request.method == "POST" else None
