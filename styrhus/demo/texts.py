"""What is written in Fjordvik's plans: paragraphs, and what of the house is placed between them."""

from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from styrhus.demo.sources import read
from styrhus.items.models import Item
from styrhus.organisation.models import Person
from styrhus.planning.models import Plan
from styrhus.trail.models import Change
from styrhus.trail.operations import set_actor
from styrhus.writing import operations as writing
from styrhus.writing.cleaning import block_mark
from styrhus.writing.models import Chapter, ChapterVersion

# How long ago the texts were saved.
WRITTEN = timedelta(days=4)


def load_texts(today: date) -> None:
    known = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    by = Person.objects.get(name=read("contents")["keeper"])
    set_actor(by.pk)
    for told in read("contents")["texts"]:
        plan = Plan.objects.get(title=told["plan"])
        chapter = Chapter.objects.get(item=plan.pk, title=told["chapter"])
        text = "".join(_part(plan, part) for part in told["text"])
        writing.write(chapter, writing.Draft(chapter.title, text), version=chapter.version, by=by)
    set_actor(None)
    _move_back(timezone.make_aware(datetime.combine(today - WRITTEN, time(14))), known)


def _part(plan: Plan, part: str | dict) -> str:
    """A paragraph, or a block of a kind about a thing; about the plan itself when none is named."""
    if isinstance(part, str):
        return f"<p>{part}</p>"
    about = Item.objects.get(title=part["about"]) if "about" in part else plan
    return block_mark(part["block"], str(about.pk))


def _move_back(then: datetime, known: int) -> None:
    ChapterVersion.objects.update(at=then)
    Chapter.objects.filter(versions__isnull=False).update(updated=then)
    Change.objects.filter(pk__gt=known).update(at=then)
