"""The making of a plan: consultations, objections, the programme, guidelines and what a strategy says of plans."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from styrhus.items import operations as items
from styrhus.items.models import Event, Openness
from styrhus.organisation.models import Position
from styrhus.planning.models import Consultation, Guideline, Judgement, Objection, Plan, ProgrammeEntry
from styrhus.planning.models.plans import Scope
from styrhus.planning.operations.plans import propose, refuse
from styrhus.planning.queries.guards import held_before_consultation

ABOUT = Consultation.About


def _locked(plan_pk: int) -> Plan:
    return Plan.objects.locked().select_related("type", "responsible").get(pk=plan_pk)


def _tell(plan: Plan, step: str, note: str, *, by) -> None:
    """An event that changes no state."""
    Event.objects.create(item_id=plan.pk, by=by, step=step, source=plan.state, target=plan.state, note=note)


def _require_under_work(plan: Plan) -> None:
    if not plan.is_under_work:
        raise ValidationError(
            _("The plan is no longer being made: its state is “%(state)s”.") % {"state": plan.get_state_display()}
        )


# -- consultation


@transaction.atomic
def open_consultation(consultation: Consultation, *, by, warned: Iterable[str] = ()) -> Consultation:
    """Sends a programme or a proposal on consultation. A proposal is public from then on, and so is the plan.

    Raises Held, PermissionDenied or ValidationError. `warned`: what is done in spite of a warning.
    """
    plan = consultation.plan = _locked(consultation.plan_id)
    refuse(("", reason) for reason in held_before_consultation(consultation))
    of_proposal = consultation.about == ABOUT.PROPOSAL
    consultation.full_clean()
    consultation.save()
    note = "\n".join([_period_in_words(consultation), *warned])
    if plan.openness == Openness.INTERNAL:
        Plan.objects.filter(pk=plan.pk).update(openness=Openness.OPEN)
    if of_proposal:
        items.step(plan, "open_consultation", by=by, note=note)
    else:
        _tell(plan, "open_consultation", note, by=by)
    return consultation


def _period_in_words(consultation: Consultation) -> str:
    return _("%(about)s: %(opened)s–%(closes)s") % {
        "about": consultation.get_about_display(),
        "opened": date_format(consultation.opened),
        "closes": date_format(consultation.closes),
    }


@transaction.atomic
def close_consultation(consultation: Consultation, *, by, assessment: str) -> Consultation:
    """Says how the views were assessed (plan- og bygningsloven § 11-14). Not before the deadline has passed."""
    plan = _locked(consultation.plan_id)
    stored = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if stored.is_closed:
        raise ValidationError(_("This consultation has been closed meanwhile."))
    if stored.closes >= timezone.localdate():
        raise ValidationError(
            _("The deadline is %(day)s: until then more views may come.") % {"day": date_format(stored.closes)}
        )
    stored.assessment = assessment.strip()
    stored.save(update_fields=["assessment"])
    _tell(plan, "close_consultation", assessment.strip()[:500], by=by)
    return stored


# -- the way to the decision


@transaction.atomic
def submit(plan: Plan, *, by, published_on: date | None, decided_at: date | None) -> Plan:
    """Sends a plan for decision; a proposal that is public makes the plan so."""
    plan = _locked(plan.pk)
    plan.published_on, plan.decided_at = published_on, decided_at
    if published_on and plan.type.is_public and plan.openness == Openness.INTERNAL:
        plan.openness = Openness.OPEN
    plan.save()
    items.step(plan, "submit", by=by)
    return plan


# -- objections


@transaction.atomic
def object_to(objection: Objection, *, by) -> Objection:
    """Registers an authority's objection (plan- og bygningsloven § 5-4) while the plan is being made."""
    plan = _locked(objection.plan_id)
    if not plan.type.objections_possible:
        raise ValidationError(_("Nobody can object to plans of this type."))
    _require_under_work(plan)
    objection.full_clean()
    objection.save()
    return objection


