"""Goals, priority areas, strategies and assignments: a register, a page and two forms of each kind."""

from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views import View

from styrhus.items.lists import ItemList
from styrhus.items.models import Item
from styrhus.items.pages import EditItem, NewItem
from styrhus.items.queries import page_of
from styrhus.organisation.queries import positions_of
from styrhus.planning.forms import contents as forms
from styrhus.planning.lists import contents as lists
from styrhus.planning.models import Assignment, Goal, Measure, Plan, PriorityArea, Strategy
from styrhus.planning.operations.contents import stored_parent
from styrhus.planning.queries.contents import binding_plan, page_of_kind, standing_of
from styrhus.planning.queries.threads import above, below, things_like
from styrhus.planning.queries.versions import revision_of

SUGGESTIONS = 12


class ThingPage(View):
    """The page of one thing: its thread up to the top, what is below it, and the plans it stands in."""

    model: type[Item]
    name = ""
    template_name = ""

    def get(self, request, pk):
        thing = thing_or_404(self.model, request.user, pk)
        context = page_of(thing, request.user) | whole_of(thing, request.user)
        context |= self.more(thing) | self.versions(thing, context["bound"])
        context["edit_url"] = self._edit_url(thing)
        return render(request, self.template_name, context)

    def post(self, request, pk):
        """A page shows itself, whatever it is sent."""
        return self.get(request, pk)

    def _edit_url(self, thing) -> str:
        may = self.request.user.has_perm(type(thing).edit_permission(), thing)
        return reverse(f"planning:edit_{self.name}", args=[thing.pk]) if may else ""

    def more(self, thing) -> dict:
        return {}

    def versions(self, thing, bound: Plan | None) -> dict:
        return {}


class AimPage(ThingPage):
    """What a version of a plan may say anew."""

    def versions(self, thing, bound: Plan | None) -> dict:
        return revision_of(thing, self.request.user, bound)


def thing_or_404(model, person, pk):
    found = model._default_manager.visible_to(person).select_related("unit", "responsible").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def whole_of(thing, person) -> dict:
    """What the thing is a part of, and what is a part of it."""
    parts, is_more = below(thing, person)
    standing = standing_of(thing, person)
    return {
        "way": [{"item": each, "url": page_of_kind(each)} for each in above(thing, person)],
        "parts": [{"item": each, "url": page_of_kind(each)} for each in parts],
        "is_more": is_more,
        "standing": standing,
        "home": next((place.plan for place in standing if place.fetched_from_id is None), None),
        "bound": binding_plan(thing),
        "carried": list(thing.cornerstones.all()),
        "adds": _adds(thing, person),
        "whole": True,
    }


# What may be made under a thing of each kind: label, address, permission.
UNDER: dict[type[Item], tuple] = {
    PriorityArea: ("goal", "strategy", "assignment", "measure"),
    Goal: ("sub_goal", "strategy", "assignment", "measure"),
    Strategy: ("assignment", "measure"),
    Assignment: ("measure",),
    Measure: (),
}
NEW = {
    "priority_area": (gettext_lazy("Priority area"), "planning:new_priority_area", "goal.create", ""),
    "goal": (gettext_lazy("Main goal"), "planning:new_goal", "goal.create", ""),
    "sub_goal": (gettext_lazy("Sub-goal"), "planning:new_goal", "goal.create", "&niva=sub"),
    "strategy": (gettext_lazy("Strategy"), "planning:new_strategy", "goal.create", ""),
    "assignment": (gettext_lazy("Assignment"), "planning:new_assignment", "assignment.create", ""),
    "measure": (gettext_lazy("Measure"), "planning:new_measure", "measure.create", ""),
}


def additions(names, person, *, under: int | None = None, plan: int | None = None) -> list[dict]:
    """Links to the forms for what one may make here; the form knows what it follows from and where it stands."""
    known = [f"folger={under}"] if under else []
    known += [f"plan={plan}"] if plan else []
    return [
        {"label": label, "url": f"{reverse(address)}?{'&'.join(known)}{more}"}
        for label, address, permission, more in (NEW[name] for name in names)
        if person.has_perm(permission)
    ]


def _adds(thing, person) -> list[dict]:
    return additions(UNDER[type(thing)], person, under=thing.pk) if not thing.ended else []


class NewContent(NewItem):
    """A new thing: what the address says is filled in, and one comes back to where one was."""

    form_class: type[forms.ContentForm]
    template_name = "planning/content_form.html"

    def initial(self):
        asked = self.request.GET
        mine = positions_of(self.request.user, date.today()).first()
        known: dict[str, Any] = {"unit": mine.unit_id, "responsible": mine} if mine else {}
        if asked.get("folger", "").isdecimal():
            known["part_of"] = asked["folger"][:18]
        if asked.get("plan", "").isdecimal():
            known["plan"] = asked["plan"][:18]
        if asked.get("niva") in Goal.Level.values:
            known["level"] = asked["niva"]
        return known

    def save(self, form):
        self.plan = form.cleaned_data.get("plan")
        return form.made()

    def after(self, item):
        if self.plan and self.request.GET.get("plan") == str(self.plan.pk):
            under = self.request.GET.get("folger", "")
            return reverse("planning:contents", args=[self.plan.pk]) + (f"#ting-{under}" if under.isdecimal() else "")
        return item

    def cancel_url(self):
        asked = self.request.GET
        if asked.get("plan", "").isdecimal():
            return reverse("planning:contents", args=[int(asked["plan"][:18])])
        if asked.get("folger", "").isdecimal():
            return reverse("items:open", args=[int(asked["folger"][:18])])
        return reverse(self.register)

    register = ""


