"""What the pages of the economy share."""

from django.http import Http404

from styrhus.organisation.models import Unit


def unit_or_404(pk: int) -> Unit:
    found = Unit.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