@transaction.atomic
def follow_objection(objection: Objection, *, by) -> Objection:
    """Saves mediation, sending and outcome; with the last one settled the whole of an adopted plan holds."""
    plan = _locked(objection.plan_id)
    refuse(_against_outcome(objection))
    if objection.is_open:
        objection.settled_on = None
    objection.full_clean()
    objection.save()
    if objection.follow_up and (objection.sent_on or not objection.is_open):
        items.tick_off(objection.follow_up, by=by)
    if plan.scope == Scope.PARTS_UNDER_OBJECTION and not plan.objections.filter(outcome="open").exists():
        Plan.objects.filter(pk=plan.pk).update(scope=Scope.WHOLE, version=plan.version + 1)
        _tell(plan, "settle_objections", str(Scope.WHOLE.label), by=by)
    return objection


def _against_outcome(objection: Objection) -> Iterable[tuple[str, str]]:
    days = {name: getattr(objection, name) for name in ("mediated_on", "sent_on", "settled_on")}
    for name, day in days.items():
        if day and day < objection.received_on:
            yield (
                name,
                _("The objection came %(day)s. This is before that.") % {"day": date_format(objection.received_on)},
            )
    if not objection.is_open and objection.settled_on is None:
        yield "settled_on", _("Say when it was settled.")
    elif objection.settled_on and objection.settled_on > timezone.localdate():
        yield "settled_on", _("The date lies ahead. Come back when it is settled.")


# -- programme and guidelines


@transaction.atomic
def write_entry(entry: ProgrammeEntry, *, by, responsible: Position | None = None, due: date | None = None):
    """Keeps a line of the programme; a study or a stage that somebody is to see to becomes a duty of theirs."""
    plan = _locked(entry.plan_id)
    _require_under_work(plan)
    if bool(responsible) != bool(due):
        missing = "due" if responsible else "responsible"
        raise ValidationError({missing: _("Say both who and by when, or neither.")})
    if responsible and due and entry.follow_up is None:
        entry.follow_up = items.follow_up(plan.as_item, entry.title, responsible=responsible, due=due, by=by)
    elif responsible and due and entry.follow_up:
        entry.follow_up.what, entry.follow_up.responsible, entry.follow_up.due = entry.title, responsible, due
        entry.follow_up.save()
    entry.full_clean()
    entry.save()
    return entry


@transaction.atomic
def remove_entry(entry: ProgrammeEntry, *, by) -> None:
    """Takes a line out of the programme; a duty that is not done goes with it."""
    _require_under_work(_locked(entry.plan_id))
    duty = entry.follow_up
    entry.delete()
    if duty and duty.done is None:
        duty.delete()


@transaction.atomic
def write_guideline(guideline: Guideline, *, by) -> Guideline:
    _require_under_work(_locked(guideline.plan_id))
    guideline.full_clean()
    guideline.save()
    return guideline


@transaction.atomic
def remove_guideline(guideline: Guideline, *, by) -> None:
    _require_under_work(_locked(guideline.plan_id))
    guideline.delete()


# -- what a planning strategy says of plans


@transaction.atomic
def judge(strategy: Plan, answers: list[dict], *, by) -> int:
    """Keeps what a strategy says of many plans: plan, choice, reason, year; an empty choice takes it back.

    How many were kept or taken back.
    """
    _require_under_work(_locked(strategy.pk))
    taken_back = [answer["plan"] for answer in answers if not answer["choice"]]
    Judgement.objects.filter(strategy=strategy, plan__in=taken_back).delete()
    Judgement.objects.bulk_create(
        [Judgement(strategy=strategy, **answer) for answer in answers if answer["choice"]],
        update_conflicts=True,
        unique_fields=["strategy", "plan"],
        update_fields=["choice", "reason", "year"],
    )
    return len(answers)


@transaction.atomic
def find_needed(strategy: Plan, plan: Plan, *, by, reason: str) -> Plan:
    """A plan that the strategy says is needed, proposed in it."""
    _require_under_work(_locked(strategy.pk))
    made = propose(plan, by=by)
    Judgement.objects.create(
        strategy=strategy, plan=made, choice=Judgement.Choice.NEEDED, reason=reason.strip(), year=made.first_year
    )
    return made
