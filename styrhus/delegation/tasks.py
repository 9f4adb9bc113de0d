"""What follows from the dates alone, once a day."""

from datetime import date

from procrastinate.contrib.django import app

from styrhus.delegation.operations import turn


@app.periodic(cron="10 0 * * *")
@app.task(queue="default", queueing_lock="authorisations_follow_their_dates")
def follow_the_dates(timestamp: int) -> None:
    """Run again it changes nothing more."""
    turn(date.today())
