"""What is due in the archive: things whose time is over, and exemptions that are to be assessed again."""

from datetime import date

from django.db.models import Case, DateField, F, Func, QuerySet, Value, When
from django.db.models.functions import Least, TruncDate
from django.utils.translation import gettext_lazy as _

from styrhus.items.models import Item, Openness
from styrhus.records.rules import Then, rules_of_kinds

RETENTION, REASSESS = "retention", "reassess"
REASONS = {
    RETENTION: _("Time is over"),
    REASSESS: _("Assess again"),
}


class YearsAfter(Func):
    """The same day so many years later; the 28th where there is no 29th of February."""

    template = "(%(expressions)s))::date"
    arg_joiner = " + make_interval(years => "
    output_field = DateField()


def dated(things: QuerySet) -> QuerySet:
    """With `over_on`: the day from which a thing may be disposed of, by the rule of its kind; none for what is kept."""
    disposed_of = {kind: rule.years for kind, rule in rules_of_kinds().items() if rule.then == Then.DISPOSE}
    days = [
        When(kind=kind, ended__isnull=False, then=YearsAfter(TruncDate("ended"), Value(years)))
        for kind, years in disposed_of.items()
    ]
    return things.annotate(over_on=Case(*days, default=None, output_field=DateField()))


def things_due(person, on: date) -> QuerySet:
    """What the person may see of it. `over` and `again` are the days since which it is due, `day` the first of them."""
    over = Case(When(over_on__lte=on, then=F("over_on")), default=None, output_field=DateField())
    # offentleglova § 31 asks for the exact provision; an exemption that has had its day is assessed anew.
    again = Case(
        When(openness=Openness.EXEMPT, reassess_on__lte=on, then=F("reassess_on")),
        default=None,
        output_field=DateField(),
    )
    things = dated(Item.objects.visible_to(person)).annotate(over=over, again=again)
    # LEAST passes over what is unknown.
    return things.annotate(day=Least("over", "again")).filter(day__isnull=False)


def reasons_of(thing) -> list:
    """Why a thing of `things_due` is there, in words."""
    found = {RETENTION: thing.over, REASSESS: thing.again}
    return [REASONS[reason] for reason, day in found.items() if day]
