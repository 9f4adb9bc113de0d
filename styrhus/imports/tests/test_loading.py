"""A file on its way in: by the command line, by the pages, and when the process that loads it is killed."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from styrhus.imports import operations
from styrhus.imports.models import Import, Mapping
from styrhus.jobs.models import Job
from styrhus.organisation.models import Unit

State = Import.State
TREE = b"id;navn;over\n1;Kommune;\n2;Skole;1\n"
MAP = {"id": "code", "navn": "name", "over": "parent"}


def quiet(rows, share):
    """Nobody looks at the bar."""


@pytest.fixture
def taken(world):
    """`taken(content)`: an import with its columns matched, by the administrator."""

    def take(content=TREE, name="tre.csv", mapping=None):
        file = ContentFile(content, name=name)
        of = operations.take(file, kind="organisation", source="HR", by=world.people.administrator)
        operations.match(of, mapping or MAP)
        return of

    return take


def codes() -> list[str]:
    return list(Unit.objects.exclude(code="").order_by("code").values_list("code", flat=True))


# -- the steps


@pytest.mark.django_db
def test_a_check_tells_and_changes_nothing(taken, make):
    of = taken()
    operations.check(of, quiet)
    found = make.again(of)
    assert (found.state, found.read, found.added, codes()) == (State.CHECKED, 2, 2, [])
    assert [row.label for row in found.rows.all()] == ["Kommune (1)", "Skole (2)"]


@pytest.mark.django_db(transaction=True)
def test_a_load_is_undone_as_a_whole_unless_something_stands_on_it(taken, world, make):
    before = list(Unit.objects.order_by("pk").values())
    of = taken()
    operations.load(of, quiet)
    assert (make.again(of).state, codes()) == (State.LOADED, ["1", "2"])
    position = make.position("Rektor", Unit.objects.get(code="2"))
    operations.take_back(make.again(of), by=world.people.administrator)
    assert (make.again(of).state, codes()) == (State.LOADED, ["1", "2"])
    assert "Rektor" in make.again(of).problem
    position.delete()
    operations.take_back(make.again(of), by=world.people.administrator)
    assert make.again(of).state == State.UNDONE
    assert list(Unit.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_what_is_loaded_is_not_loaded_again(taken, make):
    of = taken()
    operations.load(of, quiet)
    first = make.again(of)
    operations.load(first, quiet)
    assert (make.again(of).transaction, codes()) == (first.transaction, ["1", "2"])


@pytest.mark.django_db
@pytest.mark.parametrize("late", [operations.check, operations.load])
def test_a_job_that_ends_late_changes_nothing_of_what_is_loaded(taken, make, late):
    of = taken()
    begun_before = make.again(of)
    operations.load(of, quiet)
    late(begun_before, quiet)
    found = make.again(of)
    assert (found.state, found.transaction, codes()) == (State.LOADED, of.transaction, ["1", "2"])


@pytest.mark.django_db
def test_a_page_that_was_open_changes_nothing_of_what_is_loaded(taken, make):
    of = taken()
    opened = make.again(of)
    operations.load(of, quiet)
    assert operations.match(opened, {}) is False
    operations.choose_sheet(opened, "Ark 2", {})
    operations.throw_away(opened)
    found = make.again(of)
    assert (found.state, found.mapping, found.sheet) == (State.LOADED, MAP, "")


@pytest.mark.django_db
def test_what_was_undone_is_not_loaded_again_by_a_job_that_is_run_twice(taken, make):
    of = taken()
    begun_before = make.again(of)
    operations.load(of, quiet)
    Import.objects.filter(pk=of.pk).update(state=State.UNDONE, undone=timezone.now(), undoing=1)
    Unit.objects.filter(code="2").delete()
    operations.load(begun_before, quiet)
    assert (make.again(of).state, codes()) == (State.UNDONE, ["1"])


@pytest.mark.django_db
def test_what_was_thrown_away_does_not_come_back(taken, make):
    of = taken(b"id;navn\n1;\n", mapping={"id": "code"})
    begun_before = make.again(of)
    operations.throw_away(of)
    operations.check(begun_before, quiet)
    assert not Import.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tre.csv", b"id;navn;fra\n1;Kommune;12\0\n2;Skole;" + b"x" * 9000),
        ("tre.json", b'[{"id": 1, "navn": "A", "fra": "\\ud800\\u0000"}, {"id": 2, "navn": "\\ud800", "fra": ""}]'),
    ],
)
def test_what_cannot_be_kept_is_refused_and_told(taken, make, name, content):
    of = taken(content, name, {"id": "code", "navn": "name", "fra": "since"})
    operations.check(of, quiet)
    found = make.again(of)
    assert (found.state, found.refused) == (State.REFUSED, 2)
    assert all(len(row.reason) <= 400 for row in found.rows.all())


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["-1", "0", "99999", "9" * 30])
def test_an_authority_level_that_cannot_be_kept_refuses_its_row(world, make, level):
    Unit.objects.filter(pk=world.units.school.pk).update(code="S1")
    file = ContentFile(f"nummer;stilling;enhet;nivå\n7;Rektor;S1;{level}\n".encode(), name="stillinger.csv")
    of = operations.take(file, kind="positions", source="HR", by=world.people.administrator)
    operations.match(of, {"nummer": "code", "stilling": "title", "enhet": "unit", "nivå": "authority_level"})
    operations.load(of, quiet)
    assert [row.column for row in make.again(of).rows.all()] == ["nivå"]


@pytest.mark.django_db
def test_a_refused_row_holds_the_whole_back_until_it_is_left_out(taken, make):
    of = taken(b"id;navn;over\n1;Kommune;\n2;Skole;9\n")
    operations.load(of, quiet)
    held = make.again(of)
    assert (held.state, held.refused, codes()) == (State.REFUSED, 1, [])
    assert [(row.line, row.column) for row in held.rows.filter(outcome="refused")] == [(3, "over")]
    held.allow_refused = True
    held.save()
    operations.load(held, quiet)
    assert (make.again(of).state, codes()) == (State.LOADED, ["1"])


@pytest.mark.django_db
def test_the_columns_of_a_source_are_remembered(taken):
    taken(b"x;y\n1;A\n", mapping={"x": "code", "y": "name"})
    assert taken(b"x;y\n2;B\n", mapping={"x": "code", "y": "name"}).mapping == {"x": "code", "y": "name"}
    assert Mapping.objects.get().columns == {"x": "code", "y": "name"}


# -- the command line


def said(*arguments, **more) -> tuple[dict, int]:
    out, status = io.StringIO(), 0
    with redirect_stdout(out):
        try:
            call_command("load", *map(str, arguments), "--json", stdout=out, **more)
        except SystemExit as ended:
            status = int(ended.code or 0)
    return json.loads(out.getvalue()), status


@pytest.fixture
def file(tmp_path):
    def write(content=TREE, name="tre.csv"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


MAPPED = ("--map", "id=code", "--map", "navn=name", "--map", "over=parent")


@pytest.mark.django_db
def test_the_command_loads_once_and_then_finds_nothing_to_change(file):
    first, status = said("organisation", file(), *MAPPED)
    assert (first["read"], first["added"], first["refused"], status) == (2, 2, [], 0)
    assert first["totals"]["parent"] == {"filled": 1}
    second, _status = said("organisation", file(), *MAPPED)
    assert (second["added"], second["changed"], second["unchanged"]) == (0, 0, 2)


@pytest.mark.django_db
def test_a_dry_run_of_the_command_leaves_no_trace(file):
    told, status = said("organisation", file(), *MAPPED, "--dry-run")
    assert (told["added"], told["loaded"], status, codes(), Import.objects.count()) == (2, False, 0, [], 0)


@pytest.mark.django_db
def test_several_files_are_one_load(file):
    below, above = file(b"id;navn;over\n2;Skole;1\n", "a.csv"), file(b"id;navn;over\n1;Kommune;\n", "b.csv")
    told, status = said("organisation", below, above, *MAPPED)
    assert (told["added"], status, Import.objects.get().files.count()) == (2, 0, 2)


@pytest.mark.django_db
def test_the_command_ends_with_one_when_a_row_is_refused_and_says_where(file):
    bad = file(b"id;navn;over\n1;Kommune;\n2;Skole;9\n")
    told, status = said("organisation", bad, *MAPPED)
    assert (status, codes()) == (1, [])
    assert [(each["line"], each["column"]) for each in told["refused"]] == [(3, "over")]
    _told, status = said("organisation", bad, *MAPPED, "--allow-refused")
    assert (status, codes()) == (0, ["1"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ["nope", "x.csv"],
        ["organisation"],
        ["organisation", "not-there.csv"],
        ["organisation", "FILE", "--map", "id=nope"],
        ["organisation", "FILE", "--map", "nope=code"],
        ["organisation", "FILE", "--by", "nobody@fjord.example"],
    ],
)
def test_a_wrong_command_is_refused_in_words(file, arguments):
    with pytest.raises(CommandError, match=r"\w+ \w+"):
        call_command("load", *(str(file()) if each == "FILE" else each for each in arguments))


@pytest.mark.django_db
def test_a_load_is_undone_by_its_number_and_once_only(file):
    number = said("organisation", file(), map=["id=code", "navn=name", "over=parent"])[0]["import"]
    assert Unit.objects.filter(code__in=["1", "2"]).count() == 2
    out = io.StringIO()
    call_command("load", "--undo", str(number), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"import": number, "undone": True, "obstacles": []}
    assert not Unit.objects.filter(code__in=["1", "2"]).exists()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load", "--undo", str(number))


@pytest.mark.django_db(transaction=True)
def test_an_undo_that_something_stands_in_the_way_of_says_so_and_changes_nothing(file):
    number = said("organisation", file(), map=["id=code", "navn=name", "over=parent"])[0]["import"]
    Unit.objects.filter(code="2").update(name="Omdøpt")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("load", "--undo", str(number), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert ended.value.code == 1 and not told["undone"] and told["obstacles"]
    assert Unit.objects.filter(code="2", name="Omdøpt").exists()


# -- the pages


@pytest.fixture
def administrator(world, signed_in):
    return signed_in(world.people.administrator)


@pytest.mark.django_db
def test_a_file_goes_in_by_the_pages_as_far_as_the_queue(administrator, text_file):
    sent = {"kind": "organisation", "source": "HR", "file": text_file("tre.csv", TREE)}
    response = administrator.post(reverse("imports:new"), sent)
    of = Import.objects.get()
    assert response["Location"] == reverse("imports:columns", args=[of.pk])
    page = administrator.get(response["Location"]).content.decode()
    assert "Kommune; Skole" in page
    answer = administrator.post(response["Location"], {"column_0": "code", "column_1": "name", "column_2": "parent"})
    assert (answer["Location"], Job.objects.count()) == (of.get_absolute_url(), 1)
    assert "progress" in administrator.get(of.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"), [("bilde.png", b"\x89PNG"), ("tom.csv", b""), ("null.csv", b"\x00\x00\x00"), ("x.xlsx", b"PK")]
)
def test_a_file_that_cannot_be_read_is_told_beside_the_field(administrator, text_file, name, content):
    response = administrator.post(reverse("imports:new"), {"kind": "organisation", "file": text_file(name, content)})
    assert (response.status_code, Import.objects.count()) == (422, 0)


@pytest.mark.django_db
def test_columns_without_what_must_be_there_are_asked_again_with_nothing_lost(administrator, taken):
    of = taken()
    response = administrator.post(reverse("imports:columns", args=[of.pk]), {"column_1": "name", "column_2": "name"})
    assert response.status_code == 422
    assert response.content.decode().count("selected") >= 2


@pytest.mark.django_db
def test_names_from_a_file_are_text_on_the_page(administrator, taken):
    of = taken(b"id;navn;over\n1;<script>alert(1)</script>;\n")
    operations.check(of, quiet)
    page = administrator.get(of.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.django_db
def test_the_refused_rows_are_a_spreadsheet_without_formulas(administrator, taken):
    of = taken(b"id;=cmd()\n1;\n", mapping={"id": "code", "=cmd()": "name"})
    operations.check(of, quiet)
    text = administrator.get(reverse("imports:refused", args=[of.pk])).content.decode()
    assert "'=cmd()" in text


@pytest.mark.django_db
def test_the_number_of_questions_does_not_grow_with_the_rows(administrator, taken, capture_queries):
    def asked(count):
        of = taken(
            b"id;navn\n" + b"".join(b"%d;A\n" % number for number in range(count)),
            mapping={"id": "code", "navn": "name"},
        )
        operations.check(of, quiet)
        found = []
        for url in (of.get_absolute_url(), reverse("imports:imports")):
            with capture_queries() as captured:
                assert administrator.get(url).status_code == 200
            found.append(len(captured))
        return found

    few = asked(2)
    assert asked(60) == few
    assert max(few) <= 20


# -- killed in the middle


LOADING = """
import sys, time
import django
django.setup()
from styrhus.imports import operations
from styrhus.imports.models import Import
from styrhus.organisation.imports import units

