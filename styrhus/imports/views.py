"""Files in, page by page: choose the file, match its columns, see what it would do, load it, and take it back."""

import csv
from itertools import islice
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from styrhus.imports import operations, tasks
from styrhus.imports.forms import SAMPLES, ColumnsForm, LoadForm, UploadForm
from styrhus.imports.lists import COLUMNS, ImportFilters, rows_for
from styrhus.imports.models import Import, ImportFile
from styrhus.imports.queries import imports_open_to, kinds_open_to
from styrhus.jobs import operations as jobs
from styrhus.kit.export import harmless
from styrhus.kit.lists import ListPage
from styrhus.kit.loading import ADDED, CHANGED, REFUSED, Kind, opened_as
from styrhus.kit.reading import Broken, Table, Unreadable

LOOKED_AT = 200
PER_PAGE = 25


class ImportList(ListPage):
    title = gettext_lazy("Imports")
    intro = gettext_lazy("Files that have been loaded, what came of it, and the way back")
    columns = COLUMNS
    filters = ImportFilters
    order = "-created"

    def rows(self):
        _require_some_kind(self.request.user)
        return rows_for(self.request.user)

    def actions(self):
        return [{"label": _("New import"), "url": reverse("imports:new"), "main": True, "adds": True}]


def _require_some_kind(person) -> list[Kind]:
    if kinds := kinds_open_to(person):
        return kinds
    raise PermissionDenied


def visible_or_404(person, pk) -> Import:
    return get_object_or_404(imports_open_to(person).select_related("by", "job", "undone_by"), pk=pk)


def new(request):
    kinds = _require_some_kind(request.user)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, by=request.user)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            taken = operations.take(asked["file"], kind=asked["kind"], source=asked["source"], by=request.user)
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:columns", taken.pk)
    context = {"form": form, "kinds": kinds}
    return render(request, "imports/new.html", context, status=422 if form.is_bound and form.errors else 200)


def columns(request, pk):
    """What each column holds: as guessed or remembered, shown with its first values, and corrected here."""
    of = visible_or_404(request.user, pk)
    if not of.is_open or _is_running(of):
        return redirect(of)
    sheet = request.POST.get("sheet", of.sheet)
    try:
        table, samples = _looked_at(of, sheet)
    except Unreadable as error:
        messages.error(request, str(error))
        return redirect(of)
    mapping = of.mapping if sheet == of.sheet else operations.guess(of.its_kind, table.header)
    asked = request.POST if request.method == "POST" and sheet == of.sheet else None
    known = {"kind": of.its_kind, "table": table, "samples": samples, "mapping": mapping, "same": of.same}
    form = ColumnsForm(asked, **known, initial={"sheet": sheet, "leave_stray": of.leave_stray})
    if sheet != of.sheet:
        operations.choose_sheet(of, sheet, mapping)
    elif asked is not None and form.is_valid():
        if operations.match(of, form.mapping, form.same, leave_stray=form.leave_stray):
            _start(of, tasks.check_import, _("Checking %(file)s") % {"file": of}, by=request.user)
        return redirect(of)
    return render(
        request, "imports/columns.html", {"of": of, "form": form}, status=422 if form.is_bound and form.errors else 200
    )


def _looked_at(of: Import, sheet: str) -> tuple[Table, dict[str, list[str]]]:
    """The header of the first file, and the first different values of each column."""
    of.sheet, chosen = sheet, of.sheet
    with operations.sources(of) as (source, *_others):
        of.sheet = chosen
        with opened_as(of.its_kind, source, leave_stray=True) as table:
            samples: dict[str, list[str]] = {column: [] for column in table.header}
            for _line, cells in islice(table.rows, LOOKED_AT):
                if isinstance(cells, Broken):
                    continue
                for column, cell in zip(table.header, cells, strict=True):
                    if len(samples[column]) < SAMPLES and cell.strip() and cell not in samples[column]:
                        samples[column].append(cell)
    return table, samples


def _start(of: Import, task, title: str, *, by) -> None:
    of.job = jobs.start(task, by=by, title=title, import_id=of.pk)
    of.save(update_fields=["job"])


def _is_running(of: Import) -> bool:
    return of.job is not None and not of.job.has_ended


def show(request, pk):
    of = visible_or_404(request.user, pk)
    if _is_running(of):
        return render(request, "imports/import.html", {"of": of, "running": True})
    return render(request, "imports/import.html", _result(of, request, LoadForm(refused=of.refused)))


