"""Records as files an archive can take: one folder for each thing, and a manifest with the sum of every file.

manifest.json           made, by, count, and path, size and sha256 of every file
12/record.json          kind, title, case number, unit, responsible, dates, openness, events, comments, links …
12/page.html            the same, to be read
12/files/34-name.pdf    what is attached
"""

import hashlib
import json
import zipfile
from collections.abc import Callable

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import get_valid_filename

from styrhus.items.models import Item
from styrhus.items.queries import page_of, shown_fields
from styrhus.organisation.models import Unit


def records_of(person, chosen: dict):
    """What the choice means of what the person may see: one thing by number, or all of a kind, in a unit and below."""
    things = Item.objects.visible_to(person).select_related("unit", "responsible").order_by("pk")
    if chosen["number"]:
        return things.filter(pk=chosen["number"])
    wanted = Q(kind=chosen["kind"])
    if chosen["unit"]:
        wanted &= Q(unit__in=Unit.objects.below(Unit.objects.get(pk=chosen["unit"])).values("pk"))
    if chosen["ended"]:
        wanted &= Q(ended__isnull=False)
    return things.filter(wanted)


def pack(things, target, *, by, on_thing: Callable[[int], object] = lambda number: None) -> int:
    """Writes the records to a ZIP and returns how many."""
    number = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        listed: list[dict] = []
        for number, item in enumerate(things.iterator(chunk_size=100), start=1):
            _pack_one(packed, listed, item.concrete(), by)
            on_thing(number)
        manifest = {"made": timezone.now(), "by": str(by), "count": number, "files": listed}
        packed.writestr("manifest.json", _as_json(manifest))
    return number


def _pack_one(packed: zipfile.ZipFile, listed: list[dict], thing, by) -> None:
    page = page_of(thing, by)
    _add(packed, listed, f"{thing.pk}/record.json", _as_json(record_of(thing, page)))
    page_html = render_to_string("records/record.html", page | {"own_facts": _facts(thing)})
    _add(packed, listed, f"{thing.pk}/page.html", page_html.encode())
    for file in page["attachments"]:
        if file.sha256 and default_storage.exists(file.stored_as):
            with default_storage.open(file.stored_as) as content:
                _add(packed, listed, _path(file), content.read())


def _path(file) -> str:
    return f"{file.item_id}/files/{file.pk}-{get_valid_filename(file.name)}"


def _add(packed: zipfile.ZipFile, listed: list[dict], path: str, content: bytes) -> None:
    packed.writestr(path, content)
    listed.append({"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})


def _as_json(value) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def _facts(thing) -> list[tuple]:
    """Every field that a reader cares for: label, value in words."""
    return [(field.verbose_name, _words(thing, field)) for field in shown_fields(thing).values()]


def _words(thing, field) -> str:
    if hasattr(thing, f"get_{field.name}_display"):
        return str(getattr(thing, f"get_{field.name}_display")())
    value = getattr(thing, field.name)
    return "" if value is None else str(value)


def record_of(thing, page: dict) -> dict:
    """All that is known of one thing; codes as they are stored, people by name."""
    stored = {column: field.value_from_object(thing) for column, field in shown_fields(thing).items()}
    return {
        "number": thing.pk,
        "kind": thing.kind,
        "stored": stored,
        "unit": thing.unit.name,
        "responsible": thing.responsible.title,
        "created": thing.created,
        "ended": thing.ended,
        "events": [
            {"at": each.at, "by": each.by and each.by.name, "step": each.step, "to": each.target, "note": each.note}
            for each in (line["event"] for line in page["history"])
        ],
        "comments": [{"at": each.at, "by": each.by.name, "text": each.text} for each in page["comments"]],
        "follow_ups": [
            {"what": each.what, "responsible": each.responsible.title, "due": each.due, "done": each.done}
            for each in page["follow_ups"]
        ],
        "links": [{"kind": line["link"].kind, "out": line["out"], "other": line["other"].pk} for line in page["links"]],
        "files": [
            {"name": file.name, "sha256": file.sha256, "path": _path(file), "by": file.by.name, "at": file.at}
            for file in page["attachments"]
        ],
    }


def faults_in(source) -> list[str]:
    """Reads a package back: the paths whose content is not what the manifest says, or that it does not name."""
    with zipfile.ZipFile(source) as packed:
        listed = {file["path"]: file["sha256"] for file in json.loads(packed.read("manifest.json"))["files"]}
        there = set(packed.namelist()) - {"manifest.json"}
        wrong = [
            path for path in there & listed.keys() if hashlib.sha256(packed.read(path)).hexdigest() != listed[path]
        ]
    return sorted([*wrong, *(there ^ listed.keys())])
