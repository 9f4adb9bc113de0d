"""The clock goes by itself."""

from datetime import date

from procrastinate.contrib.django import app

from styrhus.compliance.operations import wind


@app.periodic(cron="20 0 * * *")
@app.task(queue="default", queueing_lock="wind_the_legal_clock")
def wind_the_clock(timestamp: int) -> None:
    """Run again it changes nothing more."""
    wind(date.today())
