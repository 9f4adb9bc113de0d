"""The letter of the day, over real SMTP: who gets it, what it says, and what happens when it does not get through."""

import smtplib
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from styrhus.items.models import FollowUp, Notification
from styrhus.items.operations import notify
from styrhus.jobs import mail
from styrhus.jobs.models import RefusedAddress
from styrhus.reminders.models import Digest, DigestLine, Wish
from styrhus.reminders.operations import LETTERS_A_JOB, gather_digests, jobs_of, send
from styrhus.reminders.tasks import gather_digests as gather_task

pytestmark = pytest.mark.django_db
TODAY = date.today()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
TUESDAY = MONDAY + timedelta(days=1)
Reason = Notification.Reason


def ring(person, item=None, reason=Reason.DUE, note=""):
    notify([person], reason, item=item, note=note)


def told_today(on=TODAY) -> int:
    return send(gather_digests(on), on)


def body(letter) -> str:
    return "".join(part.get_content() for part in letter.walk() if part.get_content_maintype() == "text")


def test_one_letter_with_what_is_new_in_the_readers_language(world, mail_server):
    teacher = world.people.teacher
    teacher.language = "nn"
    teacher.save()
    ring(teacher, world.things.internal)
    ring(teacher, world.things.open, Reason.OVERDUE)
    assert told_today() == 1
    (letter,) = mail_server.to(teacher)
    assert "2" in letter["Subject"]
    assert letter["Auto-Submitted"] == "auto-generated"
    for told in (
        "Internkontroll",
        "Åpen skolegård",
        f"https://styrhus.example/ting/{world.things.open.pk}/",
        "Hei, Lars Lærer",
    ):
        assert body(letter).count(told) == 2, "once in plain text and once in HTML"
    assert "paaminnelser" in body(letter)


def test_who_has_nothing_new_gets_no_letter(world, mail_server):
    ring(world.people.teacher, world.things.internal)
    Notification.objects.update(read="2026-01-01T00:00Z")
    assert told_today() == 0
    assert mail_server.letters == []


def test_what_is_read_before_the_letter_goes_is_left_out(world, mail_server):
    ring(world.people.teacher, world.things.internal)
    digests = gather_digests(TODAY)
    Notification.objects.update(read="2026-01-01T00:00Z")
    assert send(digests, TODAY) == 0
    assert Digest.objects.get().state == Digest.State.NEEDLESS


def test_the_same_is_never_told_twice_however_often_the_jobs_run(world, mail_server):
    ring(world.people.teacher, world.things.internal)
    digests = gather_digests(TODAY)
    for _ in range(3):
        send(digests, TODAY)
        told_today()
    told_today(TODAY + timedelta(days=1))
    assert len(mail_server.letters) == 1


