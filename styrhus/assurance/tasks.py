"""What is counted without anybody asking."""

from datetime import date

from procrastinate.contrib.django import app

from styrhus.assurance.operations import keep_week


@app.periodic(cron="50 2 * * *")
@app.task(queueing_lock="keep_week_of_owner_health")
def keep_week_of_owner_health(timestamp: int) -> None:
    """Every night: large units are shown as they were counted last, and the last count of a week is its history."""
    keep_week(date.today())
