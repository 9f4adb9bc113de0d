"""Long work on records."""

import hashlib
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from styrhus.jobs import operations as jobs
from styrhus.records import removing
from styrhus.records.models import Export
from styrhus.records.packing import faults_in, pack, records_of


@app.task(queue="default")
def export_records(job_id: int, chosen: dict) -> None:
    """Makes the package and reads it back before anybody gets it. Run again it makes the same once more."""
    with jobs.running(job_id) as job, tempfile.TemporaryDirectory() as folder:
        began = timezone.now()
        things, target = records_of(job.by, chosen), Path(folder) / "records.zip"
        total = things.count()
        pack(things, target, by=job.by, on_thing=lambda number: jobs.report(job, number, total, _("Packing records")))
        if faults := faults_in(target):
            raise OSError(f"the package does not read back: {faults[:3]}")
        job.result, job.result_name = f"results/{job.pk}.zip", f"arkivuttrekk-{job.pk}.zip"
        default_storage.delete(job.result)
        with target.open("rb") as made:
            default_storage.save(job.result, File(made))
            made.seek(0)
            sha256 = hashlib.file_digest(made, "sha256").hexdigest()
        numbers = list(things.values_list("pk", flat=True))
        Export.objects.create(by=job.by, at=began, numbers=numbers, sha256=sha256)


@app.task(queue="default")
def look_for_removal(job_id: int) -> None:
    with jobs.running(job_id) as job, jobs.reporting_aside(job) as report:
        removing.look(job, report)


# One at a time: two would wait for each other's rows.
@app.task(queue="default", lock="removal")
def carry_out_removal(job_id: int) -> None:
    with jobs.running(job_id) as job, jobs.reporting_aside(job) as report:
        removing.carry_out(job, report)
