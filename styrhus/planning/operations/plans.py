"""Plans are proposed, changed, adopted, made anew and repealed."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items import operations as items
from styrhus.items.models import Event, Openness
from styrhus.kit.refusals import Words, told_in_words
from styrhus.planning.models import Guideline, Plan
from styrhus.planning.models.plan_types import Decider
from styrhus.planning.models.plans import Scope
from styrhus.planning.operations.contents import settle
from styrhus.planning.operations.duties import owe_repeal, owe_to_county_governor
from styrhus.planning.operations.versions import move_over
from styrhus.planning.queries.plans import looks_further, overlap_in_words, reasons_against

# Of two who save at once: both found nothing against it.
TAKEN: Words = {
    "planning_plan_has_no_ring": (
        "follows_up",
        gettext_lazy("Somebody has just let that plan follow up this one. Choose another one, or none."),
    ),
    "versions_of_a_plan_share_no_year": (
        "first_year",
        gettext_lazy("Another version of this plan holds in some of these years."),
    ),
    "planning_plan_replaces_id_key": (
        "",
        gettext_lazy("Somebody has just made a new version of this plan. Open the plan and go on from there."),
    ),
}


def refuse(reasons: Iterable[tuple[str, str]]) -> None:
    """Raises ValidationError by field when there is a reason."""
    by_field: dict[str, list[str]] = {}
    for field, reason in reasons:
        by_field.setdefault(field or NON_FIELD_ERRORS, []).append(reason)
    if by_field:
        raise ValidationError(by_field)


@transaction.atomic
def propose(plan: Plan, *, by) -> Plan:
    """Makes a plan in its first state; with `replaces` it is the next version of that one, and takes over guidelines.

    Raises ValidationError by field.
    """
    if plan.replaces_id:
        older = Plan.objects.locked().get(pk=plan.replaces_id)
        _require_room_for_next(older)
        plan.replaces, plan.first_id = older, older.series
    refuse(reasons_against(plan))
    with told_in_words(TAKEN):
        made = items.create(plan, by=by)
    if made.replaces_id:
        _take_over_guidelines(made)
    return made


def _require_room_for_next(older: Plan) -> None:
    # What was not carried through no longer stands in the way; until then it says what it was to replace.
    Plan.objects.filter(replaces=older.pk, state=Plan.DROPPED).update(replaces=None)
    newer = Plan.objects.filter(replaces=older.pk).first()
    if newer:
        raise ValidationError(
            _("This plan is under revision already: “%(plan)s” is to replace it.") % {"plan": newer.title}
        )
    if not older.is_in_force:
        raise ValidationError(_("Only a plan that is adopted can have a new version."))


def _take_over_guidelines(plan: Plan) -> None:
    """A guideline that bound the version before is answered anew by this one."""
    Guideline.objects.bulk_create(
        Guideline(plan=plan, source=each.source, title=each.title, url=each.url)
        for each in Guideline.objects.filter(plan=plan.replaces_id)
    )


@transaction.atomic
def edit(plan: Plan, *, version: int, by) -> Plan:
    """Saves what was changed. Raises Conflict, or ValidationError by field."""
    _wait_for_who_moves_plans(plan)
    refuse(reasons_against(plan))
    with told_in_words(TAKEN):
        return items.edit(plan, version=version, by=by)


def _wait_for_who_moves_plans(plan: Plan) -> None:
    """Before any row is held: two who let plans follow up each other would wait for each other's."""
    if not plan.follows_up_id or Plan.objects.filter(pk=plan.pk, follows_up=plan.follows_up_id).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('planning_plan_has_no_ring'))")


