"""What is done with authority: given, passed on, checked, withdrawn; and the regulations it stands on."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.delegation.models import Authorisation, DelegationCheck, Power, Receipt, Regulations, Source, name_of
from styrhus.delegation.queries import (
    adopted_regulations,
    council,
    held_in_the_administration,
    is_council,
    may_give_from,
    reasons_against,
    standing_on,
)
from styrhus.items import operations as items
from styrhus.items.models import Event, FollowUp, Item, Notification, Openness
from styrhus.kit.days import months_later
from styrhus.organisation.access import require
from styrhus.organisation.models import Appointment, Person, Position

BREACH_FOLLOWED_UP_IN = timedelta(days=14)
READ_WITHIN = timedelta(days=30)


@transaction.atomic
def delegate(wanted: Authorisation, *, by, today: date | None = None) -> Authorisation:
    """Gives a power on. Raises PermissionDenied, or ValidationError by field; then nothing has changed.

    `wanted` says giver, holder, power and the authorisation it is passed on from; the council's stands on none.
    """
    giver = _giver(wanted)
    if not may_give_from(by, giver):
        raise PermissionDenied("authorisation.delegate")
    basis = _locked(wanted.passed_on_from_id) if wanted.passed_on_from_id else None
    if basis is None:
        Power.objects.select_for_update().get(pk=wanted.power_id)
    _refuse(_unfit(wanted, basis) or reasons_against(wanted, basis))
    wanted.source = Source.DELEGATED
    wanted.responsible, wanted.unit = giver, giver.unit
    wanted.due = months_later(wanted.start, wanted.check_every or 0)
    return _saved(wanted, by=by, today=today)


def _giver(wanted: Authorisation) -> Position:
    if wanted.giver is None:
        raise ValidationError(_("Say who gives it."))
    return wanted.giver


def _unfit(wanted: Authorisation, basis: Authorisation | None) -> list[tuple[str, str]]:
    """What is asked of every delegation: it stands on what the giver has, is checked, and somebody decided it."""
    found = []
    if basis and (basis.holder_id != wanted.giver_id or basis.power_id != wanted.power_id):
        found.append(("", _("The giver does not have this authority, so it cannot be delegated from there.")))
    if not wanted.check_how.strip():
        found.append(("check_how", _("Say how you will check it: the duty to check cannot be passed on.")))
    if not wanted.check_every:
        found.append(("check_every", _("Say how many months may pass between checks.")))
    if is_council(_giver(wanted)) and not wanted.decision.strip():
        found.append(("decision", _("Name the decision by which the council gave it.")))
    return found


@transaction.atomic
def register(wanted: Authorisation, *, by, today: date | None = None) -> Authorisation:
    """Writes down what the law gives to a position, or reserves to the council itself."""
    require(by, "authorisation.keep")
    wanted.giver = wanted.passed_on_from = None
    if wanted.source == Source.RESERVED:
        wanted.holder = _the_council()
        wanted.may_be_passed_on = False
        Power.objects.select_for_update().get(pk=wanted.power_id)
    _refuse(_against_law(wanted))
    wanted.responsible, wanted.unit = wanted.holder, wanted.holder.unit
    return _saved(wanted, by=by, today=today)


def _the_council() -> Position:
    found = council()
    if found is None:
        raise ValidationError(
            _("There is no council here: no position leads a political body that is part of nothing else.")
        )
    return found


def _against_law(wanted: Authorisation) -> list[tuple[str, str]]:
    found = []
    if not wanted.legal_basis.strip():
        found.append(("legal_basis", _("Name the law and section.")))
    if wanted.end and wanted.end < wanted.start:
        found.append(("end", _("The last day is before the first day.")))
    elif wanted.source == Source.RESERVED:
        given = wanted.power.authorisations.filter(source=Source.DELEGATED).live()
        if given.overlapping(wanted.start, wanted.end).exists():
            found.append(("power", _("This is delegated in that time. Withdraw what is delegated first.")))
    return found


def _refuse(reasons: Iterable[tuple[str, str]]) -> None:
    by_field: dict[str, list[str]] = {}
    for field, reason in reasons:
        by_field.setdefault(field or NON_FIELD_ERRORS, []).append(reason)
    if by_field:
        raise ValidationError(by_field)


def _saved(wanted: Authorisation, *, by, today: date | None) -> Authorisation:
    wanted.title = f"{wanted.power} – {name_of(wanted.holder)}"[:250]
    wanted.issued_under = adopted_regulations()
    wanted.openness = Authorisation.default_openness
    made = items.create(wanted, by=by)
    if made.start <= (today or date.today()):
        made.state = Authorisation.IN_FORCE
        Item.objects.filter(pk=made.pk).update(state=made.state)
    if made.holder_id != made.responsible_id:
        items.notify(items.holders(made.holder), Notification.Reason.RESPONSIBLE, item=made, by=by, note=made.title)
    return made


def _locked(pk) -> Authorisation:
    return Authorisation.objects.locked().select_related("power", "holder__unit").get(pk=pk)


@transaction.atomic
def withdraw(authorisation: Authorisation, *, by, note: str) -> list[Authorisation]:
    """Takes back what was delegated, and with it all that stands on it. Gives back what went with it.

    Raises PermissionDenied, or Held when there is no reason given or nothing to withdraw.
    """
    require(by, "authorisation.withdraw", authorisation)
    below = _locked_below(authorisation)
    _end(below, "withdraw", Authorisation.WITHDRAWN, by=by, note=_("What it stood on was withdrawn: %s") % note.strip())
    items.step(authorisation, "withdraw", by=by, note=note)
    for ended in [authorisation, *below]:
        items.notify(items.holders(ended.holder), Notification.Reason.STEP, item=ended, by=by, note=note[:300])
    return below


def _locked_below(authorisation: Authorisation) -> list[Authorisation]:
    """All that stands on it, held to the end of the transaction. Asked again until nobody has added to it meanwhile."""
    _locked(authorisation.pk)
    known: list[int] = []
    while (found := standing_on(authorisation)) != known:
        known = found
        rows = {each.pk: each for each in Authorisation.objects.locked().filter(pk__in=found).order_by("pk")}
    return [rows[pk] for pk in known]


def _end(ended: list[Authorisation], step: str, target: str, *, by, note: str = "") -> None:
    """Many at once, the lowest first: an event each, and nobody's open work any more."""
    now = timezone.now()
    Event.objects.bulk_create(
        Event(item_id=each.pk, by=by, step=step, source=each.state, target=target, note=note) for each in ended
    )
    Item.objects.filter(pk__in=[each.pk for each in ended]).update(
        state=target, ended=now, updated=now, version=F("version") + 1
    )