class EditContent(EditItem):
    template_name = "planning/content_form.html"

    def save(self, form, version: int):
        return form.changed(version)

    def _show_both(self, form, current):
        """The other's thread and cornerstones lie beside the thing, so they are put where the fields look."""
        current.part_of = stored_parent(current)
        current.carries = list(current.cornerstones.values_list("pk", flat=True))
        return super()._show_both(form, current)


class PriorityAreaList(ItemList):
    title = gettext_lazy("Priority areas")
    intro = gettext_lazy("Where the municipality puts its strength")
    columns = lists.AIM_COLUMNS
    filters = lists.PriorityAreaFilters
    above = (gettext_lazy("Goals"), "planning:goals")

    def rows(self):
        return PriorityArea.objects.visible_to(self.request.user).select_related("unit", "responsible")

    def actions(self):
        return _new(self.request.user, "goal.create", gettext_lazy("New priority area"), "planning:new_priority_area")


class StrategyList(ItemList):
    title = gettext_lazy("Strategies")
    intro = gettext_lazy("The ways chosen towards the goals")
    columns = lists.AIM_COLUMNS
    filters = lists.StrategyFilters
    above = (gettext_lazy("Goals"), "planning:goals")

    def rows(self):
        return Strategy.objects.visible_to(self.request.user).select_related("unit", "responsible")

    def actions(self):
        return _new(self.request.user, "goal.create", gettext_lazy("New strategy"), "planning:new_strategy")


class GoalList(ItemList):
    title = gettext_lazy("Goals")
    intro = gettext_lazy("What is to be reached, whichever plan says so")
    columns = lists.GOAL_COLUMNS
    filters = lists.GoalFilters

    def rows(self):
        return Goal.objects.visible_to(self.request.user).select_related("unit", "responsible")

    def actions(self):
        others: list[dict] = [
            {"label": gettext_lazy("Priority areas"), "url": reverse("planning:priority_areas")},
            {"label": gettext_lazy("Strategies"), "url": reverse("planning:strategies")},
        ]
        return others + _new(self.request.user, "goal.create", gettext_lazy("New goal"), "planning:new_goal")


class AssignmentList(ItemList):
    title = gettext_lazy("Assignments")
    intro = gettext_lazy("What units are asked to see to, and how it is solved")
    columns = lists.ASSIGNMENT_COLUMNS
    filters = lists.AssignmentFilters

    def rows(self):
        return Assignment.objects.visible_to(self.request.user).select_related("unit", "responsible")

    def actions(self):
        label = gettext_lazy("New assignment")
        return _new(self.request.user, "assignment.create", label, "planning:new_assignment")


def _new(person, permission: str, label, address: str) -> list[dict]:
    if not person.has_perm(permission):
        return []
    return [{"label": label, "url": reverse(address), "main": True, "adds": True}]


class PriorityAreaPage(AimPage):
    model, name = PriorityArea, "priority_area"
    template_name = "planning/priorityarea.html"


class GoalPage(AimPage):
    model, name = Goal, "goal"
    template_name = "planning/goal.html"

    def more(self, thing):
        person = self.request.user
        may_give = person.has_perm("assignment.create") or person.has_perm("measure.create")
        return {"may_give": may_give and not thing.ended}


class StrategyPage(AimPage):
    model, name = Strategy, "strategy"
    template_name = "planning/strategy.html"


class AssignmentPage(ThingPage):
    model, name = Assignment, "assignment"
    template_name = "planning/assignment.html"


class NewPriorityArea(NewContent):
    form_class = forms.PriorityAreaForm
    permission = "goal.create"
    title = gettext_lazy("New priority area")
    register = "planning:priority_areas"


class NewGoal(NewContent):
    form_class = forms.GoalForm
    permission = "goal.create"
    title = gettext_lazy("New goal")
    register = "planning:goals"


class NewStrategy(NewContent):
    form_class = forms.StrategyForm
    permission = "goal.create"
    title = gettext_lazy("New strategy")
    register = "planning:strategies"


class NewAssignment(NewContent):
    form_class = forms.AssignmentForm
    permission = "assignment.create"
    title = gettext_lazy("New assignment")
    register = "planning:assignments"


class EditPriorityArea(EditContent):
    model = PriorityArea
    form_class = forms.PriorityAreaForm
    permission = "goal.edit"


class EditGoal(EditContent):
    model = Goal
    form_class = forms.GoalForm
    permission = "goal.edit"


class EditStrategy(EditContent):
    model = Strategy
    form_class = forms.StrategyForm
    permission = "goal.edit"


class EditAssignment(EditContent):
    model = Assignment
    form_class = forms.AssignmentForm
    permission = "assignment.edit"


def find_things(request):
    """Suggestions while someone types: whatever the field is called, its words are the only parameter."""
    words = next(iter(request.GET.values()), "")[:100]
    found = things_like(request.user, words)[:SUGGESTIONS] if words.strip() else []
    return render(request, "planning/found_things.html", {"found": found})


def plan_or_404(person, pk) -> Plan:
    found = Plan.objects.visible_to(person).select_related("unit", "responsible", "type").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
