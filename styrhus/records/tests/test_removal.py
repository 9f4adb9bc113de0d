"""Personal data that is removed is nowhere: not in a row, not on the trail, not in a file."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django import app as queue

from styrhus.items import operations as items
from styrhus.items.models import Attachment, Comment, Notification, SavedView
from styrhus.items.tasks import export_register
from styrhus.items.time_machine import page_as_it_stood
from styrhus.jobs import operations as jobs
from styrhus.records import operations, removing, tasks
from styrhus.records.models import AskedRemoval, Removal
from styrhus.records.sweeping import MARK, folded, without
from styrhus.trail.operations import acting
from styrhus.writing import operations as writing
from styrhus.writing.models import Heading

pytestmark = pytest.mark.django_db
NAME = "Kari Ødegård-Nesse"
WHY = {"basis": Removal.Basis.UNLAWFUL, "reason": "Skulle ikke vært skrevet."}


def everything() -> list[str]:
    """Every text in every row of every table, told by the database itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t')
            for (row,) in cursor.fetchall():
                texts += _texts(json.loads(row) if isinstance(row, str) else row)
    return texts


def _texts(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for name, each in value.items() for text in [name, *_texts(each)]]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return []


def found(value) -> list[str]:
    return [text for text in everything() if folded(value) in folded(text)]


def files_with(value) -> list[str]:
    held = []
    for folder in default_storage.listdir("")[0]:
        for name in default_storage.listdir(folder)[1]:
            with default_storage.open(f"{folder}/{name}") as file:
                if value.encode() in file.read():
                    held.append(name)
    return held


@pytest.fixture
def keeper(world, make):
    return make.holder("records_manager", world.units.municipality, name="Arne Arkiv")


@pytest.fixture
def written(world, make, text_file):
    """The name in every place where somebody can write it."""
    principal, thing = world.people.principal, world.things.internal
    with acting(principal):
        thing.title, thing.description = f"Samtale med {NAME}", f"Om {NAME.upper()} og andre"
        items.edit(thing, version=thing.version, by=principal)
        thing = make.again(thing)
        thing.title = "Samtale"
        items.edit(thing, version=thing.version, by=principal)
        item = thing.as_item
        items.comment(item, f"{NAME} ringte. @Lars Lærer", by=principal)
        items.follow_up(item, f"Ring {NAME}", responsible=principal.position, due=date.today(), by=principal)
        items.attach(item, text_file(f"{NAME}.txt", f"Om {NAME}".encode()), content_type="text/plain", by=principal)
        items.step(make.again(thing), "drop", by=principal, note=f"{NAME} ba om det")
        items.save_view(principal, "planning:measures", NAME, f"q={NAME}")
        jobs.start(export_register, by=principal, title=f"Om {NAME}", register="planning:measures", query=f"q={NAME}")
        Comment.objects.create(item=item, by=principal, text=f"Slettet om {NAME}").delete()
        chapter = writing.begin(make.again(thing), [Heading("Bakgrunn", f"Spør {NAME}")], by=principal)[0]
        writing.write(chapter, writing.Draft("Bakgrunn", f"<p>{NAME} ba om det</p>"), version=1, by=principal)
        writing.write(chapter, writing.Draft("Bakgrunn", f"<p>Se <em>{NAME}</em></p>"), version=2, by=principal)
    apps.get_model("signin.SecurityEvent").objects.create(
        kind="support_started", person=principal, by=principal, note=f"Hjelp om {NAME}"
    )
    return thing


def test_after_a_removal_the_text_is_nowhere(written, keeper, django_capture_on_commit_callbacks):
    assert len(found(NAME)) > 12
    assert files_with(NAME)
    with django_capture_on_commit_callbacks(execute=True), acting(keeper):
        operations.remove_text(NAME, by=keeper, **WHY)
    assert found(NAME) == []
    assert found("Kari+%C3%98deg%C3%A5rd-Nesse") == []
    assert files_with(NAME) == []


def test_the_dry_run_tells_every_place_and_changes_nothing(written):
    before = sorted(everything())
    counts = operations.look_for(NAME)
    tables = {place.partition(".")[0] for place in counts}
    assert {
        "items_comment",
        "items_event",
        "items_followup",
        "items_notification",
        "items_savedview",
        "items_attachment",
        "jobs_job",
        "procrastinate_jobs",
        "planning_measure",
        "writing_chapter",
        "writing_chapterversion",
        "signin_securityevent",
        "trail_change",
    } <= tables
    assert sorted(everything()) == before