write = units.UnitLoader.write
def slowly(self, rows):
    write(self, rows)
    print("written", flush=True)
    time.sleep(60)
units.UnitLoader.write = slowly
operations.load(Import.objects.get(pk=int(sys.argv[1])), lambda rows, share: None)
"""


@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_killed_leaves_nothing_and_the_next_try_loads_once(world, make, taken, settings):
    of = taken()
    database = settings.DATABASES["default"]
    host, name = database["HOST"], connection.settings_dict["NAME"]
    url = f"postgresql://{database['USER']}@/{name}?host={host}&port={database['PORT']}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    code = f"from django.conf import settings\nsettings.MEDIA_ROOT = {str(settings.MEDIA_ROOT)!r}\n" + LOADING
    loader = subprocess.Popen(
        [sys.executable, "-c", code, str(of.pk)], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert loader.stdout.readline().strip() == "written"
        loader.send_signal(signal.SIGKILL)
    finally:
        loader.kill()
        loader.wait()
    wait_until_forgotten(of)
    assert (codes(), make.again(of).state) == ([], State.UPLOADED)
    operations.load(make.again(of), quiet)
    operations.load(make.again(of), quiet)
    assert (codes(), make.again(of).state) == (["1", "2"], State.LOADED)
    operations.take_back(make.again(of), by=world.people.administrator)
    assert (codes(), make.again(of).state) == ([], State.UNDONE)


def wait_until_forgotten(of) -> None:
    """The server notices within a moment that nobody is at the other end, and lets go of the lock."""
    for _try in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
