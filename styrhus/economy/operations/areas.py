"""The finance people write down which areas the council has chosen."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from styrhus.economy.models import Area
from styrhus.economy.operations.codes import KEEPS
from styrhus.organisation.access import require


@transaction.atomic
def keep_area(area: Area, units, *, by) -> Area:
    """Raises ValidationError by field: a unit or a code that another area of the same years has."""
    require(by, KEEPS)
    area.full_clean()
    others = Area.objects.exclude(pk=area.pk).filter(first_year__lte=area.last_year or 9999).prefetch_related("units")
    reasons: dict[str, list[str]] = {}
    for other in others:
        if other.last_year and other.last_year < area.first_year:
            continue
        shared = {
            "units": sorted({str(unit) for unit in units} & {str(unit) for unit in other.units.all()}),
            "functions": sorted(set(area.functions) & set(other.functions)),
            "cost_centres": sorted(set(area.cost_centres) & set(other.cost_centres)),
        }
        for name, both in shared.items():
            if both:
                words = _("%(what)s is in “%(area)s” already.") % {"what": ", ".join(both), "area": other}
                reasons.setdefault(name, []).append(words)
    if reasons:
        raise ValidationError(reasons)
    area.save()
    area.units.set(units)
    return area
