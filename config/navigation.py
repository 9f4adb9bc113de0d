"""The menu: what is built, in the four phases of PUFF, and who sees each entry."""

from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# (phase, word, entries); an entry is label, url name and the permission that opens it: any of several with | between
# them, and none for everyone signed in.
PHASES = (
    ("", "", ((gettext_lazy("My page"), "home", ""), (gettext_lazy("My duties"), "duties", ""))),
    (
        "plan",
        gettext_lazy("Plan"),
        (
            (gettext_lazy("Plan overview"), "planning:plans", ""),
            (gettext_lazy("Legal deadlines"), "compliance:deadlines", ""),
            (gettext_lazy("Goals"), "planning:goals", ""),
            (gettext_lazy("Assignments"), "planning:assignments", ""),
            (gettext_lazy("Vision, values and challenges"), "planning:cornerstones", ""),
            (gettext_lazy("Requirements"), "compliance:requirements", ""),
        ),
    ),
    ("do", gettext_lazy("Do"), ()),
    (
        "follow",
        gettext_lazy("Follow up"),
        (
            (gettext_lazy("Scorecard"), "scorecard:scorecard", "organisation.view"),
            (gettext_lazy("Enter figures"), "scorecard:to_enter", "measurement.enter"),
            (gettext_lazy("Indicators"), "scorecard:indicators", ""),
            (gettext_lazy("Economy"), "economy:economy", "economy.view"),
            (gettext_lazy("Budget amendments"), "economy:amendments", "ledger.view"),
            (gettext_lazy("Certify and order payment"), "economy:payment_rights", "ledger.view"),
            (gettext_lazy("Gaps in the red thread"), "home:gaps", ""),
            (gettext_lazy("Owner health"), "assurance:overview", "assurance.view"),
        ),
    ),
    ("improve", gettext_lazy("Improve"), ((gettext_lazy("Measures"), "planning:measures", ""),)),
    (
        "",
        "",
        (
            (gettext_lazy("Units"), "organisation:units", "organisation.view"),
            (gettext_lazy("Reorganisations"), "reorganisation:list", "organisation.reorganise"),
            (gettext_lazy("Positions"), "organisation:positions", "organisation.view"),
            (gettext_lazy("People"), "organisation:people", "organisation.view"),
            (gettext_lazy("Authority"), "delegation:authorisations", ""),
        ),
    ),
    (
        "",
        "",
        (
            (gettext_lazy("Imports"), "imports:imports", "import.load|measurement.load|ledger.load"),
            (gettext_lazy("Codes of the accounts"), "economy:codes", "ledger.set_up"),
            (gettext_lazy("Loaded figures"), "economy:extracts", "ledger.load"),
            (gettext_lazy("Budget versions"), "economy:versions", "ledger.set_up"),
            (gettext_lazy("Support"), "support", "support.start"),
            (gettext_lazy("Security log"), "security_log", "security.view"),
            (gettext_lazy("Records"), "records:due", "records.view"),
            (gettext_lazy("Export of records"), "records:export", "records.export"),
            (gettext_lazy("Removal of personal data"), "records:removals", "privacy.view"),
            (gettext_lazy("How long things are kept"), "records:rules", ""),
        ),
    ),
)


# Every page asks this, so it is one statement, without the price of two questions through models: the name of the
# municipality (the oldest root), and how many notifications the reader has not read.
FRAME = """
    SELECT (SELECT name FROM organisation_unit WHERE parent_id IS NULL ORDER BY id LIMIT 1),
           (SELECT count(*) FROM items_notification WHERE person_id = %s AND read IS NULL)
"""


def shell(request) -> dict:
    """What every page's frame needs. The error page for a broken database must not ask the database again."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"environment_banner": _banner()}
    municipality, unread = _frame(request.user)
    return {
        "navigation": _navigation(request),
        "municipality": municipality,
        "unread_notifications": unread,
        "environment_banner": _banner(),
        "support_session": getattr(request, "support_session", None),
    }


def _frame(person) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(FRAME, [person.pk])
        return cursor.fetchone()


def _banner() -> str:
    return (
        _("Demonstration: the municipality, the people and the figures are made up.")
        if settings.ENVIRONMENT == "demo"
        else ""
    )


def _navigation(request) -> list[dict]:
    groups = [
        {
            "phase": phase,
            "label": word,
            "entries": [_entry(request, *entry[:2]) for entry in entries if _opens(request, entry[2])],
        }
        for phase, word, entries in PHASES
    ]
    _mark_current(entry for group in groups for entry in cast(list[dict], group["entries"]))
    return [group for group in groups if group["entries"]]


def _mark_current(entries: Iterable[dict]) -> None:
    """A room inside another has its own entry: the nearest one is where one is."""
    around = [entry for entry in entries if entry["current"]]
    nearest = max((len(entry["url"]) for entry in around), default=0)
    for entry in around:
        entry["current"] = len(entry["url"]) == nearest


def _opens(request, permission: str) -> bool:
    return not permission or any(request.user.has_perm(each) for each in permission.split("|"))


def _entry(request, label, name: str) -> dict:
    url = reverse(name)
    current = request.path == url or (url != "/" and request.path.startswith(url))
    return {"label": label, "url": url, "current": current}