@transaction.atomic
def adopt(  # noqa: PLR0913 - one decision, told whole
    plan: Plan, *, by, on: date, decision: str, decision_url: str = "", warned: Iterable[str] = (), **strategy: str
) -> Plan:
    """The plan holds from a date, by a decision; the version before it no longer does.

    What is under objection does not bind until it is settled. Raises Held, PermissionDenied or ValidationError by
    field; then nothing has changed. `warned`: what was done in spite of a warning, kept with the decision. `strategy`:
    what a planning strategy decides of the municipal plan.
    """
    plan = Plan.objects.locked().select_related("type").get(pk=plan.pk)
    older = Plan.objects.locked().get(pk=plan.replaces_id) if plan.replaces_id else None
    plan.adopted_on, plan.decision, plan.decision_url = on, decision.strip(), decision_url
    refuse([*_against_adoption(plan, older, on), *_against_strategy(plan, strategy)])
    if older:
        _give_way(older, plan, by=by, until=on - timedelta(days=1))
    plan.decided_at = plan.decided_at or on
    # What was a deadline for the decision is none now.
    plan.scope, plan.due = _scope(plan), None
    for name, value in strategy.items():
        setattr(plan, name, value)
    _make_public(plan)
    with told_in_words(TAKEN):
        plan.save()
    items.step(plan, adopting_step(plan), by=by, note=_by_decision(plan.decision, on, warned))
    settle(plan, by=by)
    move_over(plan, by=by)
    plan.refresh_from_db()
    owe_to_county_governor(plan, by=by)
    owe_repeal(plan, by=by)
    return plan


def adopting_step(plan: Plan) -> str:
    return "adopt_here" if plan.type.decided_by == Decider.UNIT_MANAGER else "adopt"


def permission_to_adopt(plan: Plan) -> str:
    return next(step.permission for step in Plan.flow.steps if step.name == adopting_step(plan))


def _by_decision(decision: str, on: date, warned: Iterable[str]) -> str:
    decided = _("%(decision)s, %(day)s") % {"decision": decision, "day": date_format(on)}
    return "\n".join([decided, *warned])


def _against_adoption(plan: Plan, older: Plan | None, on: date) -> Iterable[tuple[str, str]]:
    if not plan.decision:
        yield "decision", _("Name the decision, for example PS 12/26.")
    if on > timezone.localdate():
        yield "adopted_on", _("The date lies ahead. Come back when the decision has been made.")
    if older is None:
        return
    if older.adopted_on and on <= older.adopted_on:
        yield (
            "adopted_on",
            _("The version before this one was adopted %(day)s. This one must be adopted later.")
            % {"day": date_format(older.adopted_on)},
        )
    if looks_further(older, plan) and not plan.shortens_older:
        yield "", overlap_in_words(older, plan)


def _against_strategy(plan: Plan, strategy: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Plan- og bygningsloven § 10-1: the council decides whether the municipal plan is revised."""
    if not plan.is_planning_strategy:
        return
    if not strategy.get("kommuneplan"):
        yield "kommuneplan", _("Say what is decided about the municipal plan: the law asks for it.")
    if not strategy.get("kommuneplan_reason", "").strip():
        yield "kommuneplan_reason", _("Give the reason for what is decided about the municipal plan.")


def _scope(plan: Plan) -> str:
    under_objection = plan.objections.filter(outcome="open").exists()
    return Scope.PARTS_UNDER_OBJECTION if under_objection else Scope.WHOLE


def _make_public(plan: Plan) -> None:
    if plan.type.is_public and plan.openness == Openness.INTERNAL:
        plan.openness = Openness.OPEN


def _give_way(older: Plan, newer: Plan, *, by, until: date) -> None:
    """The version before no longer holds. It follows from the adoption, so nobody's permission is asked once more."""
    if looks_further(older, newer):
        older.last_year = newer.first_year - 1
    if older.state == Plan.ADOPTED:
        Event.objects.create(
            item_id=older.pk,
            by=by,
            step="supersede",
            source=older.state,
            target=Plan.SUPERSEDED,
            note=_("Replaced by “%(plan)s”.") % {"plan": newer.title},
        )
        older.state, older.ended = Plan.SUPERSEDED, timezone.now()
        older.in_force_until = until
    older.version += 1
    older.save()


@transaction.atomic
def repeal(plan: Plan, *, by, on: date, note: str) -> Plan:
    """The plan is in force to and including the day before, and is replaced by nothing."""
    plan = Plan.objects.locked().get(pk=plan.pk)
    if plan.adopted_on and on <= plan.adopted_on:
        raise ValidationError(
            {"on": _("It was adopted %(day)s, and cannot be repealed before.") % {"day": date_format(plan.adopted_on)}}
        )
    if on > timezone.localdate():
        raise ValidationError({"on": _("The date lies ahead. Come back when the plan is repealed.")})
    plan.in_force_until = on - timedelta(days=1)
    plan.save()
    items.step(plan, "repeal", by=by, note=note)
    plan.refresh_from_db()
    return plan
