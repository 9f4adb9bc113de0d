"""One file that somebody has loaded, so that the register of imports is not empty."""

from styrhus.demo.organisation import email_of
from styrhus.demo.sources import FOLDER
from styrhus.imports.models import Import
from styrhus.imports.operations import load_files
from styrhus.kit.loading import Outcome, Source, guess, kinds
from styrhus.organisation.models import Person
from styrhus.trail.operations import acting


def load_employee_numbers() -> Outcome:
    """The numbers of the payroll system. In a transaction of its own, so that it can be undone like any other."""
    by = Person.objects.get(email=email_of("Priya Raman"))
    file = FOLDER / "ansattnummer.csv"
    kind = kinds()["people"]
    with acting(by):
        return load_files(
            Import(kind=kind.name, source="Lønnssystemet", by=by),
            [Source(file, file.name)],
            mapping=lambda table: guess(kind, table.header),
            write=True,
        )
