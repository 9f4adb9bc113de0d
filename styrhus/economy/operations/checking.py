"""Whether a line that people write can be placed: open codes, an open unit, the right account class."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from styrhus.economy.models import Code, Dimension
from styrhus.economy.queries.codes import readings

NAMED = (("cost_centre", Dimension.COST_CENTRE), ("kind", Dimension.KIND), ("function", Dimension.FUNCTION))


def check_line(line, year: int) -> None:
    """Raises ValidationError by field. `line` has account_class, cost_centre, kind and function; a post has no kind."""
    reasons: dict[str, str] = {}
    found: dict[str, Code] = {}
    for name, dimension in NAMED:
        written = getattr(line, name, "")
        if not written:
            if name == "cost_centre":
                reasons[name] = _("Say which cost centre.")
            continue
        code = Code.objects.of_year(year).filter(dimension=dimension, code=written).select_related("unit").first()
        if code is None:
            words = _("“%(code)s” is not among the codes of %(year)s, or is closed.")
            reasons[name] = words % {"code": written, "year": year}
        else:
            found[name] = code
    _check_unit(found.get("cost_centre"), reasons)
    _check_class(line, reasons)
    if reasons:
        raise ValidationError(reasons)


def _check_unit(centre: Code | None, reasons: dict[str, str]) -> None:
    if centre is None:
        return
    if centre.unit is None:
        reasons["cost_centre"] = _("The cost centre “%(code)s” belongs to no unit.") % {"code": centre.code}
    elif centre.unit.until is not None:
        said = {"code": centre.code, "unit": centre.unit}
        reasons["cost_centre"] = _("The cost centre “%(code)s” belongs to %(unit)s, which is closed.") % said


def _check_class(line, reasons: dict[str, str]) -> None:
    kind, written = getattr(line, "kind", ""), getattr(line, "account_class", "")
    reading = readings().get(Dimension.KIND, {}).get(len(kind)) if kind.isdecimal() else None
    held = reading.account_class(kind) if reading else ""
    if held and written and held != written and "kind" not in reasons:
        words = _("The kind %(kind)s belongs to account class %(held)s, and the line says %(written)s.")
        reasons["account_class"] = words % {"kind": kind, "held": held, "written": written}
