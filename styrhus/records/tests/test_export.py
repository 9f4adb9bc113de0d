"""Records in a package: everything that is known, and nothing the one who asks may not see."""

import json
import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from styrhus.items import operations as items
from styrhus.jobs.models import Job
from styrhus.records.packing import faults_in, pack, records_of
from styrhus.records.tasks import export_records

pytestmark = pytest.mark.django_db
ALL = {"number": None, "kind": "planning.measure", "unit": None, "ended": False}


@pytest.fixture
def keeper(world, make):
    return make.holder("records_manager", world.units.municipality, name="Arne Arkiv")


@pytest.fixture
def thing(world, text_file, make):
    thing, principal = make.again(world.things.internal), world.people.principal
    thing.case_number = "2026/1234"
    items.edit(thing, version=thing.version, by=principal)
    item = thing.as_item
    items.comment(item, "Hei", by=principal)
    items.follow_up(item, "Ring", responsible=principal.position, due=date.today(), by=principal)
    items.link(item, world.things.exempt.as_item, "relates", by=principal)
    items.attach(item, text_file("notat.txt", b"innhold"), content_type="text/plain", by=principal)
    items.step(make.again(thing), "drop", by=principal, note="Ikke penger")
    return thing


def packed(things, by) -> BytesIO:
    target = BytesIO()
    pack(things, target, by=by)
    return target


def test_a_record_holds_case_number_metadata_history_and_files(thing, keeper):
    target = packed(records_of(keeper, ALL | {"number": thing.pk}), keeper)
    with zipfile.ZipFile(target) as package:
        record = json.loads(package.read(f"{thing.pk}/record.json"))
        (file,) = record["files"]
        assert package.read(file["path"]) == b"innhold"
        assert "Internkontroll" in package.read(f"{thing.pk}/page.html").decode()
    assert record["stored"]["case_number"] == "2026/1234"
    assert (record["unit"], record["responsible"]) == ("Solsiden skole", "Rektor")
    assert record["events"][0]["note"] == "Ikke penger"
    assert [comment["text"] for comment in record["comments"]] == ["Hei"]
    assert [row["what"] for row in record["follow_ups"]] == ["Ring"]


def test_what_the_asker_may_not_see_is_not_in_it(thing, keeper, world):
    assert world.things.exempt.pk not in records_of(keeper, ALL).values_list("pk", flat=True)
    target = packed(records_of(keeper, ALL | {"number": thing.pk}), keeper)
    with zipfile.ZipFile(target) as package:
        assert json.loads(package.read(f"{thing.pk}/record.json"))["links"] == []


def test_a_package_reads_back_and_a_changed_one_does_not(thing, keeper):
    target = packed(records_of(keeper, ALL), keeper)
    assert faults_in(target) == []
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("smuglet.txt", "x")
    assert faults_in(target) == ["smuglet.txt"]


def test_the_choice_narrows_by_unit_and_by_what_has_ended(thing, keeper, world):
    assert [each.pk for each in records_of(keeper, ALL | {"ended": True})] == [thing.pk]
    elsewhere = records_of(keeper, ALL | {"unit": world.units.other_school.pk})
    assert [each.title for each in elsewhere] == ["Nytt tak"]


def test_the_page_starts_a_job_that_makes_the_package(thing, keeper, signed_in):
    response = signed_in(keeper).post(reverse("records:export"), {"number": thing.pk})
    job = Job.objects.get()
    assert response["Location"] == job.get_absolute_url()
    export_records(job_id=job.pk, chosen=ALL | {"number": thing.pk})
    job.refresh_from_db()
    with default_storage.open(job.result) as file:
        assert faults_in(file) == []


@pytest.mark.parametrize("sent", [{}, {"number": "x"}, {"number": "999999999"}, {"kind": "no.kind"}])
def test_a_choice_of_nothing_is_refused_in_words(keeper, signed_in, sent):
    response = signed_in(keeper).post(reverse("records:export"), sent)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Job.objects.exists()
