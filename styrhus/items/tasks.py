"""Long work on items."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils.text import slugify
from procrastinate.contrib.django import app

from styrhus.jobs import operations as jobs
from styrhus.kit import export
from styrhus.kit.lists import CountedToALimit

REPORT_EVERY = 500


@app.task(queue="default")
def export_register(job_id: int, register: str, query: str) -> None:
    """Makes a register's spreadsheet. Run again it makes the same file once more, in the same place."""
    with jobs.running(job_id) as job, tempfile.TemporaryDirectory() as folder:
        view = _register_as(job.by, register, query)
        rows = view.chosen()
        total = CountedToALimit(rows, 1).count
        target = Path(folder) / "register.xlsx"

        def on_row(number: int) -> None:
            if number % REPORT_EVERY == 0:
                jobs.report(job, number, max(total, number), str(view.title))

        export.write_xlsx(str(target), view.columns, rows.iterator(chunk_size=export.CHUNK), on_row)
        job.result, job.result_name = f"results/{job.pk}.xlsx", f"{slugify(str(view.title))}.xlsx"
        default_storage.delete(job.result)
        with target.open("rb") as made:
            default_storage.save(job.result, File(made))


def _register_as(person, register: str, query: str):
    """The register's own view, set up for a person: what is exported is what that person may see now."""
    func: Any = resolve(reverse(register)).func
    request = HttpRequest()
    request.GET, request.user = QueryDict(query), person
    view = func.view_class()
    view.setup(request)
    return view
