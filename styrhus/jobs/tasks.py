"""Work of the queue itself: stalled jobs are run again, old results are thrown away."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from styrhus.jobs.models import Job

STALLED_AFTER_SECONDS = 30
KEEP_RESULTS = timedelta(days=1)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A worker that was killed leaves its job as running: give it to another one."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="throw_away_old_results")
def throw_away_old_results(timestamp: int) -> None:
    for job in Job.objects.filter(created__lt=timezone.now() - KEEP_RESULTS):
        if job.result:
            default_storage.delete(job.result)
        job.delete()