def test_who_when_and_why_stay(written, keeper, world, on_the_trail, make):
    before = [(change.at, change.by_id, change.action) for change in on_the_trail(written, "items_item")]
    with acting(keeper):
        removal = operations.remove_text(NAME, by=keeper, **WHY)
    kept = [(change.at, change.by_id, change.action) for change in on_the_trail(written, "items_item")]
    assert kept[: len(before)] == before
    assert (removal.by, removal.reason, removal.basis) == (keeper, WHY["reason"], WHY["basis"])
    assert make.again(removal).rows > 10
    event = written.events.get(step="drop")
    assert (event.by, event.note) == (world.people.principal, f"{MARK} ba om det")


def test_the_time_machine_shows_the_mark(written, keeper, make, world):
    operations.remove_text(NAME, by=keeper, **WHY)
    page = page_as_it_stood(make.again(written), date.today(), world.people.principal)
    assert [comment.text for comment in page["comments"]] == [f"{MARK} ringte. @Lars Lærer"]
    assert page["item"].description == f"Om {MARK} og andre"


def test_search_finds_it_no_more(world, keeper, make):
    thing = make.measure("Samtale med Nesseby", world.units.school, world.people.principal.position)
    assert make.Measure.objects.with_words("nesseby").get() == thing
    operations.remove_text("Nesseby", by=keeper, **WHY)
    assert not make.Measure.objects.with_words("nesseby").exists()
    assert make.Measure.objects.with_words("samtale").get() == thing


def test_who_has_the_old_text_in_an_open_form_is_stopped(written, keeper, make, world):
    form = make.again(written)
    operations.remove_text(NAME, by=keeper, **WHY)
    with pytest.raises(items.Conflict):
        items.edit(form, version=form.version, by=world.people.principal)
    chapter = written.as_item.chapters.get()
    with pytest.raises(writing.Conflict):
        writing.write(chapter, writing.Draft("Bakgrunn", f"<p>{NAME}</p>"), version=3, by=world.people.principal)


def test_the_reason_is_swept_too(keeper):
    removal = operations.remove_text(NAME, by=keeper, basis=WHY["basis"], reason=f"{NAME} ba om det")
    assert removal.reason == f"{MARK} ba om det"


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=25, deadline=None)
@given(value=WORDS.filter(lambda text: len(text.strip()) >= 6), before=WORDS, after=WORDS)
def test_no_text_survives_its_removal(value, before, after, request):
    """Whatever signs it has: quotes, backslashes, letters in two parts, capitals."""
    keeper, world = request.getfixturevalue("keeper"), request.getfixturevalue("world")
    make = request.getfixturevalue("make")
    value = value.strip()
    assume(any(sign.isalnum() for sign in value) and folded(value) not in MARK)
    with transaction.atomic():
        assume(not found(value))
        thing, principal = make.again(world.things.internal), world.people.principal
        thing.description = before + value + after
        items.edit(thing, version=thing.version, by=principal)
        Comment.objects.create(item=thing.as_item, by=principal, text=value + after)
        SavedView.objects.create(person=principal, register="planning:measures", name="x", query=before + value)
        operations.remove_text(value, by=keeper, **WHY)
        assert found(value) == []
        transaction.set_rollback(True)


@given(text=WORDS, value=WORDS.filter(lambda text: len(text) >= 4))
def test_the_rest_of_the_text_is_untouched(text, value):
    assume(folded(value) not in folded(MARK))
    if folded(value) not in folded(text):
        assert without(text, [folded(value)], MARK) == text
    else:
        assert folded(value) not in folded(without(text, [folded(value)], MARK))


@pytest.mark.parametrize("value", ["", "abc", "jern", "FJERNET", "   x   ", "......"])
def test_a_text_that_stands_in_other_words_is_refused(keeper, value):
    with pytest.raises(ValidationError):
        operations.remove_text(value, by=keeper, **WHY)
    assert not Removal.objects.exists()


def test_a_removal_without_reason_is_refused_and_nothing_goes(written, keeper):
    with pytest.raises(ValidationError):
        operations.remove_text(NAME, by=keeper, basis=WHY["basis"], reason="  ")
    assert found(NAME)


@pytest.mark.parametrize("role", ["data_protection_officer", "system_administrator", "municipal_director", "employee"])
def test_only_the_records_manager_removes(world, make, role):
    other = make.holder(role, world.units.municipality)
    with pytest.raises(PermissionDenied):
        operations.remove_text(NAME, by=other, **WHY)


