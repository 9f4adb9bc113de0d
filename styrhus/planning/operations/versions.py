"""A new version of a plan says something anew: the old text stands until the version is adopted."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from styrhus.items import operations as items
from styrhus.items.models import Event, Item, Link
from styrhus.planning.models import Placement, Plan, Thread
from styrhus.planning.models.contents import DROPPED
from styrhus.planning.operations.contents import make, opened
from styrhus.planning.queries.threads import keys_above
from styrhus.planning.queries.versions import replaced_in


@transaction.atomic
def revise(old, new, plan: Plan, *, by, **more):
    """Lets a version say `new` where the one before said `old`. What follows from the old stays with it meanwhile.

    `more`: what the new one follows from and carries, as `make` takes it. Raises ValidationError by field, also when
    somebody else has done the same.
    """
    held = opened(plan)
    before = Placement.objects.filter(plan=held.replaces_id, item=old.pk).first()
    if before is None or old.ended:
        raise ValidationError(_("This does not stand in the version before, so there is nothing to replace."))
    if other := replaced_in(held).get(old.pk):
        title = Item.objects.get(pk=other).title
        raise ValidationError(
            _("The new version says this anew already: “%(title)s”. Change that one.") % {"title": title}
        )
    made = make(new, by=by, plan=held, **more)
    items.link(made.as_item, old.as_item, Link.Kind.REPLACES, by=by)
    _put_where_the_old_stood(made, before, held)
    return made


def _put_where_the_old_stood(made, before: Placement, plan: Plan) -> None:
    """After what stood before it in the older version and stands here too, itself or as said anew."""
    Placement.objects.filter(plan=plan.pk, item=before.item_id).delete()
    said_anew = replaced_in(plan)
    earlier = Placement.objects.filter(plan=before.plan_id, order__lt=before.order).values_list("item", flat=True)
    keys = {key for item in earlier for key in (item, said_anew.get(item)) if key}
    here = Placement.objects.filter(plan=plan.pk)
    orders = here.filter(item__in=keys).exclude(item=made.pk).order_by("-order").values_list("order", flat=True)
    order = (orders.first() or 0) + 1
    here.filter(order__gte=order).exclude(item=made.pk).update(order=F("order") + 1)
    here.filter(item=made.pk).update(order=order)


@transaction.atomic
def move_over(plan: Plan, *, by) -> None:
    """With the adoption of a version, what follows from a thing it says anew follows from the new text.

    Plans that have fetched the old text have the new one from then on.
    """
    pairs = replaced_in(plan)
    for old, new in pairs.items():
        kept = {*pairs, new, *keys_above(new)}
        Thread.objects.filter(part_of=old).exclude(item__in=kept).update(part_of=new)
        _fetch_instead(old, new, plan)
    _let_go(pairs.keys(), plan, by=by)


def _fetch_instead(old: int, new: int, plan: Plan) -> None:
    fetched = Placement.objects.filter(item=old, plan__ended=None, fetched_from__isnull=False)
    has_both = Placement.objects.filter(item=new).values("plan")
    fetched.filter(plan__in=has_both).delete()
    fetched.update(item=new, fetched_from=plan)


def _let_go(keys: Collection[int], plan: Plan, *, by) -> None:
    """It follows from the adoption, so nobody's permission is asked once more."""
    open_things = Item.objects.filter(pk__in=keys, ended=None).order_by("pk").select_for_update(no_key=True)
    note = _("Replaced in “%(plan)s”.") % {"plan": plan.title}
    Event.objects.bulk_create(
        Event(item_id=thing.pk, by=by, step="drop", source=thing.state, target=DROPPED, note=note)
        for thing in open_things
    )
    now = timezone.now()
    Item.objects.filter(pk__in=keys, ended=None).update(state=DROPPED, ended=now, version=F("version") + 1, updated=now)
