"""Periodic work: changes of leader that appointments call for, however the appointments came."""

from django.utils import timezone
from procrastinate.contrib.django import app

from styrhus.leadership.operations import begin_those_due


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="begin_handovers")
def begin_handovers(timestamp: int) -> None:
    begin_those_due(timezone.localdate())
