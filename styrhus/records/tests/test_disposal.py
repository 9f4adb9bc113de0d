"""Disposal: one asks, another confirms; nothing of the thing is left but the receipt."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from styrhus.items import operations as items
from styrhus.items.models import Comment, Item, Link
from styrhus.records import disposing
from styrhus.records.models import Disposal, Export
from styrhus.records.operations import fingerprint
from styrhus.records.rules import rules_of_kinds
from styrhus.records.tests.test_removal import files_with, found
from styrhus.trail.models import Change
from styrhus.trail.operations import acting

pytestmark = pytest.mark.django_db
YEARS = rules_of_kinds()["planning.measure"].years
WHY = "Ti år er gått."


@pytest.fixture
def keeper(world, make):
    return make.holder("records_manager", world.units.municipality, name="Arne Arkiv")


@pytest.fixture
def second(world, make):
    return make.holder("records_manager", world.units.municipality, name="Berit Bevaring")


def end(thing, years: int) -> None:
    moment = timezone.make_aware(datetime.now() - timedelta(days=366 * years))
    Item.objects.filter(pk=thing.pk).update(state="done", ended=moment)


@pytest.fixture
def old(world, text_file):
    """An old measure with everything that can hang on one."""
    thing, principal = world.things.internal, world.people.principal
    with acting(principal):
        thing.title, thing.description = "Sjelden tittel", "Sjelden beskrivelse"
        items.edit(thing, version=thing.version, by=principal)
        item = Item.objects.get(pk=thing.pk)
        items.comment(item, "Sjelden kommentar", by=principal)
        Comment.objects.create(item=item, by=principal, text="Sjelden og slettet").delete()
        items.follow_up(item, "Sjelden plikt", responsible=principal.position, due=date.today(), by=principal)
        items.link(item, world.things.open.as_item, "relates", by=principal)
        items.attach(item, text_file("sjelden.txt", b"innholdet"), content_type="text/plain", by=principal)
    end(thing, YEARS)
    return item


@pytest.fixture
def asked(old, keeper):
    return disposing.ask(old, reason=WHY, by=keeper)


def test_after_a_disposal_the_thing_is_nowhere(asked, old, second, make, django_capture_on_commit_callbacks):
    assert len(found("Sjelden")) > 8 and files_with("innholdet")
    with django_capture_on_commit_callbacks(execute=True), acting(second):
        disposing.confirm(asked, by=second)
    assert found("Sjelden") == []
    assert files_with("innholdet") == []
    assert not Item.objects.filter(pk=old.pk).exists()
    assert not Link.objects.exists()


def test_the_receipt_says_what_kind_which_number_by_which_rule_and_by_whom(asked, old, keeper, second, make):
    disposing.confirm(asked, by=second)
    receipt = make.again(asked)
    assert (receipt.number, receipt.kind, receipt.reason) == (old.pk, "planning.measure", WHY)
    assert (receipt.asked_by, receipt.decided_by) == (keeper, second)
    assert receipt.title_sum == fingerprint("Sjelden tittel")
    assert str(YEARS) in receipt.rule
    assert receipt.counts["items_comment"] == receipt.counts["items_item"] == receipt.counts["planning_measure"] == 1


def test_the_trail_still_says_who_and_when(asked, old, second, world):
    with acting(second):
        disposing.confirm(asked, by=second)
    kept = list(Change.objects.filter(table_name="items_item", row_id=old.pk).order_by("pk"))
    assert (kept[-1].action, kept[-1].by) == (Change.DELETE, second)
    assert all(not change.before and not change.after for change in kept)
    other = Change.objects.filter(table_name="items_item", row_id=world.things.open.pk, action=Change.INSERT).get()
    assert other.after is None or other.after


def test_a_file_that_another_thing_uses_stays(asked, second, world, text_file, django_capture_on_commit_callbacks):
    kept = items.attach(
        world.things.open.as_item,
        text_file("annet.txt", b"innholdet"),
        content_type="text/plain",
        by=world.people.principal,
    )
    with django_capture_on_commit_callbacks(execute=True):
        disposing.confirm(asked, by=second)
    assert default_storage.exists(kept.stored_as)


def test_who_asked_cannot_confirm(asked, keeper, old):
    with pytest.raises(ValidationError):
        disposing.confirm(asked, by=keeper)
    assert Item.objects.filter(pk=old.pk).exists()


def test_the_database_itself_demands_two(asked, keeper):
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.filter(pk=asked.pk).update(state="disposed", decided_by=keeper, decided_at=timezone.now())


def test_it_is_asked_for_once_and_decided_once(asked, old, keeper, second):
    with pytest.raises(ValidationError):
        disposing.ask(old, reason="En gang til", by=second)
    disposing.decline(asked, by=keeper)
    for again in (disposing.confirm, disposing.decline):
        with pytest.raises(ValidationError):
            again(asked, by=second)
    assert disposing.ask(old, reason="Likevel", by=second).state == Disposal.State.ASKED


def test_what_was_opened_again_meanwhile_stays(asked, old, second):
    Item.objects.filter(pk=old.pk).update(state="running", ended=None)
    with pytest.raises(ValidationError):
        disposing.confirm(asked, by=second)
    assert found("Sjelden kommentar")


def test_what_has_become_hidden_meanwhile_stays(asked, old, second, make):
    Item.objects.filter(pk=old.pk).update(**make.exempt)
    with pytest.raises(ValidationError):
        disposing.confirm(asked, by=second)


@pytest.mark.parametrize("years", [0, YEARS - 1])
def test_nothing_goes_before_its_time(world, keeper, years):
    end(world.things.open, years)
    with pytest.raises(ValidationError):
        disposing.ask(world.things.open.as_item, reason=WHY, by=keeper)


def test_what_is_kept_for_ever_never_goes(old):
    Item.objects.filter(pk=old.pk).update(kind="delegation.regulations")
    old.kind = "delegation.regulations"
    assert disposing.hindrances(old, date.today())


def test_what_is_to_be_handed_over_is_exported_first(old, keeper, settings):
    settings.RETENTION = "styrhus.records.tests.handed_over"
    rules_of_kinds.cache_clear()
    try:
        assert disposing.hindrances(old, date.today())
        Export.objects.create(by=keeper, at=timezone.now(), numbers=[old.pk], sha256="0" * 64)
        assert disposing.hindrances(old, date.today()) == []
        Item.objects.filter(pk=old.pk).update(updated=timezone.now() + timedelta(seconds=1))
        assert disposing.hindrances(Item.objects.get(pk=old.pk), date.today())
    finally:
        rules_of_kinds.cache_clear()


@pytest.mark.parametrize("role", ["data_protection_officer", "municipal_director", "system_administrator", "employee"])
def test_only_the_records_manager_disposes(old, asked, world, make, role):
    other = make.holder(role, world.units.municipality)
    for refused in (lambda: disposing.ask(old, reason=WHY, by=other), lambda: disposing.confirm(asked, by=other)):
        with pytest.raises(PermissionDenied):
            refused()


def test_from_the_page_of_the_thing_to_the_receipt(old, keeper, second, signed_in):
    first, other = signed_in(keeper), signed_in(second)
    url = reverse("records:ask_disposal", args=[old.pk])
    assert url in first.get(reverse("records:of_thing", args=[old.pk])).content.decode()
    assert first.post(url, {"reason": " "}).status_code == 422
    asked = first.post(url, {"reason": WHY})["Location"]
    confirm = reverse("records:confirm_disposal", args=[Disposal.objects.get().pk])
    assert confirm not in first.get(asked).content.decode()
    assert first.post(confirm).status_code == 422
    assert confirm in other.get(asked).content.decode()
    assert other.get(confirm).status_code == 200 and Item.objects.filter(pk=old.pk).exists()
    assert other.post(confirm)["Location"] == asked
    assert "Sjelden" not in other.get(asked).content.decode()
    assert other.get(old.get_absolute_url()).status_code == 404
    assert len(other.get(reverse("records:disposals")).context["lines"]) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_the_second_waits_and_is_told(old, keeper, second, make):
    asked, other = disposing.ask(old, reason=WHY, by=keeper), connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM records_disposal WHERE id = %s FOR UPDATE", [asked.pk])
    with pytest.raises(Exception, match="lock"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        disposing.confirm(asked, by=second)
    other.rollback()
    other.close()
    assert disposing.confirm(asked, by=second).state == Disposal.State.DISPOSED
    with pytest.raises(ValidationError):
        disposing.confirm(asked, by=second)