# a person who has left


@pytest.fixture
def leaver(world, make):
    person = make.person("Sluttet Sørensen", email="sluttet.sorensen@fjord.example", code="A-4711")
    make.appointment(person, make.position("rådgiver", world.units.school), end=date.today() - timedelta(days=1))
    return person


def test_a_person_who_has_left_is_a_pseudonym_everywhere(leaver, world, keeper, make):
    with acting(leaver):
        said = f"Hilsen {leaver.name}, sluttet.sorensen@fjord.example"
        Comment.objects.create(item=world.things.internal.as_item, by=leaver, text=said)
    dates = list(leaver.appointments.values_list("start", "end"))
    operations.remove_person(leaver, by=keeper, **WHY)
    assert [found(value) for value in ("Sluttet Sørensen", "sluttet.sorensen@fjord.example", "A-4711")] == [[]] * 3
    gone = make.again(leaver)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == (f"Tidligere ansatt {leaver.pk}", False, False)
    assert list(gone.appointments.values_list("start", "end")) == dates
    comment = Comment.objects.get()
    assert (comment.by, comment.text) == (leaver, f"Hilsen Tidligere ansatt {leaver.pk}, {MARK}")


def test_the_name_of_a_namesake_stays(leaver, keeper, make, world):
    namesake = make.person("Sluttet Sørensen")
    items.comment(world.things.internal.as_item, "Sluttet Sørensen kommer", by=world.people.principal)
    operations.remove_person(leaver, by=keeper, **WHY)
    assert make.again(namesake).name == "Sluttet Sørensen"
    assert Comment.objects.get().text == "Sluttet Sørensen kommer"
    assert make.again(leaver).name == f"Tidligere ansatt {leaver.pk}"


def test_who_still_holds_a_position_is_not_removed(world, keeper, make):
    with pytest.raises(ValidationError):
        operations.remove_person(world.people.teacher, by=keeper, **WHY)
    assert make.again(world.people.teacher).is_active


def test_nobody_removes_oneself(keeper, make):
    keeper.appointments.update(end=date.today())
    with pytest.raises(ValidationError):
        operations.check_person(keeper, by=keeper)


# a file


def attached(thing, by, text_file, name="notat.txt", content=b"hemmelig"):
    return items.attach(thing.as_item, text_file(name, content), content_type="text/plain", by=by)


def test_a_file_loses_name_and_content_and_its_row_stays(
    world, keeper, text_file, make, signed_in, django_capture_on_commit_callbacks
):
    file = attached(world.things.internal, world.people.principal, text_file)
    Attachment.objects.filter(pk=file.pk).update(name="annet.txt")
    with django_capture_on_commit_callbacks(execute=True):
        operations.remove_file(file, by=keeper, **WHY)
    gone = make.again(file)
    assert (gone.name, gone.sha256, gone.by) == (MARK, "", world.people.principal)
    assert files_with("hemmelig") == []
    assert found("notat.txt") == [] and found("annet.txt") == []
    client = signed_in(world.people.teacher)
    assert client.get(reverse("items:download", args=[file.item_id, file.pk])).status_code == 404
    assert client.get(world.things.internal.get_absolute_url()).status_code == 200


def test_content_that_another_item_uses_stays(world, keeper, text_file, django_capture_on_commit_callbacks, make):
    file = attached(world.things.internal, world.people.principal, text_file)
    other = attached(world.things.open, world.people.principal, text_file)
    with django_capture_on_commit_callbacks(execute=True):
        operations.remove_file(file, by=keeper, **WHY)
    assert default_storage.exists(make.again(other).stored_as)
    assert make.again(other).name == "notat.txt"


# after a restored backup


def journal() -> list[str]:
    told = StringIO()
    call_command("removals", stdout=told)
    return told.getvalue().splitlines()


def test_a_restored_backup_is_rid_of_the_same_again(leaver, world, keeper, text_file, tmp_path, make):
    """The journal holds no trace of the text; the text comes back with the backup and goes again."""
    item, principal = world.things.internal.as_item, world.people.principal
    file = attached(world.things.internal, principal, text_file)
    with transaction.atomic():
        backup = transaction.savepoint_create()
        operations.remove_text(NAME, by=keeper, **WHY)
        operations.remove_person(leaver, by=keeper, **WHY)
        operations.remove_file(file, by=keeper, **WHY)
        lines = journal()
        transaction.savepoint_rollback(backup)
    assert not any("Kari" in line or "Sluttet" in line for line in lines)
    Comment.objects.create(item=item, by=principal, text=f"Møte med {NAME.upper()} og Sluttet Sørensen")
    kept = tmp_path / "removals.jsonl"
    kept.write_text("\n".join(lines))
    call_command("repeat_removals", str(kept), stdout=StringIO())
    assert found(NAME) == [] and found("Sluttet Sørensen") == []
    assert make.again(file).name == MARK
    assert Removal.objects.count() == 3


