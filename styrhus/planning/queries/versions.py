"""What a new version of a plan says anew, and what it says it instead of."""

from django.db.models import Q
from django.urls import reverse

from styrhus.items.models import Item, Link
from styrhus.planning.models import Goal, Plan, PriorityArea, Strategy

# What is adopted as words, and so is replaced by other words; what is done about it goes on.
AIMS = tuple(model.kind_name() for model in (PriorityArea, Goal, Strategy))


def replaced_in(plan: Plan) -> dict[int, int]:
    """The key of each thing of the version before that this one says anew, and the key of the new one."""
    if plan.replaces_id is None:
        return {}
    links = Link.objects.filter(
        kind=Link.Kind.REPLACES,
        source__kind__in=AIMS,
        target__kind__in=AIMS,
        source__placements__plan=plan.pk,
        source__placements__fetched_from=None,
        target__placements__plan=plan.replaces_id,
    )
    return dict(links.values_list("target", "source"))


def revision_of(thing, person, bound: Plan | None) -> dict:
    """What the page of a thing says of versions: the older and newer text, and where it may be said anew.

    `bound`: the plan that binds it. `until`: the plan that is being made, when the newer text holds with its adoption.
    """
    links = list(Link.objects.filter(Q(source=thing.pk) | Q(target=thing.pk), kind=Link.Kind.REPLACES).order_by("pk"))
    ends = {link.target_id if link.source_id == thing.pk else link.source_id for link in links}
    seen = Item.objects.visible_to(person).filter(kind__in=AIMS).in_bulk(ends) if ends else {}
    older = next((seen[link.target_id] for link in links if link.target_id in seen), None)
    newer = next((seen[link.source_id] for link in reversed(links) if link.source_id in seen), None)
    making = _version_being_made(thing, newer, older, bound, person)
    return {
        "older_text": older,
        "newer_text": newer,
        "until": making,
        "revise_url": _revise_url(making, thing, person) if making and not newer and not older else "",
    }


def _revise_url(making: Plan, thing, person) -> str:
    return reverse("planning:revise", args=[making.pk, thing.pk]) if person.has_perm("plan.edit", making) else ""


def _version_being_made(thing, newer: Item | None, older: Item | None, bound: Plan | None, person) -> Plan | None:
    plans = Plan.objects.visible_to(person).under_work().select_related("type")
    if newer or older:
        new = newer.pk if newer else thing.pk
        return plans.filter(contents__item=new, contents__fetched_from=None, replaces__isnull=False).first()
    return plans.filter(replaces=bound.pk).first() if bound else None
