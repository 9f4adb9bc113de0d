"""Lines that are made in the house go into a budget as those of a file do: as extracts, which stay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import connection, transaction

from styrhus.economy.fingerprints import Fingerprint
from styrhus.economy.models import Book, Extract, Version

COLUMNS = "extract_id, account_class, cost_centre, kind, function, project, free, amount, voucher, text"


class Entry(NamedTuple):
    """One line to be written; `amount` in øre with the sign of the accounts."""

    account_class: str
    cost_centre: str
    kind: str
    function: str
    project: str
    amount: int
    text: str = ""
    free: str = ""
    voucher: str = ""

    @property
    def written(self) -> tuple:
        return (*self[:5], self.free, self.amount, self.voucher, self.text)


@transaction.atomic
def post(version: Version, source: str, months: Mapping[int, Iterable[Entry]], *, by) -> list[Extract]:
    """Takes the place of what stands of the version from the source. `months`: month → its lines; 0 is the year."""
    standing = list(Extract.objects.standing().filter(version=version, source=source).order_by("month"))
    marks = {month: Fingerprint() for month in months}
    _step_aside(standing)
    made = {month: _new(version, source, month, by) for month in months}
    with connection.wrap_database_errors, connection.cursor() as cursor:
        with cursor.copy(f"COPY economy_line ({COLUMNS}) FROM STDIN") as copy:
            for month, entries in months.items():
                for entry in entries:
                    copy.write_row((made[month].pk, *entry.written))
                    marks[month].add(*entry.written)
        for month, mark in marks.items():
            Extract.objects.filter(pk=made[month].pk).update(fingerprint=str(mark), mark=str(mark))
        cursor.execute("SET CONSTRAINTS economy_extract_sealed IMMEDIATE")
        cursor.execute("SET CONSTRAINTS economy_extract_sealed DEFERRED")
    _name_heirs(standing, made)
    return list(made.values())


def _new(version: Version, source: str, month: int, by) -> Extract:
    return Extract.objects.create(
        book=Book.BUDGET, version=version, year=version.year, month=month, source=source, mark="", by=by
    )


def _step_aside(standing: list[Extract]) -> None:
    """What stands must step aside before the new are written, and can only name its heir after."""
    Extract.objects.filter(pk__in=[each.pk for each in standing]).update(undone_in=0)


def _name_heirs(standing: list[Extract], made: dict[int, Extract]) -> None:
    first = made[min(made)]
    heirs: defaultdict[int, list[int]] = defaultdict(list)
    for each in standing:
        heirs[made.get(each.month, first).pk].append(each.pk)
    for heir, keys in heirs.items():
        Extract.objects.filter(pk__in=keys).update(undone_in=None, replaced_by=heir)
