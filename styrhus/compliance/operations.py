"""What is done with the legal clock: it is wound, its facts are kept, its deadlines are met."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from styrhus.compliance.clock import Deadline, answers, deadlines, is_breach
from styrhus.compliance.models import Answering, Fulfilment, LegalDeadline, RegisteredFact, RuleOff, title_of
from styrhus.compliance.queries import answering, director, facts_known, period_now, rules_in_use
from styrhus.compliance.rules import rules
from styrhus.items.copying import copy_rows
from styrhus.items.facts import Fact
from styrhus.items.models import Event, Item
from styrhus.organisation.access import require
from styrhus.organisation.models import Position

LOCK = "SELECT pg_advisory_xact_lock(hashtext('styrhus.legal_clock'))"
# A year and a month of the calendar: whoever looks at the year to come sees all of it. What follows from a fact is
# shown as far as a council period reaches.
CALENDAR_AHEAD = timedelta(days=400)
AHEAD = timedelta(days=5 * 366)
# Before the constituting meeting its members are summoned.
BEFORE_THE_PERIOD = timedelta(days=90)
BY_CALENDAR = frozenset({"annual_date", "min_per_year"})


@transaction.atomic
def wind(on: date, by=None) -> int:
    """Makes, moves, meets and takes back deadlines until they are as the law and the facts say; how many it touched.

    Idempotent: again on the same day with the same facts it does nothing. Without a municipal director's position
    nobody could answer, and nothing is made.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    chief = director()
    if chief is None:
        return 0
    facts = facts_known(on)
    since = _since(facts, on)
    touched = _forget_what_is_gone(facts, since)
    known = {(row.rule_id, row.occurrence): row for row in LegalDeadline.objects.order_by("pk")}
    wanted = {(each.rule.id, each.occurrence): each for each in _wanted(facts, since, on, known)}
    touched += _make([each for key, each in wanted.items() if key not in known], chief, by)
    unasked = [row for key, row in known.items() if key not in wanted and row.ended is None]
    touched += _take_back([row for row in unasked if (row.due or row.anchor or since) >= since], by)
    touched += sum(_move(row, wanted[key], by) for key, row in known.items() if key in wanted)
    return touched + _meet(wanted, facts, on, by)


def _since(facts: list[Fact], on: date) -> date:
    """What follows from a fact is asked for since the council period began; what was made before stays as it is."""
    period = period_now(facts, on)
    return (period.began.on if period else on) - BEFORE_THE_PERIOD


def _wanted(facts: list[Fact], since: date, on: date, known: dict) -> list[Deadline]:
    """What the clock shows. What the calendar alone gives begins on the day the clock is first wound: nobody is asked
    to account for the years before.
    """
    found = deadlines(rules_in_use(), facts, since, on + AHEAD)
    return [
        each
        for each in found
        if each.rule.timing.type not in BY_CALENDAR
        or on <= (each.due or on) <= on + CALENDAR_AHEAD
        or (each.rule.id, each.occurrence) in known
    ]


def _make(wanted: list[Deadline], chief: Position, by) -> int:
    positions = answering()
    rows = [_row(each, positions.get(each.rule.responsible, chief)) for each in wanted]
    made = copy_rows(LegalDeadline, rows)
    keys = {(each.rule.id, each.occurrence) for each in wanted}
    born = LegalDeadline.objects.filter(rule_id__in={rule for rule, _occurrence in keys}).order_by("pk")
    Event.objects.bulk_create(
        Event(item_id=row.pk, by=by, step="create", target=row.state)
        for row in born
        if (row.rule_id, row.occurrence) in keys
    )
    return made


def _row(deadline: Deadline, position: Position) -> dict:
    return {
        "title": title_of(deadline.rule, deadline.label),
        "unit_id": position.unit_id,
        "responsible_id": position.pk,
        "due": deadline.due,
        "rule_id": deadline.rule.id,
        "occurrence": deadline.occurrence,
        "anchor": deadline.anchor,
        "about_id": deadline.item,
        "is_earliest": deadline.is_earliest,
        "wanted": deadline.wanted,
    }


def _take_back(rows: list[LegalDeadline], by) -> int:
    """A deadline whose fact is gone was never there; one that somebody has worked with stays and says why it ended."""
    off = set(RuleOff.objects.values_list("rule", flat=True))
    gone = 0
    for row in rows:
        if row.anchor is None and row.rule_id not in off and not row.rule.needs:
            # The calendar's own, of a year that has passed: still asked for.
            continue
        gone += 1
        if _is_untouched(row):
            row.delete()
        else:
            _end(row, "lapse", LegalDeadline.NOT_APPLICABLE, by)
    return gone


