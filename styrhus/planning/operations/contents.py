"""Things are made in plans, changed, fetched from other plans, taken out and put in order.

What the council has adopted stands: neither its text nor its place changes but by a new version of the plan.
"""

from collections.abc import Iterable, Sequence

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items import operations as items
from styrhus.items.models import Event, Item
from styrhus.kit.refusals import Words, told_in_words
from styrhus.organisation.models import Position
from styrhus.planning.models import Cornerstone, Goal, Placement, Plan, Thread
from styrhus.planning.models.contents import DRAFT, IN_FORCE
from styrhus.planning.queries.contents import binding_plan, why_closed
from styrhus.planning.queries.fetching import why_not_from
from styrhus.planning.queries.threads import all_below, arranged, keys_above
from styrhus.planning.queries.versions import AIMS, replaced_in

# What the council has adopted when it has adopted a goal.
BOUND_FIELDS = ("title", "description", "level")
RING = "planning_thread_has_no_ring"
# Of two who place the same thing at once.
PLACED: Words = {
    "thing_comes_from_one_plan": (
        "plan",
        gettext_lazy("It stands in a plan as its own already. Other plans fetch it from there."),
    ),
    "thing_stands_in_a_plan_once": ("plan", gettext_lazy("Somebody else has just put it in this plan.")),
}


@transaction.atomic
def make(thing, *, by, part_of: Item | None = None, plan: Plan | None = None, cornerstones=()):
    """A new thing, with what it follows from and the plan it stands in. Raises ValidationError by field."""
    _check_level(thing, part_of)
    made = items.create(thing, by=by)
    if part_of:
        _follow(made, part_of)
    if plan:
        place(made, plan, by=by)
    carry(made, cornerstones)
    return made


@transaction.atomic
def change(thing, *, version: int, by, part_of: Item | None = None, cornerstones=None):
    """Saves what was changed. Raises Conflict, or ValidationError by field; what is bound keeps its text."""
    _hold_plans_of(thing)
    _keep_what_is_bound(thing, part_of)
    _check_level(thing, part_of)
    saved = items.edit(thing, version=version, by=by)
    if part_of is None:
        Thread.objects.filter(item=saved.pk).delete()
    else:
        _follow(saved, part_of)
    if cornerstones is not None:
        carry(saved, cornerstones)
    return saved


def _hold_plans_of(thing) -> None:
    """Before the thing itself, as adoption does: a plan is not adopted while the text of what stands in it changes."""
    standing = Placement.objects.filter(item=thing.pk).order_by("plan").values_list("plan", flat=True)
    list(Item.objects.filter(pk__in=list(standing)).order_by("pk").select_for_update(no_key=True))


def _keep_what_is_bound(thing, part_of: Item | None) -> None:
    plan = binding_plan(thing)
    if plan is None:
        return
    stored = type(thing)._default_manager.get(pk=thing.pk)
    changed = [name for name in BOUND_FIELDS if getattr(stored, name, None) != getattr(thing, name, None)]
    if stored_parent(thing) != (part_of.pk if part_of else None):
        changed.append("part_of")
    if changed:
        words = _("“%(plan)s” is adopted by the council, so this stands as it was adopted.") % {"plan": plan.title}
        raise ValidationError(dict.fromkeys(changed, words))


def stored_parent(thing) -> int | None:
    return Thread.objects.filter(item=thing.pk).values_list("part_of", flat=True).first()


def _check_level(thing, part_of: Item | None) -> None:
    """A sub-goal says more closely what a goal means."""
    if not isinstance(thing, Goal) or thing.level != Goal.Level.SUB:
        return
    if part_of is None or part_of.kind != Goal.kind_name():
        raise ValidationError({"part_of": _("A sub-goal follows from a goal: choose which.")})


def _follow(thing, part_of: Item) -> None:
    """Two who close a ring at once are stopped by the database."""
    if part_of.pk == thing.pk or thing.pk in keys_above(part_of.pk):
        raise ValidationError({"part_of": _ring(part_of)})
    with told_in_words({RING: ("part_of", _ring(part_of))}):
        Thread.objects.update_or_create(item_id=thing.pk, defaults={"part_of_id": part_of.pk})


def _ring(part_of: Item) -> str:
    return _("“%(title)s” itself follows from this. Choose something else.") % {"title": part_of.title}


def carry(thing, cornerstones: Iterable[Cornerstone]) -> None:
    """Which of the municipality's cornerstones a thing carries."""
    thing.as_item.cornerstones.set(cornerstones)


def opened(plan: Plan) -> Plan:
    """The plan, locked; raises ValidationError when nothing may be put into it or taken out."""
    held = Plan.objects.locked().select_related("type").get(pk=plan.pk)
    reason = why_closed(held)
    if reason:
        raise ValidationError({"plan": reason})
    return held


@transaction.atomic
def place(thing, plan: Plan, *, by) -> Placement:
    """Lets a thing stand in a plan as its own, last among what is there."""
    held = opened(plan)
    if Placement.objects.filter(item=thing.pk, fetched_from=None).exists():
        raise ValidationError({"plan": PLACED["thing_comes_from_one_plan"][1]})
    with told_in_words(PLACED):
        return Placement.objects.create(plan=held, item_id=thing.pk, order=_last(held) + 1, by=by)


