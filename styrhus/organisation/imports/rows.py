"""What the kinds of file share: the same two columns of days, and the same questions to rows."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.kit.loading import Field, Row
from styrhus.kit.parsing import day, text

BATCH = 500

code = text(40)
SINCE = Field("since", gettext_lazy("Since"), day, synonyms=("valid from", "fra dato", "startdato", "gyldig fra"))
UNTIL = Field("until", gettext_lazy("Until"), day, synonyms=("valid to", "til dato", "sluttdato", "gyldig til"))


def refuse_repeated(rows: Iterable[Row], name: str) -> None:
    """The second row with a code that must be alone."""
    seen: dict[str, int] = {}
    for row in rows:
        if (value := row[name]) is None:
            continue
        if value in seen:
            row.refuse(name, _("“%(code)s” stands on line %(line)s too.") % {"code": value, "line": seen[value]})
        seen.setdefault(value, row.line)


def sound(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that are not refused so far."""
    return (row for row in rows if not row.is_refused)


def differences(thing, wanted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (was, now) for name, now in wanted.items() if (was := getattr(thing, name)) != now}


def refuse_backwards(row: Row, since: date | None, until: date | None, name: str = "until") -> None:
    if since and until and until < since:
        row.refuse(name, _("The last day is before the first."))


def all_with(rows: Iterable[Row], name: str) -> set:
    return {row[name] for row in rows} - {None}