def _is_untouched(row: LegalDeadline) -> bool:
    item = row.item_ptr
    return not (
        item.events.exclude(step__in=["create", "move_due"]).exists()
        or item.comments.exists()
        or item.attachments.exists()
        or item.follow_ups.exists()
        or item.links_out.exists()
        or item.links_in.exists()
        or row.fulfilments.exists()
    )


def _end(row: LegalDeadline, step: str, target: str, by, note: str = "") -> None:
    Event.objects.create(item_id=row.pk, by=by, step=step, source=row.state, target=target, note=note)
    row.state, row.ended, row.version = target, timezone.now(), row.version + 1
    row.save()


def _move(row: LegalDeadline, wanted: Deadline, by) -> int:
    """A fact has got another day, so the deadline has."""
    title = title_of(wanted.rule, wanted.label)
    new = (title, wanted.due, wanted.anchor, wanted.item)
    if (row.title, row.due, row.anchor, row.about_id) == new:
        return 0
    if row.due != wanted.due:
        words = {"old": _day(row.due), "new": _day(wanted.due)}
        note = _("From %(old)s to %(new)s") % words
        Event.objects.create(item_id=row.pk, by=by, step="move_due", source=row.state, target=row.state, note=note)
    row.title, row.due, row.anchor, row.about_id = new
    row.version += 1
    row.save()
    return 1


def _day(day: date | None) -> str:
    return date_format(day) if day else "–"


def _meet(wanted: dict, facts: list[Fact], on: date, by) -> int:
    """Marks as done what the facts say is done, what has run out, and what has lasted long enough."""
    rows = LegalDeadline.objects.filter(ended__isnull=True).order_by("pk").prefetch_related("fulfilments")
    return sum(
        _answered(row, wanted[row.rule_id, row.occurrence], facts, on, by) for row in rows if _key(row) in wanted
    )


def _key(row: LegalDeadline) -> tuple[str, str]:
    return row.rule_id, row.occurrence


def _answered(row: LegalDeadline, deadline: Deadline, facts: list[Fact], on: date, by) -> int:
    # What is planned is not done yet; but a consultation that is planned too short is a finding before it is over.
    told = [fact for fact in answers(deadline, facts) if fact.on <= on or _is_too_short(deadline, fact)]
    before = {each.fact for each in row.fulfilments.all()}
    new = [fact for fact in told if fact.identity not in before]
    Fulfilment.objects.bulk_create(
        Fulfilment(deadline=row, on=fact.on, item_id=fact.item, note=fact.title, fact=fact.identity, by=by)
        for fact in new
    )
    if new and len(before) + len(new) >= row.wanted:
        _done(row, deadline, new[-1].on, by)
    elif not told and row.due and _time_is_enough(deadline, on):
        _end(row, "run_out", LegalDeadline.DONE, by)
    return len(new)


def _is_too_short(deadline: Deadline, fact: Fact) -> bool:
    return deadline.is_earliest and is_breach(deadline, fact.on)


def _time_is_enough(deadline: Deadline, on: date) -> bool:
    due = deadline.due or date.max
    return on >= due if deadline.is_earliest else deadline.rule.runs_out and on > due


def _done(row: LegalDeadline, deadline: Deadline, done_on: date, by) -> None:
    row.fulfilled_on, row.breach = done_on, _breach(deadline, done_on)
    _end(row, "fulfil", LegalDeadline.DONE, by, date_format(done_on))


def _breach(deadline: Deadline, done_on: date) -> str:
    """A publication that came too late and a consultation that was too short stay findings: they cannot be mended."""
    if not is_breach(deadline, done_on):
        return ""
    if deadline.is_earliest:
        return LegalDeadline.Breach.TOO_SHORT
    return LegalDeadline.Breach.TOO_LATE if deadline.rule.timing.type == "before_event" else ""


