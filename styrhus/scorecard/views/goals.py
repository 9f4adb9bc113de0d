"""The goals that are followed on the scorecard: common to all units, or unique to one."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.lists import ListPage
from styrhus.organisation.access import require
from styrhus.planning.models import Goal
from styrhus.planning.pages import form_page
from styrhus.scorecard.forms.focus import LastYearForm, ScorecardGoalForm
from styrhus.scorecard.lists.goals import GOAL_COLUMNS, GoalFilters
from styrhus.scorecard.models import ScorecardGoal
from styrhus.scorecard.operations import focus
from styrhus.scorecard.pages import sent, tell_refusal

SHOWN = "scorecard:goals"
MAKES = "indicator.create"


class GoalsOnScorecard(ListPage):
    title = gettext_lazy("Goals on the scorecard")
    intro = gettext_lazy("Which goals are followed, in which focus area, and whether they hold for all units")
    above = (gettext_lazy("Scorecard"), "scorecard:scorecard")
    columns = GOAL_COLUMNS
    filters = GoalFilters
    order = "area"

    def rows(self):
        person = self.request.user
        seen = Goal.objects.visible_to(person)
        mine = seen.where(person, MAKES).filter(pk=OuterRef("goal"))
        own = Exists(mine) if not person.has_perm(focus.SET_UP) else Exists(seen.filter(pk=OuterRef("goal")))
        found = ScorecardGoal.objects.filter(goal__in=seen).select_related("goal__unit", "focus_area")
        living = Count("goal__indicators", filter=Q(goal__indicators__ended=None))
        return found.annotate(may_change=own, indicator_count=living)

    def actions(self):
        if not self.request.user.has_perm(MAKES):
            return []
        return [
            {"label": _("New goal on the scorecard"), "url": reverse("scorecard:new_goal"), "main": True, "adds": True}
        ]


def new_goal(request):
    require(request.user, MAKES)
    year = date.today().year
    form = ScorecardGoalForm(sent(request), by=request.user, year=year, initial={"first_year": year})
    return _asked(request, form, _("New goal on the scorecard"))


def edit_goal(request, pk):
    followed = _followed_or_404(request.user, pk)
    form = ScorecardGoalForm(sent(request), instance=followed, by=request.user, year=date.today().year)
    return _asked(request, form, _("Change “%(title)s”") % {"title": followed.goal})


def end_goal(request, pk):
    followed = _followed_or_404(request.user, pk)
    year = date.today().year
    form = LastYearForm(sent(request), initial={"last_year": max(year, followed.first_year)})
    if request.method == "POST" and form.is_valid():
        last = form.cleaned_data["last_year"]
        try:
            focus.end_goal(followed, last_year=last, this_year=year, by=request.user)
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(SHOWN)
    return form_page(request, form, _("End “%(title)s”") % {"title": followed.goal}, reverse(SHOWN))


def _followed_or_404(person, pk) -> ScorecardGoal:
    seen = Goal.objects.visible_to(person)
    found = ScorecardGoal.objects.filter(goal__in=seen, pk=pk).select_related("goal__unit", "focus_area").first()
    if found is None:
        raise Http404
    require(person, focus.SET_UP if found.is_common else MAKES, found.goal)
    return found


def _asked(request, form, title: str):
    if request.method == "POST" and form.is_valid():
        try:
            kept = focus.follow_goal(form.save(commit=False), by=request.user)
        except ValidationError as refused:
            tell_refusal(form, refused)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": kept.goal})
            return redirect(SHOWN)
    return form_page(request, form, title, reverse(SHOWN))
