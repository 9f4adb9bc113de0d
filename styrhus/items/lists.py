"""A register of items: what every one of them has beyond a plain list."""

from datetime import date

import django_filters as filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxInput, ModelChoiceField
from django.forms.models import ModelChoiceIterator
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.items.models import SavedView
from styrhus.items.tasks import export_register
from styrhus.jobs import operations as jobs
from styrhus.kit.fields import DateInput, LeanSelect
from styrhus.kit.lists import Column, CountedToALimit, ListPage, linked, shown, tag
from styrhus.organisation.models import Unit
from styrhus.organisation.queries import indented_units

EXPORT_AT_ONCE = 2_000


def due_look(item):
    """The deadline, with a word when it has passed."""
    if not item.is_overdue(date.today()):
        return shown(item.due)
    return mark_safe(f"{shown(item.due)} {tag(_('overdue'), color='danger')}")  # noqa: S308 - a date and a tag


def state_look(item):
    return tag(item.get_state_display(), state=item.state)


TITLE = Column("title", gettext_lazy("Title"), "title", order=("title_key",), look=linked, kind="head")
UNIT = Column("unit", gettext_lazy("Unit"), "unit", order=("unit__path",))
RESPONSIBLE = Column("responsible", gettext_lazy("Responsible"), "responsible.title")
STATE = Column(
    "state", gettext_lazy("Status"), lambda item: item.get_state_display(), order=("state",), look=state_look
)
DUE = Column("due", gettext_lazy("Due"), "due", order=("due",), look=due_look, kind="date")


class UnitOptions(ModelChoiceIterator):
    """The units as bare values in the order of the tree: a register offers them all."""

    def __iter__(self):
        yield "", self.field.empty_label
        yield from indented_units()


class UnitChoice(ModelChoiceField):
    iterator = UnitOptions
    widget = LeanSelect


class UnitFilter(filters.ModelChoiceFilter):
    field_class = UnitChoice


class ItemFilters(filters.FilterSet):
    """Filters that every register of items has."""

    q = filters.CharFilter(label=gettext_lazy("Words in the title"), method="with_words")
    unit = UnitFilter(
        label=gettext_lazy("Unit and below"),
        queryset=Unit.objects.all(),
        method="in_unit",
        empty_label=gettext_lazy("All"),
    )
    state = filters.ChoiceFilter(label=gettext_lazy("Status"), method="in_state", empty_label=gettext_lazy("All open"))
    due_from = filters.DateFilter(label=gettext_lazy("Due from"), field_name="due", lookup_expr="gte", widget=DateInput)
    due_to = filters.DateFilter(label=gettext_lazy("Due to"), field_name="due", lookup_expr="lte", widget=DateInput)
    mine = filters.BooleanFilter(label=gettext_lazy("Only mine"), method="of_mine", widget=CheckboxInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["state"].extra["choices"] = [
            ("all", gettext_lazy("All")),
            ("overdue", gettext_lazy("Overdue")),
            *((state.name, state.label) for state in self._meta.model.flow.states),
        ]

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        # A register opens on what is still to be done.
        return queryset if self.form.cleaned_data.get("state") else queryset.filter(ended__isnull=True)

    def with_words(self, queryset, name, words):
        return queryset.with_words(words)

    def of_mine(self, queryset, name, ticked):
        return queryset.where(self.request.user, "item.follow_up") if ticked else queryset

    def in_unit(self, queryset, name, unit):
        return queryset.filter(unit__in=Unit.objects.below(unit).named())

    def in_state(self, queryset, name, state):
        if state == "all":
            return queryset
        return queryset.overdue(date.today()) if state == "overdue" else queryset.filter(state=state)


class ItemList(ListPage):
    """Saved views, and exports that are too long to wait for become a job with progress."""

    order = "due"
    can_save_view = True

    def saved_views(self):
        register = self.request.resolver_match.view_name
        return SavedView.objects.filter(person=self.request.user.pk, register=register)

    def export(self, form: str, chosen):
        if form == "csv" or CountedToALimit(chosen, 1).count <= EXPORT_AT_ONCE:
            return super().export(form, chosen)
        if getattr(self.request.user, "support", None):
            # A job is written down, and runs with all that the person may see.
            raise PermissionDenied
        job = jobs.start(
            export_register,
            by=self.request.user,
            title=_("%(register)s as a spreadsheet") % {"register": self.title},
            register=self.request.resolver_match.view_name,
            query=self.request.GET.urlencode(),
        )
        messages.info(self.request, _("The list is long, so the file is being made. You may go on with other things."))
        return redirect(job)
