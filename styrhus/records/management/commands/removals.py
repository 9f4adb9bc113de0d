"""`removals`: the journal of removals, to be kept apart from the backups."""

from django.core.management.base import BaseCommand

from styrhus.records import journal


class Command(BaseCommand):
    help = "Prints every removal of personal data, one a line. Keep it apart from the backups: see docs/operations.md."

    def handle(self, **_options):
        for line in journal.lines():
            self.stdout.write(line)
