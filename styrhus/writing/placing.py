"""The live block that every context gets for nothing: any item, with its state and who answers for it."""

from django.template.loader import render_to_string

from styrhus.items.models import Item
from styrhus.writing.blocks import Choice

OFFERED = 20


def items_to_place(item, person, words: str) -> list[Choice]:
    """What a person can see that has these words; without words what the item is linked to."""
    seen = Item.objects.visible_to(person).exclude(pk=item.pk).select_related("unit")
    number = words.strip().removeprefix("#")
    if number.isdecimal() and len(number) < 18:
        found = seen.filter(pk=number)
    elif words.strip():
        found = seen.with_words(words).order_by("title_key", "pk")
    else:
        linked = item.as_item.links_out.values("target").union(item.as_item.links_in.values("source"))
        found = seen.filter(pk__in=[row["target"] for row in linked])
    return [
        Choice(str(each.pk), each.title, f"{each.get_kind_display()} #{each.pk}, {each.unit}")
        for each in found[:OFFERED]
    ]


def items_drawn(asked: dict[str, list[str]], person) -> dict[tuple[str, str], str]:
    numbers = [int(key) for keys in asked.values() for key in keys if key.isdecimal() and len(key) < 18]
    found = Item.objects.visible_to(person).filter(pk__in=numbers).select_related("unit", "responsible").in_bulk()
    drawn = {pk: render_to_string("writing/block_item.html", {"item": item}) for pk, item in found.items()}
    return {(name, str(pk)): html for name in asked for pk, html in drawn.items()}
