"""Mail about people's way in, and what is to be forgotten in time."""

from datetime import timedelta

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import int_to_base36
from procrastinate.contrib.django import app

from styrhus.jobs import mail
from styrhus.jobs.mail import AGAIN
from styrhus.organisation.models import Person
from styrhus.signin.models import SecurityEvent, SupportSession
from styrhus.signin.operations import end_support


@app.task(retry=AGAIN)
def send_password_link(email: str, site: str, language: str) -> None:
    """The link is made here, so that it never lies in the queue. An unknown e-mail gets nothing."""
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        return
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": int_to_base36(person.pk), "key": key})
    _send("account/email/password_reset_key", person, language, {"link": site.rstrip("/") + path})


@app.task(retry=AGAIN)
def send_notice(person_id: int, template: str, language: str) -> None:
    """Tells a person that something about the way in was changed, in case it was somebody else."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is not None:
        _send(template, person, language, {"at": timezone.now()})


def _send(template: str, person, language: str, words: dict) -> None:
    with translation.override(person.language or language):
        words |= {"person": person}
        subject = " ".join(render_to_string(f"{template}_subject.txt", words).split())
        text = render_to_string(f"{template}_message.txt", words).strip()
    with mail.line() as connection:
        mail.deliver(mail.letter(person, subject, text), person, connection)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="end_timed_out_support")
def end_timed_out_support(timestamp: int) -> None:
    """A session whose browser was closed is noticed by nobody else."""
    for session in SupportSession.objects.timed_out(timezone.now()).select_related("person", "administrator"):
        end_support(session)


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="forget_old_security_events")
def forget_old_security_events(timestamp: int) -> None:
    # A day more than the year, so that the trigger and this clock cannot disagree.
    before = timezone.now() - SecurityEvent.KEPT - timedelta(days=1)
    SecurityEvent.objects.filter(at__lt=before).delete()
    call_command("clearsessions")
