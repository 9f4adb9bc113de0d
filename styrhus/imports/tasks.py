"""The long work of imports. Each may be run again: it meets the import as it stands, and does what is left."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from styrhus.imports import operations
from styrhus.imports.models import Import
from styrhus.imports.operations import Report
from styrhus.jobs import operations as jobs


@contextmanager
def _telling(job) -> Iterator[Report]:
    """Progress in thousandths: how many rows there are is not known before they are read."""
    with jobs.reporting_aside(job) as report:
        yield lambda rows, share: report(
            int(1000 * share), 1000, _("%(rows)s rows read") % {"rows": f"{rows:,}".replace(",", "\u00a0")}
        )


@app.task(queue="default")
def check_import(job_id: int, import_id: int) -> None:
    with jobs.running(job_id) as job, _telling(job) as report:
        operations.check(Import.objects.get(pk=import_id), report)


@app.task(queue="default")
def load_import(job_id: int, import_id: int) -> None:
    with jobs.running(job_id) as job, _telling(job) as report:
        operations.load(Import.objects.get(pk=import_id), report)


@app.task(queue="default")
def undo_import(job_id: int, import_id: int) -> None:
    with jobs.running(job_id) as job:
        operations.take_back(Import.objects.get(pk=import_id), by=job.by)