def test_the_database_refuses_two_letters_a_day_and_two_letters_of_one_thing(world):
    ring(world.people.teacher)
    (key,) = gather_digests(TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(person=world.people.teacher, on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        DigestLine.objects.create(digest_id=key, notification=Notification.objects.get())


@pytest.mark.parametrize(("wish", "monday", "tuesday"), [("workdays", 1, 1), ("weekly", 1, 0), ("never", 0, 0)])
def test_each_gets_it_as_often_as_wished(world, wish, monday, tuesday):
    Wish.objects.create(person=world.people.teacher, digest=wish)
    ring(world.people.teacher)
    with transaction.atomic():
        assert len(gather_digests(TUESDAY)) == tuesday
        transaction.set_rollback(True)
    assert len(gather_digests(MONDAY)) == monday


def test_exempt_is_named_in_no_letter_not_even_to_who_answers_for_it(world, mail_server):
    ring(world.people.principal, world.things.exempt)
    FollowUp.objects.create(
        item=world.things.exempt.as_item, what="Hemmelig", responsible=world.people.teacher.position, due=TODAY
    )
    ring(world.people.teacher, world.things.exempt, note="Hemmelig")
    assert told_today() == 2
    for letter in mail_server.letters:
        assert "Personalsak" not in letter.as_string() and "Hemmelig" not in body(letter)
        assert f"/ting/{world.things.exempt.pk}/" in body(letter)


def test_internal_is_named_to_employees_and_not_to_the_elected(world, mail_server):
    ring(world.people.councillor, world.things.internal)
    ring(world.people.councillor, world.things.open)
    told_today()
    (letter,) = mail_server.letters
    assert "Internkontroll" not in body(letter)
    assert "Åpen skolegård" in body(letter)


def test_who_has_left_gets_nothing(world, mail_server):
    ring(world.people.teacher, world.things.internal)
    world.people.teacher.is_active = False
    world.people.teacher.save()
    assert told_today() == 0


def test_a_passing_no_is_tried_again_and_the_others_get_theirs(world, mail_server):
    teacher, principal = world.people.teacher, world.people.principal
    mail_server.answers(lars=["450 rcpt", "250"])
    for person in (teacher, principal):
        ring(person, world.things.internal)
    digests = gather_digests(TODAY)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(digests, TODAY)
    assert (len(mail_server.to(teacher)), len(mail_server.to(principal))) == (0, 1)
    assert send(digests, TODAY) == 1
    assert (len(mail_server.to(teacher)), len(mail_server.to(principal))) == (1, 1)
    assert not RefusedAddress.objects.exists()


def test_a_passing_no_after_the_letter_is_tried_again_too(world, mail_server):
    mail_server.answers(lars=["451 data", "250"])
    ring(world.people.teacher, world.things.internal)
    digests = gather_digests(TODAY)
    with pytest.raises(smtplib.SMTPDataError):
        send(digests, TODAY)
    assert send(digests, TODAY) == 1


@pytest.mark.parametrize("no", ["550 rcpt", "554 data"])
def test_a_final_no_is_remembered_shown_and_forgotten_when_a_letter_gets_through(world, mail_server, signed_in, no):
    teacher = world.people.teacher
    mail_server.answers(lars=[no, "250"])
    ring(teacher, world.things.internal)
    assert told_today() == 0
    assert Digest.objects.get().state == Digest.State.REFUSED
    assert RefusedAddress.objects.get(person=teacher).answer.startswith(no[:3])
    assert (
        teacher.email in signed_in(world.people.administrator).get("/paaminnelser/avviste-adresser/").content.decode()
    )
    assert teacher.email in signed_in(teacher).get("/paaminnelser/").content.decode()
    ring(teacher, world.things.internal)
    assert told_today(TODAY + timedelta(days=1)) == 1
    assert not RefusedAddress.objects.exists()


def test_no_mail_server_at_all_leaves_every_letter_waiting(world, mail_server):
    ring(world.people.teacher, world.things.internal)
    digests = gather_digests(TODAY)
    mail_server.stop()
    with pytest.raises(OSError):
        send(digests, TODAY)
    assert Digest.objects.get().state == Digest.State.WAITING


def test_any_letter_that_is_refused_is_remembered(world, mail_server):
    teacher = world.people.teacher
    mail_server.answers(lars=["550 rcpt"])
    with mail.line() as connection:
        assert not mail.deliver(mail.letter(teacher, "Nytt\r\nBcc: alle@fjord.example", "Hei"), teacher, connection)
    assert RefusedAddress.objects.get().person == world.people.teacher


def test_a_letter_sent_again_after_a_crash_carries_the_same_id(world, mail_server, monkeypatch):
    """The server has said yes, and the worker dies before it is marked: the one place where a letter may go twice."""
    ring(world.people.teacher, world.things.internal)
    digests = gather_digests(TODAY)
    sending = EmailBackend.send_messages

    def dies_after(self, messages):
        sending(self, messages)
        raise KeyboardInterrupt

    monkeypatch.setattr(EmailBackend, "send_messages", dies_after)
    with pytest.raises(KeyboardInterrupt):
        send(digests, TODAY)
    monkeypatch.undo()
    assert send(digests, TODAY) == 1
    assert len({letter["Message-ID"] for letter in mail_server.letters}) == 1


def test_the_task_asks_for_the_letters_by_number_and_names_nobody(world, make):
    for _ in range(LETTERS_A_JOB + 1):
        ring(make.person())
    gather_task(timestamp=1_800_000_000)
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="send_digests")
    assert sorted(len(job.args["digests"]) for job in jobs) == [1, LETTERS_A_JOB]
    assert "@" not in "".join(str(job.args) for job in jobs)
    assert jobs_of([]) == []


def test_gathering_asks_as_much_for_many_as_for_few(world, make, capture_queries):
    counts = []
    for number in (2, 40):
        for _ in range(number):
            ring(make.person(), world.things.internal)
        with capture_queries() as captured:
            gather_digests(TODAY)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_worker_throws_away_the_jobs_it_has_done():
    """A job that sends a link holds the address that somebody typed."""
    from styrhus.engine.processes import worker_arguments

    arguments = [*worker_arguments(), "--help"]
    assert arguments[arguments.index("--delete-jobs") + 1] == "successful"
    assert subprocess.run([sys.executable, "-m", *arguments], capture_output=True, check=False).returncode == 0
