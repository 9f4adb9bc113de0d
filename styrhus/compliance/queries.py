"""Questions about the legal clock: the facts it knows, its rules, and what falls due."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils.module_loading import import_string

from styrhus.compliance.clock import council_periods
from styrhus.compliance.models import Answering, Fulfilment, LegalDeadline, RegisteredFact, RuleOff
from styrhus.compliance.rules import Rule, rules
from styrhus.items.facts import Fact
from styrhus.items.models import Item
from styrhus.kit.days import months_later
from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Position

# A council period and a bit: older facts move nothing today.
REMEMBERED = timedelta(days=5 * 366)
AHEAD = timedelta(days=5 * 366)
MONTHS_SHOWN = 12


def _sources() -> list[Callable[[date, date], Iterable[Fact]]]:
    return [import_string(name) for name in import_string(settings.FACTS)]


def facts_known(on: date) -> list[Fact]:
    """Everything the clock may count from: registered by hand, told by other contexts, and done as far as written down.

    A fulfilment by hand is the day something was done last, for rules that come again after so long.
    """
    since, until = on - REMEMBERED, on + AHEAD
    registered = RegisteredFact.objects.filter(Q(on__gte=since, on__lte=until) | Q(event="constituted"))
    found = [row.as_fact() for row in registered]
    found += [fact for source in _sources() for fact in source(since, until)]
    return found + _done_by_hand()


def _done_by_hand() -> list[Fact]:
    intervals = {rule.id: rule for rule in rules().values() if rule.timing.type == "interval"}
    rows = Fulfilment.objects.filter(fact="", deadline__rule_id__in=intervals)
    return [
        Fact(
            intervals[rule_id].timing.event,
            on,
            (*intervals[rule_id].answer_about, "")[0],
            key=f"done:{pk}",
        )
        for pk, on, rule_id in rows.values_list("pk", "on", "deadline__rule_id")
    ]


def rules_in_use() -> list[Rule]:
    off = set(RuleOff.objects.values_list("rule", flat=True))
    return [rule for rule in rules().values() if rule.id not in off]


def director() -> Position | None:
    """Who answers for what the table does not say: the position that carries the municipal director's role."""
    leading = Position.objects.living(date.today()).filter(roles__role="municipal_director")
    return leading.select_related("unit").order_by("-leads", "pk").first()


def answering() -> dict[str, Position]:
    """The position that answers, by the name the law uses."""
    return {row.name: row.position for row in Answering.objects.select_related("position__unit")}


def rules_as_they_hold(on: date) -> list[dict[str, Any]]:
    """Every rule: switched off and why, and how many of its deadlines are made, open and late."""
    off = {row.rule: row for row in RuleOff.objects.select_related("by")}
    late = Q(ended__isnull=True, due__lt=on, is_earliest=False)
    counts = LegalDeadline.objects.order_by().values("rule_id")
    numbers = {
        row["rule_id"]: row
        for row in counts.annotate(
            waiting=Count("pk", filter=Q(ended__isnull=True)), late=Count("pk", filter=late), made=Count("pk")
        )
    }
    nothing = {"waiting": 0, "late": 0, "made": 0}
    return [{"rule": rule, "off": off.get(rule.id)} | numbers.get(rule.id, nothing) for rule in rules().values()]


def by_month(person, on: date) -> list[dict]:
    """What falls due in the next twelve months, a month at a time; what is late already stands first."""
    first = on.replace(day=1)
    ends = months_later(first, MONTHS_SHOWN)
    rows = list(
        LegalDeadline.objects.visible_to(person)
        .filter(ended__isnull=True, due__lt=ends)
        .select_related("responsible")
        .order_by("due", "pk")
    )
    months = [months_later(first, number) for number in range(MONTHS_SHOWN)]
    late = [row for row in rows if row.due < first]
    shown = [{"month": month, "rows": [row for row in rows if row.due.replace(day=1) == month]} for month in months]
    return [{"month": None, "rows": late}, *shown] if late else shown


def findings(person, on: date):
    """For other contexts: deadlines of the law that are a finding, as far as a person may see them."""
    return LegalDeadline.objects.visible_to(person).findings(on)


def count_findings_of(person, on: date) -> int:
    """How many findings lie with what the person's positions answer for."""
    return findings(person, on).filter(responsible__in=authority_of(person).positions).count()


def period_now(facts: Iterable[Fact], on: date):
    """The council period that a day lies in, if its constituting meeting is known."""
    begun = [
        period for period in council_periods(facts) if period.began.on <= on and period.began.event == "constituted"
    ]
    return begun[-1] if begun else None


def seen_among(items: Iterable, person) -> set[int]:
    """The keys of those of these items that a person may see."""
    keys = [item.pk for item in items if item]
    return set(Item.objects.visible_to(person).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