@transaction.atomic
def fulfil(deadline: LegalDeadline, *, on: date, item: Item | None = None, note: str = "", by) -> LegalDeadline:
    """Says by hand that a deadline is met, when and by what; with enough of them it is done."""
    row = LegalDeadline.objects.locked().get(pk=deadline.pk)
    require(by, LegalDeadline.edit_permission(), row)
    if row.ended is not None:
        raise ValidationError(_("It is no longer open. Somebody else has marked it meanwhile."))
    if on > date.today():
        raise ValidationError({"on": _("Choose today or a day that has been.")})
    Fulfilment.objects.create(deadline=row, on=on, item=item, note=note.strip(), by=by)
    row.note_keeper(by)
    row.save(update_fields=["kept_at", "kept_by"])
    if row.fulfilments.count() >= row.wanted:
        _done(row, _as_computed(row), on, by)
    wind(date.today(), by=by)
    return LegalDeadline.objects.get(pk=row.pk)


def _as_computed(row: LegalDeadline) -> Deadline:
    window = (date.min, date.max)
    return Deadline(row.rule, row.occurrence, row.due, row.anchor, window, is_earliest=row.is_earliest)


@transaction.atomic
def keep_fact(fact: RegisteredFact, *, by) -> RegisteredFact:
    """Registers or corrects a fact, and winds the clock. Raises ValidationError; then nothing has changed."""
    require(by, "clock.keep")
    fact.by = by
    fact.full_clean()
    fact.save()
    _forget_answer(f"registered:{fact.pk}")
    wind(date.today(), by=by)
    return fact


@transaction.atomic
def remove_fact(fact: RegisteredFact, *, by) -> None:
    require(by, "clock.keep")
    identity = f"registered:{fact.pk}"
    fact.delete()
    _forget_answer(identity)
    wind(date.today(), by=by)


def _forget_what_is_gone(facts: list[Fact], since: date) -> int:
    """What was met by a fact that is no longer told, or has got another day, is asked anew."""
    told = {fact.identity: fact.on for fact in facts}
    met = Fulfilment.objects.exclude(fact="").filter(on__gte=since).values_list("fact", "on")
    gone = {identity for identity, on in met if told.get(identity) != on}
    for identity in sorted(gone):
        _forget_answer(identity)
    return len(gone)


def _forget_answer(identity: str) -> None:
    """What a fact had met is open again until it is asked anew: the fact may be about another thing or day now."""
    met = Fulfilment.objects.filter(fact=identity)
    rows = list(LegalDeadline.objects.locked().filter(fulfilments__in=met, state=LegalDeadline.DONE))
    met.delete()
    for row in rows:
        Event.objects.create(item_id=row.pk, step="reopen", source=row.state, target=LegalDeadline.WAITING)
        row.state, row.ended, row.fulfilled_on, row.breach = LegalDeadline.WAITING, None, None, ""
        row.version += 1
        row.save()


@transaction.atomic
def switch_off(rule: str, *, reason: str, by) -> RuleOff:
    """This rule does not concern the municipality; its open deadlines go."""
    require(by, "clock.keep")
    found, _made = RuleOff.objects.update_or_create(
        rule=rules()[rule].id, defaults={"reason": reason.strip(), "by": by}
    )
    wind(date.today(), by=by)
    return found


@transaction.atomic
def switch_on(rule: str, *, by) -> None:
    require(by, "clock.keep")
    RuleOff.objects.filter(rule=rule).delete()
    wind(date.today(), by=by)


@transaction.atomic
def let_answer(name: str, position: Position | None, *, by) -> None:
    """Says which position answers for what the law lays on somebody; what is open follows. None: the director's."""
    require(by, "clock.keep")
    before = answering().get(name) or director()
    if position:
        Answering.objects.update_or_create(name=name, defaults={"position": position})
    else:
        Answering.objects.filter(name=name).delete()
    after = position or director()
    if before and after and before != after:
        _hand_over(_rules_of(name), before, after)


def _rules_of(name: str) -> list[str]:
    return [rule.id for rule in rules().values() if rule.responsible == name]


def _hand_over(names: Iterable[str], before: Position, after: Position) -> None:
    rows = LegalDeadline.objects.filter(rule_id__in=names, responsible=before, ended__isnull=True)
    keys = list(rows.values_list("pk", flat=True))
    Item.objects.filter(pk__in=keys).update(
        responsible=after, unit=after.unit, version=F("version") + 1, updated=timezone.now()
    )


def hand_over(source: Position, target: Position) -> int:
    """Another position answers for what the law lays on whom it names; how many of those."""
    return Answering.objects.filter(position=source.pk).update(position=target)
