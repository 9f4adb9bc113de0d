"""What is the same on every row is said once for the whole file, and not in a column."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from styrhus.imports.models import Import
from styrhus.items import operations as items
from styrhus.scorecard.models import Indicator, Measurement, Series

pytestmark = pytest.mark.django_db
ROWS = "måned;antall\n2025-01;3\n2025-02;5\n"


@pytest.fixture
def requests(world):
    """Requests for access to documents, counted each month in the school."""
    director = world.people.director
    indicator = Indicator(
        title="Innsynskrav", code="innsyn", measured_in="krav", aggregation="sum", frequency="monthly",
        unit=world.units.municipality, responsible=director.position,
    )  # fmt: skip
    items.create(indicator, by=director)
    items.step(indicator, "use", by=director)
    Series.objects.create(indicator=indicator, unit=world.units.school, since=date(2020, 1, 1))
    return indicator


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "krav.csv"
    place.write_text(ROWS, encoding="utf-8")
    return place


MAPPED = ("--map", "måned=period", "--map", "antall=value")


def test_the_command_takes_what_no_column_holds(world, requests, file, capsys):
    world.units.school.code = "SKOLE"
    world.units.school.save()
    said = ("--same", "indicator=innsyn", "--same", "unit=SKOLE")
    call_command("load", "results", str(file), *MAPPED, *said)
    assert list(Measurement.objects.order_by("start").values_list("start__month", "value")) == [
        (1, Decimal(3)),
        (2, Decimal(5)),
    ]
    call_command("load", "results", str(file), *MAPPED, *said)
    assert "2" in capsys.readouterr().out.splitlines()[-1] or Measurement.objects.count() == 2
    assert Measurement.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((), "hele filen"),
        (("--same", "value=3"), "--same"),
        (("--same", "indicator"), "--same"),
        (("--same", "indicator=innsyn", "--same", "period=2025-01"), "Periode"),
    ],
)
def test_what_is_said_wrong_is_refused_in_words(requests, file, said, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("load", "results", str(file), *MAPPED, *said)
    assert not Measurement.objects.exists()


def test_it_is_said_in_the_browser_too_and_kept_with_the_import(world, requests, signed_in):
    client = signed_in(world.people.controller if hasattr(world.people, "controller") else world.people.administrator)
    upload = SimpleUploadedFile("krav.csv", ROWS.encode())
    page = client.post(reverse("imports:new"), {"kind": "results", "file": upload, "source": ""})
    taken = Import.objects.get()
    assert page.url == reverse("imports:columns", args=[taken.pk])
    columns = {"column_0": "period", "column_1": "value"}
    answer = client.post(page.url, columns)
    assert answer.status_code == 422
    assert "hele filen" in answer.content.decode()
    assert client.post(page.url, columns | {"same_indicator": "innsyn"}).status_code == 302
    taken.refresh_from_db()
    assert taken.same == {"indicator": "innsyn"}