def test_a_journal_repeated_twice_changes_nothing_more(keeper, tmp_path):
    operations.remove_text(NAME, by=keeper, **WHY)
    kept = tmp_path / "removals.jsonl"
    kept.write_text("\n".join(journal()))
    call_command("repeat_removals", str(kept), stdout=StringIO())
    call_command("repeat_removals", str(kept), stdout=StringIO())
    assert Removal.objects.count() == 1


def test_a_journal_that_cannot_be_read_is_refused_with_its_line(tmp_path):
    kept = tmp_path / "removals.jsonl"
    kept.write_text('{"kind": "text"}\nrot')
    with pytest.raises(CommandError, match="1"):
        call_command("repeat_removals", str(kept))


# the pages


def begun(client, name, sent) -> AskedRemoval:
    """What the page begins, when the queue has looked for it."""
    response = client.post(reverse(f"records:{name}"), sent)
    asked = AskedRemoval.objects.select_related("job").first()
    assert response["Location"] == asked.get_absolute_url()
    tasks.look_for_removal(job_id=asked.job_id)
    return asked


def confirmed(client, asked) -> AskedRemoval:
    client.post(reverse("records:confirm_removal", args=[asked.pk]))
    return AskedRemoval.objects.get(pk=asked.pk)


def test_who_is_here_keeps_the_own_name_and_address(world, keeper, make, signed_in):
    """The name goes from what others wrote; the page says beforehand whose it is."""
    teacher = world.people.teacher
    items.comment(world.things.internal.as_item, f"{teacher.name} er syk", by=world.people.principal)
    client = signed_in(keeper)
    asked = begun(client, "remove_text", {"value": teacher.name, **WHY})
    assert client.get(asked.get_absolute_url()).context["here"] == [teacher]
    operations.remove_text(teacher.name, by=keeper, **WHY)
    assert make.again(teacher).name == teacher.name
    assert Comment.objects.get().text == f"{MARK} er syk"
    assert set(found(teacher.name)) == {teacher.name}


def test_the_page_first_shows_where_it_stands_and_then_removes(written, keeper, signed_in):
    client = signed_in(keeper)
    asked = begun(client, "remove_text", {"value": NAME, **WHY})
    shown = client.get(asked.get_absolute_url())
    assert NAME in shown.content.decode() and shown.context["lines"]
    assert not Removal.objects.exists()
    asked = confirmed(client, asked)
    tasks.carry_out_removal(job_id=asked.job_id)
    removal = Removal.objects.get()
    assert client.get(asked.get_absolute_url())["Location"] == removal.get_absolute_url()
    assert found(NAME) == []
    assert WHY["reason"] in client.get(removal.get_absolute_url()).content.decode()


def test_what_is_asked_for_is_seen_by_the_one_who_asked_only(world, keeper, make, signed_in):
    asked = begun(signed_in(keeper), "remove_text", {"value": NAME, **WHY})
    other = signed_in(make.holder("records_manager", world.units.municipality))
    assert other.get(asked.get_absolute_url()).status_code == 404
    assert other.post(reverse("records:confirm_removal", args=[asked.pk])).status_code == 404
    assert make.again(asked).confirmed is None