@transaction.atomic
def record_check(authorisation: Authorisation, outcome: str, note: str, *, by, on: date | None = None):
    """Keeps the evidence that the check was done, and moves the next one forward. A breach becomes a follow-up."""
    require(by, "authorisation.check", authorisation)
    day = on or date.today()
    row = _locked(authorisation.pk)
    _refuse(_against_check(row, outcome, note))
    made = DelegationCheck(authorisation=row, on=day, by=by, outcome=outcome, note=note.strip())
    made.full_clean()
    made.save()
    _move_due(row, day)
    Event.objects.create(item_id=row.pk, by=by, step="check", target=row.state, note=_told(made))
    if outcome == DelegationCheck.Outcome.BREACH:
        _follow_breach(row, made, by=by)
    return made


def _against_check(row: Authorisation, outcome: str, note: str) -> list[tuple[str, str]]:
    if not row.is_live or row.source != Source.DELEGATED:
        return [("", _("Only delegated authority that has not ended is checked."))]
    if outcome != DelegationCheck.Outcome.GOOD and not note.strip():
        return [("note", _("Say what was found."))]
    return []


def _move_due(row: Authorisation, day: date) -> None:
    row.due = months_later(day, row.check_every or 0)
    row.version += 1
    row.save(update_fields=["due", "version", "updated"])


def _told(check: DelegationCheck) -> str:
    said = str(check.get_outcome_display())
    return f"{said}: {check.note}" if check.note else said


def _follow_breach(row: Authorisation, check: DelegationCheck, *, by) -> None:
    what = _("Follow up the breach: %(note)s") % {"note": check.note}
    items.follow_up(row.as_item, what[:250], responsible=row.responsible, due=check.on + BREACH_FOLLOWED_UP_IN, by=by)


@transaction.atomic
def keep_power(power: Power) -> Power:
    """Saves a new or changed power. What the administration holds now cannot become a matter of principle."""
    power.full_clean()
    if power.pk and power.of_principle:
        Power.objects.select_for_update().get(pk=power.pk)
        if held_in_the_administration(power).exists():
            text = _("The administration has it by delegation now. Withdraw that first.")
            raise ValidationError({"of_principle": text})
    power.save()
    return power


