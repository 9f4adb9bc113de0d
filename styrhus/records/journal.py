"""Removals outside the database, so that a restored backup can be rid of the same again.

A line of the journal says what was done, never what it was: texts stand as their length and a sum made with the
secret key, which is in no backup. To find such a text, every text in the restored base is read through a window of
that length.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from styrhus.items.models import Attachment
from styrhus.organisation.models import Person
from styrhus.records import operations
from styrhus.records.models import Removal
from styrhus.records.sweeping import MARK, folded, texts

FIELDS = ["kind", "basis", "reason", "person_id", "attachment", "by_id", "fingerprints", "counts"]


def lines() -> Iterator[str]:
    """Every removal, the oldest first, each as one line of JSON."""
    for removal in Removal.objects.order_by("pk"):
        told = {name: getattr(removal, name) for name in FIELDS} | {"at": removal.at.isoformat()}
        yield json.dumps(told, ensure_ascii=False, sort_keys=True)


def read(journal: Iterable[str]) -> list[dict]:
    """The lines as dicts. Raises ValueError with the number of the first line that cannot be read."""
    found = []
    for number, line in enumerate(journal, start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            found.append({name: told[name] for name in FIELDS} | {"at": datetime.fromisoformat(told["at"])})
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number}: {error}") from error
    return found


@transaction.atomic
def repeat(removals: list[dict]) -> Counter:
    """Does again what the base does not hold as done, and writes it down as it was; place → rows."""
    known = set(Removal.objects.values_list("at", flat=True))
    missing = [told for told in removals if told["at"] not in known]
    counts: Counter = Counter()
    for told in missing:
        counts += _repeat_of_row(told)
    values = found_again([tuple(each) for told in missing for each in told["fingerprints"]])
    if values:
        counts += operations.sweep_values(values, MARK)
    for told in missing:
        _write_down(told)
    return counts


def _repeat_of_row(told: dict) -> Counter:
    """What is told by a row's number: a person who had left, a file."""
    person = Person.objects.filter(pk=told["person_id"]).first()
    if told["kind"] == Removal.Kind.PERSON and person:
        return operations.forget_person(person)
    file = Attachment.objects.filter(pk=told["attachment"]).first()
    return operations.forget_file(file) if told["kind"] == Removal.Kind.FILE and file else Counter()


def _write_down(told: dict) -> None:
    by, person = (Person.objects.filter(pk=told[name]).first() for name in ("by_id", "person_id"))
    if by is None or (told["kind"] == Removal.Kind.PERSON and person is None):
        # The backup is older than the one who did it, or than the person: there is nothing to tell of here.
        return
    removal = Removal.objects.create(**told | {"person_id": person and person.pk})
    Removal.objects.filter(pk=removal.pk).update(at=told["at"])


def found_again(fingerprints: list[Any]) -> list[str]:
    """The texts in the base that have one of these sums."""
    wanted = set(fingerprints)
    lengths = {length for length, _sum in wanted}
    windows = {
        text[start : start + length]
        for text in map(folded, texts())
        for length in lengths
        for start in range(len(text) - length + 1)
    }
    return sorted(window for window in windows if tuple(operations.fingerprint(window)) in wanted)
