"""The municipality orders its scorecard: focus areas from a year on, and the goals that are followed in them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.refusals import told_in_words
from styrhus.organisation.access import require
from styrhus.scorecard.models import FocusArea, Indicator, ScorecardGoal

SET_UP = "scorecard.set_up"
SAME_NAME = gettext_lazy("There is a focus area of this name in some of these years. Choose another name.")
TAKEN = {"focus_areas_that_hold_are_told_apart": ("name", SAME_NAME)}


@dataclass(frozen=True)
class Words:
    """What a focus area is called, what it asks, and how it is shown."""

    name: str
    question: str = ""
    order: int = 0
    colour: str = "area-1"


@transaction.atomic
def make_area(words: Words, *, year: int, this_year: int, by) -> FocusArea:
    require(by, SET_UP)
    _refuse_the_past(year, this_year, "first_year")
    _refuse_same_name(words.name, year)
    with told_in_words(TAKEN):
        return FocusArea.objects.create(**vars(words), first_year=year)


@transaction.atomic
def change_area(area: FocusArea, words: Words, *, year: int, this_year: int, by) -> FocusArea:
    """Changes a focus area from a year on. What was judged by it before keeps the old words.

    Raises ValidationError by field: a year that is over, or an area that ends or is replaced before it.
    """
    require(by, SET_UP)
    held = FocusArea.objects.select_for_update().get(pk=area.pk)
    _refuse_the_past(year, this_year, "first_year")
    if held.last_year is not None:
        raise ValidationError({"first_year": _("It ends in %(year)s. Change what holds after it.") % _of(held)})
    _refuse_same_name(words.name, year, besides=held)
    with told_in_words(TAKEN):
        return _changed_from(held, words, year)


def _changed_from(held: FocusArea, words: Words, year: int) -> FocusArea:
    if held.first_year >= year:
        FocusArea.objects.filter(pk=held.pk).update(**vars(words), first_year=year)
        return FocusArea.objects.get(pk=held.pk)
    held.last_year = year - 1
    held.save(update_fields=["last_year"])
    return FocusArea.objects.create(**vars(words), first_year=year, replaces=held)


def _refuse_same_name(name: str, year: int, besides: FocusArea | None = None) -> None:
    others = FocusArea.objects.filter(Q(last_year=None) | Q(last_year__gte=year), name=name)
    if others.exclude(pk=besides.pk if besides else 0).exists():
        raise ValidationError({"name": SAME_NAME})


def _of(area: FocusArea) -> dict[str, int | None]:
    return {"year": area.last_year}


def _refuse_the_past(year: int, this_year: int, field: str) -> None:
    if year < this_year:
        raise ValidationError({field: _("The year is over, and is kept as it was judged. Choose this year or later.")})


@transaction.atomic
def end_area(area: FocusArea, *, last_year: int, this_year: int, by) -> FocusArea:
    """Raises ValidationError by field: a year that is over, or before the area begins."""
    require(by, SET_UP)
    held = FocusArea.objects.select_for_update().get(pk=area.pk)
    _refuse_the_past(last_year, this_year, "last_year")
    if last_year < held.first_year:
        raise ValidationError({"last_year": _("It does not begin until %(year)s.") % {"year": held.first_year}})
    held.last_year = last_year
    held.save(update_fields=["last_year"])
    return held


@transaction.atomic
def follow_goal(followed: ScorecardGoal, *, by) -> ScorecardGoal:
    """Puts a goal on the scorecard, or changes how it stands there.

    Raises ValidationError by field: one without an indicator says why it is judged in words.
    """
    require(by, "indicator.create", followed.goal)
    if followed.is_common != _is_common(followed):
        require(by, SET_UP)
    measured = Indicator.objects.filter(of_goal=followed.goal_id, ended=None).exists()
    if not measured and not followed.without_indicator.strip():
        words = _("No indicator measures this goal. Say why, or make the indicator first.")
        raise ValidationError({"without_indicator": words})
    followed.full_clean(validate_unique=False)
    followed.save()
    return followed


def _is_common(followed: ScorecardGoal) -> bool:
    stored = ScorecardGoal.objects.filter(pk=followed.pk).first()
    return bool(stored and stored.is_common)


@transaction.atomic
def end_goal(followed: ScorecardGoal, *, last_year: int, this_year: int, by) -> ScorecardGoal:
    """The goal leaves the scorecard after a year; the cards of the years before keep it."""
    require(by, SET_UP if followed.is_common else "indicator.create", followed.goal)
    _refuse_the_past(last_year, this_year, "last_year")
    if last_year < followed.first_year:
        words = _("It is not on the scorecard until %(year)s.") % {"year": followed.first_year}
        raise ValidationError({"last_year": words})
    followed.last_year = last_year
    followed.save(update_fields=["last_year"])
    return followed
