"""The plain pages of a kind: make a new one, change one. What goes beyond is a function in the kind's own views."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View

from styrhus.items import operations
from styrhus.items.forms import ItemForm
from styrhus.items.models import Item
from styrhus.items.queries import differences
from styrhus.organisation.access import require


def warn_of_vacancy(request, item) -> None:
    """A position that nobody holds may answer for a thing, but never without somebody knowing."""
    if item.responsible.holders(date.today()).exists():
        return
    words = _(
        "Nobody holds the position “%(position)s” now, so nobody is told of this. Choose another one, or appoint."
    )
    messages.warning(request, words % {"position": item.responsible})


class NewItem(View):
    """Subclasses say `form_class`, `permission`, `title` and `cancel_url()`."""

    form_class: type[ItemForm]
    permission = ""
    title: str | Promise = ""
    template_name = "items/form.html"

    def initial(self) -> dict:
        return {}

    def cancel_url(self) -> str:
        raise NotImplementedError

    def get(self, request):
        require(request.user, self.permission)
        form = self.form_class(by=request.user, permission=self.permission, initial=self.initial())
        return self._show(form)

    def post(self, request):
        require(request.user, self.permission)
        form = self.form_class(request.POST, by=request.user, permission=self.permission)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            item = self.save(form)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self._show(form, status=422)
        messages.success(request, _("“%(title)s” is saved.") % {"title": item.title})
        warn_of_vacancy(request, item)
        return redirect(self.after(item))

    def save(self, form):
        """May be another operation of the kind's own. What it refuses is shown in the form."""
        return operations.create(form.save(commit=False), by=self.request.user)

    def after(self, item):
        """Where one comes when it is saved: the page of the new thing."""
        return item

    def _show(self, form, status=200):
        context = {"form": form, "title": self.title, "cancel_url": self.cancel_url(), "keep": "new"}
        return render(self.request, self.template_name, context, status=status)


class EditItem(View):
    """Subclasses say `model`, `form_class` and `permission`."""

    model: type[Item]
    form_class: type[ItemForm]
    permission = ""
    template_name = "items/form.html"

    def get(self, request, pk):
        item = self._item(pk)
        return self._show(self._form(item), item)

    def post(self, request, pk):
        item = self._item(pk)
        form = self._form(item, request.POST)
        if not form.is_valid():
            return self._show(form, item, status=422)
        try:
            self.save(form, version=form.cleaned_data["version"] or 0)
        except operations.Conflict as conflict:
            return self._show_both(form, conflict.current)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self._show(form, item, status=422)
        messages.success(request, _("The changes are saved."))
        if "responsible" in form.changed_data:
            warn_of_vacancy(request, item)
        return redirect(item)

    def save(self, form, version: int):
        """May be another operation of the kind's own. What it refuses is shown in the form."""
        return operations.edit(form.save(commit=False), version=version, by=self.request.user)

    def _item(self, pk):
        item = self.model.objects.visible_to(self.request.user).filter(pk=pk).first()
        if item is None:
            raise Http404
        require(self.request.user, self.permission, item)
        return item

    def _form(self, item, data=None):
        return self.form_class(data, instance=item, by=self.request.user, permission=self.permission)

    def _show_both(self, form, current):
        """What the other has saved beside what was typed here; saving once more chooses this one, knowingly."""
        found = differences(current, form)
        form.data = form.data.copy()
        form.data["version"] = current.version
        return self._show(form, current, status=409, differences=found, changed_by=current.last_change())

    def _show(self, form, item, status=200, **more):
        title = _("Change “%(title)s”") % {"title": item.title}
        context = {"form": form, "title": title, "cancel_url": item.get_absolute_url(), "keep": f"v{item.version}"}
        return render(self.request, self.template_name, context | more, status=status)
