"""Deadlines are told of, letters are gathered and sent, calendar addresses are made and revoked."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import batched

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from styrhus.items.models import Notification
from styrhus.jobs import mail
from styrhus.organisation.models import Person
from styrhus.reminders.models import CalendarFeed, Digest, DigestLine, Escalation, FiguresAskedFor, Threshold, Wish
from styrhus.reminders.queries import Duty, Line, Naming, to_be_told, untold, untold_figures
from styrhus.scorecard.queries.due import awaited_everywhere

BATCH = 2_000
# More than this about deadlines on one day is one line and a list, not a flood.
AT_MOST_A_DAY = 10
LETTERS_A_JOB = 200
# What has lain unread longer than this has been in the bell all the time: no letter begins with it.
STILL_NEWS = timedelta(days=8)
LOCK = "SELECT pg_advisory_xact_lock(hashtext('styrhus.reminders'))"


@transaction.atomic
def escalate(on: date) -> int:
    """Takes every step that has come and not been taken; how many deadlines it told of. Again the same day: none."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    line, steps, waiting = Line(on), list(Threshold.objects.order_by("days")), list(awaited_everywhere(on))
    told: dict[int, list[tuple[str, Duty]]] = defaultdict(list)
    count = 0
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        come = [*untold(step, following, on), *untold_figures(step, following, on, waiting, line)]
        duties = [(duty, to_be_told(line, step, duty.responsible_id)) for duty in come]
        _write(duties, step)
        for duty, person in duties:
            if person:
                told[person].append((_reason(step, duty, person, line), duty))
        count += len(duties)
    _ring(told)
    return count


def _write(duties: list[tuple[Duty, int | None]], step: Threshold) -> None:
    Escalation.objects.bulk_create(
        (
            Escalation(
                item_id=duty.item_id, follow_up_id=duty.follow_up_id, due=duty.due, days=step.days, told_id=person
            )
            for duty, person in duties
            if duty.item_id
        ),
        BATCH,
    )
    FiguresAskedFor.objects.bulk_create(
        (
            FiguresAskedFor(
                unit_id=duty.figures.unit_id,
                frequency=duty.figures.frequency,
                due=duty.due,
                days=step.days,
                told_id=person,
            )
            for duty, person in duties
            if duty.figures
        ),
        BATCH,
    )


def _reason(step: Threshold, duty: Duty, person: int, line: Line) -> str:
    if line.holder(duty.responsible_id) != person:
        return Notification.Reason.ESCALATED
    return Notification.Reason.OVERDUE if step.days > 0 else Notification.Reason.DUE


def _ring(told: dict[int, list[tuple[str, Duty]]]) -> None:
    """One bell for each deadline, up to ten; the rest of a bad day is one line that says how many."""
    languages = dict(Person.objects.filter(pk__in=told).values_list("pk", "language"))
    made = []
    for person, lines in told.items():
        lines.sort(key=lambda each: each[1].due, reverse=True)
        shown = lines if len(lines) <= AT_MOST_A_DAY else lines[: AT_MOST_A_DAY - 1]
        with translation.override(languages.get(person) or settings.LANGUAGE_CODE):
            made += [_bell(person, reason, duty) for reason, duty in shown]
        if len(lines) > len(shown):
            note = _so_many_more(len(lines) - len(shown), languages.get(person))
            made.append(Notification(person_id=person, reason=Notification.Reason.DEADLINES, note=note))
    Notification.objects.bulk_create(made, BATCH)


def _bell(person: int, reason: str, duty: Duty) -> Notification:
    bell = Notification(person_id=person, reason=reason, item_id=duty.item_id, note=duty.words[:300])
    if duty.figures:
        # Who leads the unit enters the figures; who leads the leader sees what is missing.
        is_above = reason == Notification.Reason.ESCALATED
        bell.address = duty.figures.card_url if is_above else duty.figures.url
    return bell


def _so_many_more(count: int, language: str | None) -> str:
    with translation.override(language or settings.LANGUAGE_CODE):
        return ngettext(
            "%(count)s more deadline stands in your list.", "%(count)s more deadlines stand in your list.", count
        ) % {"count": count}