def test_a_bar_is_shown_until_the_job_has_ended(keeper, signed_in):
    client = signed_in(keeper)
    client.post(reverse("records:remove_text"), {"value": NAME, **WHY})
    asked = AskedRemoval.objects.get()
    bar = reverse("records:removal_progress", args=[asked.pk])
    assert "progress" in client.get(bar).content.decode()
    tasks.look_for_removal(job_id=asked.job_id)
    assert client.get(bar, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_what_was_not_shown_is_not_confirmed(keeper, make):
    asked = removing.ask_for_text(tasks.look_for_removal, NAME, by=keeper, **WHY)
    removing.confirm(asked, tasks.carry_out_removal, by=keeper)
    assert make.again(asked).confirmed is None
    with pytest.raises(IntegrityError, match="asked_removal_is_shown_first"), transaction.atomic():
        AskedRemoval.objects.update(confirmed=timezone.now())


def test_the_text_is_in_no_row_of_the_queue_or_the_job_and_in_no_log(written, keeper, signed_in, caplog):
    client = signed_in(keeper)
    asked = confirmed(client, begun(client, "remove_text", {"value": "Noe som står ingen steder", **WHY}))
    tasks.carry_out_removal(job_id=asked.job_id)
    assert found("Noe som står ingen steder") == []
    assert "ingen steder" not in caplog.text


def test_a_job_that_is_run_again_removes_once(written, keeper, signed_in, make):
    client = signed_in(keeper)
    asked = confirmed(client, begun(client, "remove_text", {"value": NAME, **WHY}))
    again = confirmed(client, asked)
    assert again.job_id == asked.job_id
    for _run in range(2):
        tasks.carry_out_removal(job_id=asked.job_id)
    assert Removal.objects.count() == 1
    tasks.look_for_removal(job_id=asked.job_id)
    assert make.again(asked).removal == Removal.objects.get()


def test_a_removal_that_fails_keeps_nothing_and_tells_nothing(written, keeper, signed_in, make, monkeypatch, caplog):
    client = signed_in(keeper)
    asked = confirmed(client, begun(client, "remove_text", {"value": NAME, **WHY}))

    def breaks(_removal, _counts):
        raise OSError(f"the disk is full at {NAME}")

    monkeypatch.setattr(operations, "_finish", breaks)
    with pytest.raises(removing.NotRemoved):
        tasks.carry_out_removal(job_id=asked.job_id)
    asked = make.again(asked)
    assert (asked.value, asked.reason, asked.removal) == ("", "", None)
    assert NAME not in caplog.text
    assert make.again(written).description.startswith(f"Om {NAME.upper()}")
    assert asked.refusal in client.get(asked.get_absolute_url()).content.decode()


def test_a_removal_that_is_begun_can_be_let_be(keeper, signed_in):
    client = signed_in(keeper)
    asked = begun(client, "remove_text", {"value": NAME, **WHY})
    assert asked.get_absolute_url() in client.get(reverse("records:removals")).content.decode()
    client.post(reverse("records:throw_away_removal", args=[asked.pk]))
    assert not AskedRemoval.objects.exists()


def test_the_page_refuses_in_words_beside_the_field(keeper, signed_in):
    response = signed_in(keeper).post(reverse("records:remove_text"), {"value": "abc", "reason": ""})
    assert response.status_code == 422
    assert {"value", "basis", "reason"} <= response.context["form"].errors.keys()


def test_a_person_is_found_by_address_and_shown_first(leaver, keeper, signed_in, make):
    client = signed_in(keeper)
    asked = begun(client, "remove_person", {"email": leaver.email.upper(), **WHY})
    assert leaver.name in client.get(asked.get_absolute_url()).content.decode()
    assert make.again(leaver).is_active
    tasks.carry_out_removal(job_id=confirmed(client, asked).job_id)
    assert not make.again(leaver).is_active
    assert client.post(reverse("records:remove_person"), {"email": "ingen@fjord.example", **WHY}).status_code == 422


def test_a_file_is_removed_from_its_own_page(world, keeper, text_file, signed_in, make):
    file = attached(world.things.internal, world.people.principal, text_file)
    url = reverse("records:remove_file", args=[file.item_id, file.pk])
    client = signed_in(keeper)
    assert client.get(url).status_code == 200
    assert client.post(url, WHY).status_code == 302
    assert make.again(file).name == MARK
    assert client.get(reverse("records:remove_file", args=[world.things.open.pk, file.pk])).status_code == 404


def test_the_privacy_officer_reads_and_removes_nothing(world, make, keeper, signed_in):
    removal = operations.remove_text(NAME, by=keeper, **WHY)
    officer = signed_in(make.holder("data_protection_officer", world.units.municipality))
    page = officer.get(reverse("records:removals"))
    assert page.status_code == 200
    assert reverse("records:remove_text") not in page.content.decode()
    assert officer.get(removal.get_absolute_url()).status_code == 200
    assert officer.get(reverse("records:remove_text")).status_code == 403


def test_the_queue_still_runs_what_was_swept(written, keeper):
    operations.remove_text(NAME, by=keeper, **WHY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs")
        assert all("register" in args for (args,) in cursor.fetchall())
    assert queue is not None
    assert not Notification.objects.filter(note__contains=NAME).exists()
