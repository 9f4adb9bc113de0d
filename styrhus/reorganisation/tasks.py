"""What is planned happens on its day."""

from datetime import date

from procrastinate.contrib.django import app

from styrhus.reorganisation.operations import carry_out_due


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="carry_out_reorganisations")
def carry_out_reorganisations(timestamp: int) -> None:
    carry_out_due(date.today())
