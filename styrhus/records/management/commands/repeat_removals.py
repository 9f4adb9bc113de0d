"""`repeat_removals FILE`: after a restored backup, removes again what had been removed since it was taken."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from styrhus.records import journal


class Command(BaseCommand):
    help = "Removes again, from a restored backup, the personal data that the journal tells of (see `removals`)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options):
        try:
            removals = journal.read(file.read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}. Nothing was changed.") from error
        counts = journal.repeat(removals)
        self.stdout.write(f"{len(removals)} removals in the journal; {sum(counts.values())} rows changed.")