def _last(plan: Plan) -> int:
    return Placement.objects.filter(plan=plan.pk).aggregate(last=Max("order"))["last"] or 0


@transaction.atomic
def fetch(plan: Plan, source: Plan, keys: Iterable[int], *, by, with_below: bool = True) -> int:
    """Lets things of another plan stand in this one too, with text and identity as they are; how many came.

    What stands here already, has ended, or may not be seen is left out. Raises ValidationError when the other plan
    is none to fetch from.
    """
    held = opened(plan)
    reason = why_not_from(held, source)
    if reason:
        raise ValidationError({"source": reason})
    chosen = _chosen(source, set(keys), by, with_below)
    here = {*Placement.objects.filter(plan=held.pk).values_list("item_id", flat=True), *replaced_in(held)}
    last = _last(held)
    made = Placement.objects.bulk_create(
        Placement(plan=held, item_id=key, fetched_from_id=source.pk, order=last + number, by=by)
        for number, key in enumerate((key for key in chosen if key not in here), start=1)
    )
    return len(made)


def _chosen(source: Plan, keys: set[int], by, with_below: bool) -> list[int]:
    """What is ticked, with all below it in the plan it comes from, in the order of that plan."""
    seen = Item.objects.visible_to(by).filter(placements__plan=source.pk, ended=None)
    pairs = list(seen.order_by("placements__order", "placements__pk").values_list("pk", "thread__part_of"))
    if with_below:
        under = arranged(pairs)
        keys = keys | {each for key in keys for each in all_below(under, key)}
    return [key for key, _parent in pairs if key in keys]


@transaction.atomic
def settle(plan: Plan, *, by) -> int:
    """What an adopted plan says of its own is in force from then; how many things that is. Asked by the adoption."""
    own = Item.objects.filter(placements__plan=plan.pk, placements__fetched_from=None, state=DRAFT, kind__in=AIMS)
    keys = list(own.select_for_update(of=("self",)).values_list("pk", flat=True))
    Item.objects.filter(pk__in=keys).update(state=IN_FORCE, version=F("version") + 1, updated=timezone.now())
    Event.objects.bulk_create(
        Event(item_id=key, by=by, step="settle", source=DRAFT, target=IN_FORCE, note=plan.decision) for key in keys
    )
    return len(keys)


@transaction.atomic
def take_out(placement: Placement, *, by) -> int:
    """Takes a thing out of a plan, and what was fetched below it. Raises ValidationError when something holds it."""
    plan = opened(placement.plan)
    under = arranged(Placement.objects.filter(plan=plan.pk).values_list("item_id", "item__thread__part_of"))
    below = Placement.objects.filter(plan=plan.pk, item__in=all_below(under, placement.item_id))
    own = [each.item.title for each in below.filter(fetched_from=None).select_related("item")[:5]]
    if own:
        raise ValidationError(
            _("This plan has parts of its own below it. Take them out, or let them follow from something else: %(own)s")
            % {"own": "; ".join(own)}
        )
    gone = below.filter(fetched_from__isnull=False) | Placement.objects.filter(pk=placement.pk)
    return gone.delete()[0]


@transaction.atomic
def move(placement: Placement, steps: int, *, by) -> None:
    """Moves a thing so many places down among those beside it; a negative number moves it up.

    Raises ValidationError when somebody else has taken it out meanwhile.
    """
    plan = opened(placement.plan)
    rows = list(
        Placement.objects.filter(plan=plan.pk).order_by("order", "pk").values_list("item_id", "item__thread__part_of")
    )
    under = arranged(rows)
    beside = next((keys for keys in under.values() if placement.item_id in keys), None)
    if beside is None:
        raise ValidationError(_("Somebody else has taken it out of the plan meanwhile."))
    here = beside.index(placement.item_id)
    there = max(0, min(len(beside) - 1, here + steps))
    beside.insert(there, beside.pop(here))
    places = {key: number for number, key in enumerate(all_below(under, None), start=1)}
    _renumber(plan, places)


def _renumber(plan: Plan, places: dict[int, int]) -> None:
    moved = []
    for each in Placement.objects.filter(plan=plan.pk):
        if each.order != places[each.item_id]:
            each.order = places[each.item_id]
            moved.append(each)
    Placement.objects.bulk_update(moved, ["order"])


@transaction.atomic
def assign(thing, leaders: Sequence[Position], model: type[Item], *, by, **fields) -> list[Item]:
    """Gives each of these leading positions an assignment or a measure of its own that follows from this thing.

    All or none: raises ValidationError when there is a unit that one cannot give work to.
    """
    permission = f"{model._meta.model_name}.create"
    refused = [str(leader.unit) for leader in leaders if not by.has_perm(permission, leader.unit)]
    if refused:
        raise ValidationError(
            {NON_FIELD_ERRORS: _("You cannot give work to these units: %(units)s.") % {"units": ", ".join(refused)}}
        )
    return [
        make(model(unit=leader.unit, responsible=leader, **fields), by=by, part_of=thing.as_item) for leader in leaders
    ]
