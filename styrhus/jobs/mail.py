"""Mail: sent from the queue only, tried again in one way, and what a mail server refuses for good is remembered."""

import smtplib
from contextlib import contextmanager

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.utils import timezone
from procrastinate import RetryStrategy

from styrhus.jobs.models import RefusedAddress

# About nine hours in all: a mail server that is away for a night.
AGAIN = RetryStrategy(max_attempts=9, exponential_wait=4)


@contextmanager
def line():
    """One connection to the mail server, for many letters."""
    connection = mailers["default"]
    connection.open()
    try:
        yield connection
    finally:
        connection.close()


def letter(person, subject: str, text: str, html: str = "", **headers: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        text.strip() + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers={"Auto-Submitted": "auto-generated"} | headers,
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def deliver(message: EmailMultiAlternatives, person, connection) -> bool:
    """Hands one letter to the mail server. False when the address is refused for good, which is then remembered.

    Raises what may pass (no connection, a full mailbox, greylisting), so that the queue tries again later.
    """
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        return _refused(person, code, answer, refused)
    except smtplib.SMTPDataError as refused:
        return _refused(person, refused.smtp_code, refused.smtp_error, refused)
    RefusedAddress.objects.filter(person=person.pk).delete()
    return True


def _refused(person, code: int, answer, error: Exception) -> bool:
    if code < 500:
        raise error
    said = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    RefusedAddress.objects.update_or_create(
        person_id=person.pk,
        defaults={"email": person.email, "answer": f"{code} {said}"[:300], "at": timezone.now()},
    )
    return False
