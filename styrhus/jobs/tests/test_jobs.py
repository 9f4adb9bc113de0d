"""Long work, run by a real worker of the queue."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from procrastinate.contrib.django import app

from styrhus.jobs import operations
from styrhus.jobs.models import Job
from styrhus.jobs.tasks import retry_stalled, throw_away_old_results

pytestmark = pytest.mark.django_db(transaction=True)
State = Job.State


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    """The queue's tables are not Django's own, so they are not emptied with the others."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


def work():
    """One worker that does what waits, and ends."""
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def exports() -> list[str]:
    """How the queue's spreadsheet jobs stand; its periodic work stands beside them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name LIKE '%%export_register' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def asked(world, signed_in, make, monkeypatch):
    """A spreadsheet too long to wait for, asked for in a register by the teacher."""
    monkeypatch.setattr("styrhus.items.lists.EXPORT_AT_ONCE", 3)
    client = signed_in(world.people.teacher)
    response = client.get("/tiltak/", {"format": "xlsx", "sort": "title", "state": "all"})
    job = Job.objects.get()
    assert response["Location"] == job.get_absolute_url()
    return client, job


def rows_of(file) -> list:
    return [row[0].value for row in openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows()]


def result(client, job) -> bytes:
    response = client.get(reverse("jobs:result", args=[job.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_report_is_of_its_own_job_and_keeps_what_was_being_done(world, make):
    mine, other = (Job.objects.create(by=world.people.teacher, title="Regneark", doing="Leser") for _ in range(2))
    operations.report(mine, 3, 9)
    assert (make.again(mine).done, make.again(mine).total, make.again(mine).doing) == (3, 9, "Leser")
    operations.report(mine, 4, 9, "Skriver")
    assert make.again(mine).doing == "Skriver"
    assert (make.again(other).done, make.again(other).doing) == (0, "Leser")


def test_a_long_spreadsheet_is_made_by_the_worker_and_fetched_by_who_asked(asked, make):
    client, job = asked
    assert make.again(job).state == State.WAITING
    work()
    done = make.again(job)
    assert (done.state, done.result_name.endswith(".xlsx")) == (State.DONE, True)
    rows = rows_of(result(client, job))
    assert rows[1:] == ["Internkontroll", "Ny kai", "Nytt budsjett", "Nytt tak", "Åpen skolegård"]


def test_the_page_shows_how_far_it_has_come_and_then_the_file(asked, make):
    client, job = asked
    progress = reverse("jobs:progress", args=[job.pk])
    assert "hx-get" in client.get(progress).content.decode()
    operations.report(job, 30, 120, "Tiltak")
    assert "25" in client.get(progress).content.decode()
    work()
    shown = client.get(progress).content.decode()
    assert "hx-get" not in shown
    assert reverse("jobs:result", args=[job.pk]) in shown
    assert client.get(job.get_absolute_url()).status_code == 200


def test_nobody_else_sees_the_job_or_its_file(asked, world, signed_in):
    work()
    other = signed_in(world.people.director)
    for name in ("job", "progress", "result"):
        assert other.get(reverse(f"jobs:{name}", args=[asked[1].pk])).status_code == 404


def test_the_file_holds_what_the_asker_may_see_when_it_is_made(asked, make, world):
    client, job = asked
    type(world.things.open).objects.filter(pk=world.things.elsewhere.pk).update(**make.exempt)
    work()
    assert "Nytt tak" not in rows_of(result(client, job))
    assert "Personalsak" not in rows_of(result(client, job))


def test_run_twice_it_makes_the_same_file_in_the_same_place(asked, make):
    client, job = asked
    work()
    first, place = rows_of(result(client, job)), make.again(job).result
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE task_name LIKE '%export_register'")
    work()
    assert make.again(job).result == place
    assert rows_of(result(client, job)) == first
    assert default_storage.listdir("results")[1] == [f"{job.pk}.xlsx"]


def test_work_that_fails_says_so_in_plain_words_and_the_queue_knows(asked, make, world):
    client, job = asked
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET args = jsonb_set(args, '{register}', '\"no:such\"')")
    work()
    failed = make.again(job)
    assert failed.state == State.FAILED
    assert failed.ended is not None
    assert "Traceback" not in failed.error
    page = client.get(job.get_absolute_url()).content.decode()
    assert failed.error in page
    assert exports() == ["failed"]
    assert client.get(reverse("jobs:result", args=[job.pk])).status_code == 404


def test_the_job_and_the_asking_are_kept_together_or_not_at_all(world, make):
    class Broken:
        @staticmethod
        def defer(**_arguments):
            raise RuntimeError("no queue")

    with pytest.raises(RuntimeError):
        operations.start(Broken, by=world.people.teacher, title="Regneark")
    assert not Job.objects.exists()


def test_a_job_whose_worker_was_killed_is_given_to_another(asked, make):
    """As it stands after SIGKILL: the job is being done by a worker whose heart has stopped."""
    _client, job = asked
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
    # A lock of its own: a starting worker asks for the same work by itself, once a minute.
    retry_stalled.configure(queueing_lock="by a test").defer(timestamp=0)
    work()
    work()
    assert make.again(job).state == State.DONE
    assert exports() == ["succeeded"]


def test_a_job_whose_worker_lives_is_left_alone(asked):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", cursor.fetchone())
    retry_stalled.defer(timestamp=0)
    work()
    assert exports() == ["doing"]


def test_old_results_are_thrown_away_and_new_ones_kept(asked, world, make):
    _client, job = asked
    work()
    old = Job.objects.create(by=world.people.teacher, title="Gammel", result="results/old.xlsx")
    default_storage.save(old.result, io.BytesIO(b"x"))
    Job.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(hours=25))
    throw_away_old_results(timestamp=0)
    assert list(Job.objects.all()) == [job]
    assert default_storage.listdir("results")[1] == [f"{job.pk}.xlsx"]


def test_what_a_job_writes_is_kept_as_the_askers_work(world, make, on_the_trail):
    job = Job.objects.create(by=world.people.teacher, title="Skriver")
    with operations.running(job.pk):
        unit = make.unit("Skrevet av jobben")
    assert on_the_trail(unit)[0].by_id == world.people.teacher.pk
    after = make.unit("Etterpå")
    assert on_the_trail(after)[0].by_id is None


@pytest.mark.parametrize(("chosen", "spoken"), [("nn", "nn"), ("en", "en"), ("", "nb")])
def test_a_job_speaks_the_askers_language(world, chosen, spoken):
    teacher = world.people.teacher
    type(teacher).objects.filter(pk=teacher.pk).update(language=chosen)
    job = Job.objects.create(by=teacher, title="Skriver")
    with operations.running(job.pk):
        assert get_language() == spoken


def test_support_does_not_reach_what_was_made_for_the_person(asked, world, signed_in):
    work()
    session = apps.get_model("signin.supportsession")
    started = session.objects.create(
        administrator=world.people.administrator,
        person=world.people.teacher,
        reason="Hjelp",
        ends=timezone.now() + timedelta(minutes=9),
    )
    client = signed_in(world.people.administrator)
    session_data = client.session
    session_data["support_session"] = started.pk
    session_data.save()
    assert "Lars Lærer" in client.get("/").content.decode()
    assert client.get(reverse("jobs:result", args=[asked[1].pk])).status_code == 404
    assert client.get("/tiltak/", {"format": "xlsx", "state": "all"}).status_code == 403
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("done", "total", "percent"), [(0, 0, 0), (0, 9, 0), (1, 3, 33), (9, 9, 100)])
def test_percent_of_the_work(done, total, percent):
    assert Job(done=done, total=total).percent == percent
