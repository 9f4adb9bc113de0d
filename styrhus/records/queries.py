"""Questions about retention and removals."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date

from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext as _

from styrhus.items.models import Attachment, Item, Openness
from styrhus.organisation.models import Appointment, Person
from styrhus.records.due import dated
from styrhus.records.models import AskedRemoval, Disposal, Export
from styrhus.records.rules import rules_of_kinds, rules_of_tables
from styrhus.records.sweeping import folded, ways_of_writing
from styrhus.trail.models import Change

OFFICE = "application/vnd."
ZIP_START = b"PK\x03\x04"
TAGS = re.compile(r"<[^>]*>")


def rules() -> list:
    """Every rule as people read it: what is answered for first, then the rest, by name."""
    kinds, tables = rules_of_kinds().values(), rules_of_tables().values()
    return [*sorted(kinds, key=lambda rule: str(rule.name)), *sorted(tables, key=lambda rule: str(rule.name))]


def page_of_thing(item: Item, person) -> dict:
    """What the archive has to say of one thing, and what this person may do about it."""
    thing = dated(Item.objects.filter(pk=item.pk)).get()
    return {
        "item": item,
        "rule": rules_of_kinds()[item.kind],
        "over_on": thing.over_on,
        "reassess_on": item.reassess_on if item.openness == Openness.EXEMPT else None,
        "today": date.today(),
        "exported": Export.objects.filter(numbers__contains=[item.pk]).select_related("by").first(),
        "disposal": Disposal.objects.filter(number=item.pk, state=Disposal.State.ASKED).first(),
        "may_dispose": person.has_perm("records.dispose") and bool(thing.over_on and thing.over_on <= date.today()),
        "files": item.attachments.exclude(sha256="") if person.has_perm("privacy.remove") else [],
    }


def name_of_table(table: str) -> str:
    """What people call the place: the name in the retention rules, else the model's own."""
    if table in rules_of_tables():
        return str(rules_of_tables()[table].name)
    names = {model._meta.db_table: model._meta.verbose_name_plural for model in apps.get_models()}
    names |= {
        "files": _("Files"),
        "items_item": _("Titles and facts"),
        "procrastinate_jobs": _("Work and mail that waits"),
    }
    return str(names.get(table, table)).capitalize()


def in_words(counts) -> list[tuple[str, int]]:
    """Rows in each place, named for people, the most first."""
    totals: Counter = Counter()
    for place, number in counts.items():
        totals[name_of_table(place.partition(".")[0])] += number
    return sorted(totals.items(), key=lambda line: (-line[1], line[0]))


def removal_begun_by(person) -> AskedRemoval | None:
    """The last one that is not over."""
    return AskedRemoval.objects.filter(by=person, removal=None, refusal="").first()


def namesakes(person: Person):
    """Other people whose name holds this name: what is written about them must stay."""
    return Person.objects.filter(name__icontains=person.name).exclude(pk=person.pk)


def people_here_with(values: list[str]) -> list[Person]:
    """Active people whose own name, address or number holds one of these texts."""
    named = Q(pk__in=[])
    for value in values:
        named |= Q(name__icontains=value) | Q(email__icontains=value) | Q(code__icontains=value)
    return list(Person.objects.filter(named, is_active=True).order_by("name"))


def rows_of_people(people: list[Person]) -> frozenset[tuple[str, int]]:
    """The rows that say who these people are, on the trail too: (table, key)."""
    keys = [person.pk for person in people]
    trail = Change.objects.filter(table_name=Person._meta.db_table, row_id__in=keys).values_list("pk", flat=True)
    addresses = EmailAddress.objects.filter(user__in=keys).values_list("pk", flat=True)
    return frozenset(
        [(Person._meta.db_table, key) for key in keys]
        + [(Change._meta.db_table, key) for key in trail]
        + [(EmailAddress._meta.db_table, key) for key in addresses]
    )


def holds_a_position(person: Person, on: date) -> bool:
    return Appointment.objects.in_force(on).filter(person=person).exists()


def files_that_hold(values: list[str]) -> list[str]:
    """The stored files whose text holds one of these values. PDF and pictures cannot be read here."""
    ways = [way for value in values for way in ways_of_writing(value)]
    return [stored for stored in _stored_under("") if _holds(stored, ways)]


def _stored_under(folder: str) -> Iterator[str]:
    """Every file of the storage: what is attached, what was loaded, what jobs have made."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for each in folders:
        yield from _stored_under(f"{folder}{each}/")


def _holds(stored: str, ways: list[str]) -> bool:
    with default_storage.open(stored) as file:
        is_office = file.read(4) == ZIP_START
        file.seek(0)
        texts = list(_office_texts(file)) if is_office else _plain_texts(file.read())
    return any(way in folded(text) for text in texts for way in ways)


def _plain_texts(content: bytes) -> list[str]:
    return [content.decode("utf-8", "replace"), content.decode("cp1252", "replace")]


def _office_texts(file) -> Iterator[str]:
    """The parts of an Office file, as text without the tags: Word breaks a name in pieces."""
    try:
        with zipfile.ZipFile(file) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels", ".txt")):
                    yield TAGS.sub("", parts.read(name).decode("utf-8", "replace"))
    except zipfile.BadZipFile:
        return


def unreadable_files() -> int:
    """How many files nobody but a person can look through."""
    readable = Attachment.objects.filter(content_type__startswith="text/") | Attachment.objects.filter(
        content_type__startswith=OFFICE
    )
    return Attachment.objects.exclude(sha256="").exclude(pk__in=readable.values("pk")).count()