def _result(of: Import, request, form) -> dict:
    """What is shown when no job runs: counts, totals, and the rows of one outcome at a time."""
    counts = {REFUSED: of.refused, ADDED: of.added, CHANGED: of.changed}
    labels = {REFUSED: _("Refused"), ADDED: _("New"), CHANGED: _("Changed")}
    first = next((name for name, count in counts.items() if count), REFUSED)
    outcome = request.GET.get("rows") if request.GET.get("rows") in counts else first
    page = Paginator(of.rows.filter(outcome=outcome), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "of": of,
        "form": form,
        "problems": of.problem.splitlines(),
        "is_checked": of.state != Import.State.UPLOADED and not (of.is_open and of.problem),
        "outcome": outcome,
        "tab_query": urlencode({"rows": outcome}),
        "page": page,
        "tabs": [(name, labels[name], count, name == outcome) for name, count in counts.items()],
        "totals": _totals(of),
    }


def _totals(of: Import) -> list[dict]:
    labels = {each.name: each.label for each in of.its_kind.fields}
    return [{"label": labels.get(name, name)} | total for name, total in of.totals.items()]


def progress(request, pk):
    """The bar alone, asked for every other second; when the job has ended the whole page is fetched anew."""
    of = visible_or_404(request.user, pk)
    if _is_running(of):
        return render(request, "imports/progress.html", {"of": of})
    return HttpResponseClientRefresh() if request.htmx else redirect(of)


@require_POST
def load(request, pk):
    of = visible_or_404(request.user, pk)
    if not of.is_open or of.state == Import.State.UPLOADED or _is_running(of):
        return redirect(of)
    form = LoadForm(request.POST, refused=of.refused)
    if not form.is_valid():
        return render(request, "imports/import.html", _result(of, request, form), status=422)
    of.allow_refused = form.cleaned_data.get("allow_refused", False)
    of.save(update_fields=["allow_refused"])
    _start(of, tasks.load_import, _("Loading %(file)s") % {"file": of}, by=request.user)
    return redirect(of)


def undo(request, pk):
    """Asks first: everything that the load wrote is taken back, or nothing is."""
    of = visible_or_404(request.user, pk)
    if of.state != Import.State.LOADED or _is_running(of):
        return redirect(of)
    if request.method == "POST":
        _start(of, tasks.undo_import, _("Undoing %(file)s") % {"file": of}, by=request.user)
        return redirect(of)
    context = {
        "question": _("Undo the import of %(file)s?") % {"file": of},
        "consequence": _(
            "Everything it added goes, and everything it changed becomes as it was. "
            "If something has been changed since, nothing is undone, and you are told what."
        ),
        "confirm_label": _("Undo the import"),
        "dangerous": True,
        "cancel_url": of.get_absolute_url(),
    }
    return render(request, "kit/confirm.html", context)


def throw_away(request, pk):
    of = visible_or_404(request.user, pk)
    if not of.is_open or _is_running(of):
        return redirect(of)
    if request.method == "POST":
        operations.throw_away(of)
        messages.success(request, _("The file is thrown away. Nothing was loaded."))
        return redirect("imports:imports")
    context = {
        "question": _("Throw away %(file)s?") % {"file": of},
        "consequence": _("Nothing has been loaded from it."),
        "confirm_label": _("Throw away"),
        "cancel_url": of.get_absolute_url(),
    }
    return render(request, "kit/confirm.html", context)


def refused(request, pk):
    """The rows that are refused, as a spreadsheet to correct the file by."""
    of = visible_or_404(request.user, pk)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="avvist-{of.pk}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("File"), _("Line"), _("Column"), _("Reason")])
    for row in of.rows.filter(outcome=REFUSED):
        writer.writerow([harmless(row.file), row.line, harmless(row.column), harmless(row.reason)])
    return response


def download(request, pk, file):
    """The file as it came. Always a download: never shown inside our own pages."""
    of = visible_or_404(request.user, pk)
    kept = get_object_or_404(ImportFile, pk=file, of=of)
    if getattr(request.user, "support", None) or not default_storage.exists(kept.stored_as):
        raise Http404
    response = FileResponse(
        default_storage.open(kept.stored_as),
        as_attachment=True,
        filename=kept.name,
        content_type="application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
