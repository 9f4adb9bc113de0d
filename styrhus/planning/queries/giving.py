"""Who leads the units that something is to be given to."""

from datetime import date

from styrhus.organisation.models import Appointment, Position


def leaders_of(units) -> list[dict]:
    """Each unit with the position that leads it, and who holds it: unit, leader or None, holder or None."""
    today = date.today()
    leading = {
        each.unit_id: each
        for each in Position.objects.living(today).filter(unit__in=units, leads=True).select_related("unit")
    }
    holding = Appointment.objects.in_force(today).filter(position__in=leading.values()).select_related("person")
    holders = {each.position_id: each.person for each in holding.order_by("-kind", "-start")}
    found = []
    for unit in units:
        leader = leading.get(unit.pk)
        found.append({"unit": unit, "leader": leader, "holder": holders.get(leader.pk) if leader else None})
    return found
