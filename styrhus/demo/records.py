"""What has been done in the archive of Fjordvik: a removal, an export, a disposal that waits for another."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from styrhus.items.models import Item
from styrhus.organisation.models import Person
from styrhus.records import disposing
from styrhus.records.models import Disposal, Export, Removal
from styrhus.records.operations import fingerprint


def load_records(today: date) -> None:
    keeper = Person.objects.get(name="Turid Skåre")
    second = Person.objects.get(name="Ola Stensrud")
    kept = Item.objects.get(title="Merke og pakke bortsettingsarkivet fra 2013")
    Export.objects.create(
        by=keeper, at=_at(today, -4), numbers=[kept.pk], sha256=fingerprint(f"arkivuttrekk {kept.pk}")[1]
    )
    old = Item.objects.get(title="Flytte papirskjema for feriemeldinger til intranettet")
    asked = disposing.ask(old, reason="Tiden er ute, og skjemaene finnes på intranettet.", by=second)
    Disposal.objects.filter(pk=asked.pk).update(asked_at=_at(today, -2))
    _removal(keeper, today)


def _removal(keeper: Person, today: date) -> None:
    """The receipt alone: what was removed is nowhere, so there is nothing to sweep for."""
    removal = Removal.objects.create(
        kind=Removal.Kind.TEXT,
        basis=Removal.Basis.UNLAWFUL,
        reason="Et telefonnummer til en pårørende sto i en kommentar.",
        by=keeper,
        fingerprints=[fingerprint("telefonnummer til pårørende")],
        counts={"items_comment.text": 1, "trail_change.after": 1},
    )
    Removal.objects.filter(pk=removal.pk).update(at=_at(today, -16))


def _at(today: date, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(today + timedelta(days=days), time(10, 20)))