@transaction.atomic
def turn(on: date) -> int:
    """Lets states follow the dates: what has begun is in force, what has passed its last day has expired."""
    rows = Authorisation.objects.locked().filter(ended=None)
    expired = list(rows.filter(end__lt=on))
    _end(expired, "expire", Authorisation.EXPIRED, by=None)
    begun = list(rows.filter(state=Authorisation.PLANNED, start__lte=on))
    Event.objects.bulk_create(
        Event(item_id=each.pk, step="begin", source=each.state, target=Authorisation.IN_FORCE) for each in begun
    )
    Item.objects.filter(pk__in=[each.pk for each in begun]).update(state=Authorisation.IN_FORCE)
    return len(expired) + len(begun)


@transaction.atomic
def draft(wanted: Regulations, *, by) -> Regulations:
    """A new version, numbered after the last. The council's regulations: its unit answers for them."""
    require(by, "regulations.edit")
    office = _the_council()
    # One number each, also for two who begin a draft at the same time.
    Regulations.objects.locked().order_by("pk").last()
    last = Regulations.objects.aggregate(last=Max("number"))["last"] or 0
    wanted.number, wanted.unit, wanted.responsible = last + 1, office.unit, office
    return items.create(wanted, by=by)


@transaction.atomic
def adopt(version: Regulations, *, by, today: date | None = None) -> int:
    """Adopts a draft: the version before it is replaced, and what stands on that is re-issued, in one go.

    `version` says by which decision and on which day. Everyone who gives or holds authority is asked to read and
    confirm. Gives back how many were re-issued.
    """
    require(by, "regulations.adopt", version)
    replaced = list(Regulations.objects.locked().filter(state=Regulations.ADOPTED))
    row = Regulations.objects.locked().get(pk=version.pk)
    row.decision, row.decision_url = version.decision.strip(), version.decision_url
    row.adopted_on = version.adopted_on or today or date.today()
    _refuse(_against_adoption(row))
    # A draft is the administration's own; what is adopted is everybody's.
    row.openness = Openness.OPEN
    row.save(update_fields=["decision", "decision_url", "adopted_on", "openness"])
    items.step(row, "adopt", by=by, note=row.decision)
    for old in replaced:
        items.step(old, "replace", by=by, note=row.title)
    issued = _reissued(row, replaced, by=by)
    _ask_for_receipts(row, issued, by=by, today=today or date.today())
    return len(issued)


def _against_adoption(row: Regulations) -> list[tuple[str, str]]:
    if row.state != Regulations.DRAFT:
        return [("", _("Only a draft can be adopted."))]
    if not row.decision:
        return [("decision", _("Name the decision by which the council adopted it."))]
    if not row.text.strip():
        return [("", _("The draft has no text."))]
    return []


def _reissued(version: Regulations, replaced: list[Regulations], *, by) -> list[Authorisation]:
    """All that is delegated on the versions before, or on none, now stands on this one."""
    stands = Q(issued_under__in=[old.pk for old in replaced]) | Q(issued_under=None)
    rows = list(Authorisation.objects.locked().filter(stands, source=Source.DELEGATED, ended=None).order_by("pk"))
    keys = [each.pk for each in rows]
    Authorisation.objects.filter(pk__in=keys).update(issued_under=version)
    Event.objects.bulk_create(
        Event(item_id=each.pk, by=by, step="reissue", source=each.state, target=each.state, note=version.title)
        for each in rows
    )
    Item.objects.filter(pk__in=keys).update(updated=timezone.now(), version=F("version") + 1)
    return rows


def _ask_for_receipts(version: Regulations, issued: list[Authorisation], *, by, today: date) -> None:
    """One follow-up for each position concerned, and word to those who hold them today."""
    concerned = sorted({each.holder_id for each in issued} | {each.giver_id for each in issued if each.giver_id})
    what = _("Read “%(title)s” and confirm") % {"title": version.title[:200]}
    asked = FollowUp.objects.bulk_create(
        FollowUp(item_id=version.pk, what=what, responsible_id=pk, due=today + READ_WITHIN) for pk in concerned
    )
    Receipt.objects.bulk_create(
        Receipt(regulations=version, position_id=each.responsible_id, follow_up=each) for each in asked
    )
    people = Person.objects.filter(
        pk__in=Appointment.objects.in_force(today).filter(position__in=concerned).values("person")
    )
    items.notify(people, Notification.Reason.FOLLOW_UP, item=version, by=by, note=what)