@transaction.atomic
def gather_digests(on: date) -> list[int]:
    """Makes the letters of a day from what is unread and has been in no letter; their keys. Again: those still waiting.

    A notification stands in one letter only, and a person gets one letter a day: the database refuses more.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    news = list(_news(on).order_by("pk").values_list("pk", "person"))
    Digest.objects.bulk_create(
        (Digest(person_id=person, on=on) for person in sorted({person for _pk, person in news})),
        BATCH,
        ignore_conflicts=True,
    )
    waiting = dict(Digest.objects.filter(on=on, state=Digest.State.WAITING).values_list("person", "pk"))
    DigestLine.objects.bulk_create(
        (DigestLine(digest_id=waiting[person], notification_id=pk) for pk, person in news if person in waiting), BATCH
    )
    return sorted(waiting.values())


def _news(on: date):
    """Unread, in no letter yet, and to people who want a letter on this day."""
    wanted = Q(digest=Wish.Digest.NEVER)
    if on.weekday() != 0:
        wanted |= Q(digest=Wish.Digest.WEEKLY)
    return Notification.objects.filter(
        read__isnull=True, digest_line__isnull=True, at__gte=timezone.now() - STILL_NEWS, person__is_active=True
    ).exclude(person__in=Wish.objects.filter(wanted).values("person"))


def jobs_of(digests: list[int]) -> list[dict]:
    """The arguments of the jobs that send these letters."""
    return [{"digests": list(some)} for some in batched(digests, LETTERS_A_JOB)]


def send(digests: list[int], on: date) -> int:
    """Sends those of the letters that still wait; how many went.

    Each letter is marked in the transaction that hands it to the mail server, with its row locked: of two workers one
    sends it, and one that is killed leaves it to be sent again. Only between the server's yes and our mark can a letter
    go twice; it then carries the same Message-ID, by which mail servers know it again.
    Raises the last passing error when some letters could not go now, after trying the rest.
    """
    letters = _letters(digests, on)
    if not letters:
        return 0
    sent, passing = 0, None
    with mail.line() as connection:
        for key, person, message in letters:
            try:
                sent += _send_one(key, person, message, connection)
            except OSError as error:
                passing = error
    if passing:
        raise passing
    return sent


@transaction.atomic
def _send_one(key: int, person: Person, message, connection) -> int:
    waiting = Digest.objects.select_for_update(skip_locked=True).filter(pk=key, state=Digest.State.WAITING).first()
    if waiting is None:
        return 0
    if message is None:
        waiting.state = Digest.State.NEEDLESS
    else:
        is_sent = mail.deliver(message, person, connection)
        waiting.state = Digest.State.SENT if is_sent else Digest.State.REFUSED
    waiting.save(update_fields=["state", "at"])
    return int(waiting.state == Digest.State.SENT)


def _letters(digests: list[int], on: date) -> list[tuple[int, Person, object]]:
    """Each waiting letter with its reader and its message (None: all was read since): three questions for them all."""
    waiting = list(Digest.objects.filter(pk__in=digests, state=Digest.State.WAITING).select_related("person"))
    lines = DigestLine.objects.filter(
        digest__in=waiting, notification__read__isnull=True, digest__person__is_active=True
    )
    by_digest = defaultdict(list)
    for line in lines.select_related("notification__item__unit").order_by("pk"):
        by_digest[line.digest_id].append(line.notification)
    naming = Naming([digest.person_id for digest in waiting], on)
    return [(each.pk, each.person, _message(each, by_digest.get(each.pk), naming)) for each in waiting]


def _message(digest: Digest, notifications: list[Notification] | None, naming: Naming):
    if not notifications:
        return None
    with translation.override(digest.person.language or settings.LANGUAGE_CODE):
        words = {
            "person": digest.person,
            "lines": [_line(each, naming) for each in notifications],
            "site": site(),
        }
        count = len(notifications)
        subject = ngettext("Styrhus: %(count)s thing for you", "Styrhus: %(count)s things for you", count)
        return mail.letter(
            digest.person,
            subject % {"count": count},
            render_to_string("reminders/digest.txt", words),
            render_to_string("reminders/digest.html", words),
            **{"Message-ID": f"<digest-{digest.pk}-{digest.on:%Y%m%d}@{host()}>"},
        )


def _line(notification: Notification, naming: Naming) -> dict:
    item = notification.item
    if item is None:
        place = notification.address or reverse("items:notifications")
        return {"reason": notification.get_reason_display(), "title": notification.note, "url": site() + place}
    is_named = naming.may_name(item, notification.person_id)
    return {
        "reason": notification.get_reason_display(),
        "title": item.title if is_named else _("Exempt from public access: sign in to see what it is"),
        "due": item.due if is_named else None,
        "url": site() + item.get_absolute_url(),
    }


def site() -> str:
    return settings.PUBLIC_URL or "http://localhost:8000"


def host() -> str:
    return site().partition("://")[2].partition("/")[0].partition(":")[0]


@transaction.atomic
def make_feed(person, *, alarm: bool = False) -> str:
    """A new secret address for a person's calendar, told this once; the one before ends. Returns the secret."""
    token = CalendarFeed.new_token()
    CalendarFeed.objects.update_or_create(
        person_id=person.pk, defaults={"token_sum": CalendarFeed.sum_of(token), "alarm": alarm}
    )
    return token


def revoke_feed(person) -> None:
    CalendarFeed.objects.filter(person=person.pk).delete()
