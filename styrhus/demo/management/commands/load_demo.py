"""`load_demo`: the demonstration municipality in an empty base, and how to sign in to it."""

from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from styrhus.demo.economy import load_economy
from styrhus.demo.imports import load_employee_numbers
from styrhus.demo.loading import is_empty, load
from styrhus.demo.organisation import PASSWORD
from styrhus.demo.queries import sign_ins
from styrhus.demo.volume import VOLUMES


class Command(BaseCommand):
    help = "Loads the demonstration municipality into an empty database and tells how to sign in."

    def add_arguments(self, parser):
        parser.add_argument("--volume", choices=VOLUMES, help="as much as a large municipality has, for measuring")

    def handle(self, *, volume=None, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("Everyone knows the demonstration's passwords: it is not loaded in production.")
        if is_empty():
            # On the other stream: the first one is kept and shown at every start.
            load(date.today(), volume, tell=lambda line: self.stderr.write(line, style_func=str))
            load_employee_numbers()
            load_economy(date.today())
        self.stdout.write(self._greeting(date.today()))

    def _greeting(self, on: date) -> str:
        lines = [f"  {email:<38}{name:<22}{position}" for email, name, position in sign_ins(on)]
        start = f"Fjordvik kommune is made up, and so is everyone in it. The password of all: {PASSWORD}"
        return "\n".join([start, "", *lines, ""])
