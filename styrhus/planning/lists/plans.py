from datetime import date

import django_filters as filters
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styrhus.items.lists import RESPONSIBLE, TITLE, ItemFilters, state_look
from styrhus.kit.lists import NOTHING, Column, tag
from styrhus.planning.models import Plan, PlanType


def state_with_revision(plan):
    drawn = state_look(plan)
    return format_html("{} {}", drawn, tag(_("under revision"), color="info")) if plan.is_under_revision else drawn


def state_in_words(plan) -> str:
    """For files: as the page shows it."""
    words = str(plan.get_state_display())
    return f"{words}, {_('under revision')}" if plan.is_under_revision else words


def age_in_words(plan) -> str:
    years = plan.age(date.today())
    if years is None or not plan.is_in_force:
        return NOTHING
    if years == 0:
        return _("this year")
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def age_with_word(plan):
    words = age_in_words(plan)
    if not plan.is_too_old(date.today()):
        return words
    return format_html("{} {}", words, tag(_("too old"), color="warning"))


def age_with_word_in_files(plan) -> str:
    return f"{age_in_words(plan)}, {_('too old')}" if plan.is_too_old(date.today()) else age_in_words(plan)


TYPE = Column("type", gettext_lazy("Plan type"), "type", order=("type__order", "title_key"))
PERIOD = Column("period", gettext_lazy("Period"), "period", order=("first_year", "last_year"), kind="date")
STATE = Column("state", gettext_lazy("Status"), state_in_words, order=("state",), look=state_with_revision)
ADOPTED = Column("adopted", gettext_lazy("Adopted"), "adopted_on", order=("adopted_on",), kind="date")
DECISION = Column("decision", gettext_lazy("Decision"), "decision")
AGE = Column("age", gettext_lazy("Age"), age_with_word_in_files, order=("-adopted_on",), look=age_with_word)
PLAN_COLUMNS = (TITLE, TYPE, PERIOD, STATE, RESPONSIBLE, ADOPTED, DECISION, AGE)

STANDINGS = (
    ("in_force", gettext_lazy("In force")),
    ("under_work", gettext_lazy("Being made")),
    ("under_revision", gettext_lazy("Under revision")),
    ("too_old", gettext_lazy("Too old")),
)
LEVELS = ((1, gettext_lazy("The whole municipality")), (2, gettext_lazy("One operating unit")))


class PlanFilters(ItemFilters):
    type = filters.ModelChoiceFilter(
        label=gettext_lazy("Plan type"), queryset=PlanType.objects.all(), empty_label=gettext_lazy("All")
    )
    standing = filters.ChoiceFilter(
        label=gettext_lazy("Stands as"), choices=STANDINGS, method="of_standing", empty_label=gettext_lazy("All")
    )
    level = filters.ChoiceFilter(
        label=gettext_lazy("Holds for"), choices=LEVELS, field_name="type__level", empty_label=gettext_lazy("All")
    )
    # A plan is not due as a measure is.
    due_from = due_to = None

    class Meta:
        model = Plan
        fields = ["q", "type", "standing", "state", "unit", "level"]

    def of_standing(self, queryset, name, standing):
        if standing == "in_force":
            return queryset.filter(state=Plan.ADOPTED)
        if standing == "under_work":
            return queryset.under_work()
        if standing == "under_revision":
            return queryset.filter(is_under_revision=True, state=Plan.ADOPTED)
        return queryset.too_old(date.today())
