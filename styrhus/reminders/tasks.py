"""What the queue does by itself every day, and the letters."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from styrhus.jobs.mail import AGAIN
from styrhus.reminders import operations


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="escalate_deadlines")
def escalate_deadlines(timestamp: int) -> None:
    operations.escalate(_day(timestamp))


# In the hour before work begins, winter and summer: the clock of the queue is UTC.
@app.periodic(cron="0 5 * * 1-5")
@app.task(queueing_lock="gather_digests")
def gather_digests(timestamp: int) -> None:
    """The letters and the asking for them to be sent are kept in one transaction, or neither."""
    with transaction.atomic():
        jobs = operations.jobs_of(operations.gather_digests(_day(timestamp)))
        if jobs:
            send_digests.batch_defer(*jobs)


@app.task(retry=AGAIN)
def send_digests(digests: list[int]) -> None:
    operations.send(digests, date.today())


def _day(timestamp: int) -> date:
    return timezone.localtime(datetime.fromtimestamp(timestamp, timezone.get_current_timezone())).date()
