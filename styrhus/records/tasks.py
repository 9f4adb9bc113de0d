"""Long work on records."""

import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from styrhus.jobs import operations as jobs
from styrhus.records.packing import faults_in, pack, records_of


@app.task(queue="default")
def export_records(job_id: int, chosen: dict) -> None:
    """Makes the package and reads it back before anybody gets it. Run again it makes the same once more."""
    with jobs.running(job_id) as job, tempfile.TemporaryDirectory() as folder:
        things, target = records_of(job.by, chosen), Path(folder) / "records.zip"
        total = things.count()
        pack(things, target, by=job.by, on_thing=lambda number: jobs.report(job, number, total, _("Packing records")))
        if faults := faults_in(target):
            raise OSError(f"the package does not read back: {faults[:3]}")
        job.result, job.result_name = f"results/{job.pk}.zip", f"arkivuttrekk-{job.pk}.zip"
        default_storage.delete(job.result)
        with target.open("rb") as made:
            default_storage.save(job.result, File(made))
