"""A load of figures is taken back: its own rows go, and what they replaced stands again."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from styrhus.scorecard.models import ComparisonGroup, Indicator, Measurement, Municipality, OthersFigure, Series
from styrhus.scorecard.operations.withholding import withhold
from styrhus.scorecard.periods import in_words
from styrhus.trail.models import Change
from styrhus.trail.operations import CannotUndo

TOLD = 20
NAMED = ("name", "kostra_group")


def undo_results(load) -> None:
    """Raises CannotUndo where a figure of the load has been corrected since: that was built on it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    # Numbers of transactions begin again in a restored base; the moment tells them apart.
    mine = Measurement.objects.filter(written_in=load.transaction, at=load.loaded)
    _refuse_corrected(mine)
    limited = mine.filter(series__indicator__min_respondents__isnull=False)
    touched = list(limited.order_by().values_list("series__indicator", "start").distinct())
    mine.order_by().delete()
    replaced = Measurement.objects.filter(replaced_in=load.transaction, replaced_at=load.loaded)
    replaced.update(replaced_in=None, replaced_at=None)
    _end_empty(load)
    indicators = Indicator.objects.in_bulk({key for key, _start in touched})
    withhold((indicators[key], start) for key, start in touched)


def undo_comparison(load) -> None:
    """Raises CannotUndo where a figure of the load has been corrected since."""
    mine = OthersFigure.objects.filter(written_in=load.transaction, at=load.loaded)
    corrected = mine.filter(replaced_in__isnull=False).select_related("indicator", "municipality")[:TOLD]
    if corrected:
        raise CannotUndo(reasons=[_told_of(each.indicator, each.municipality.name, each.start) for each in corrected])
    mine.delete()
    replaced = OthersFigure.objects.filter(replaced_in=load.transaction, replaced_at=load.loaded)
    replaced.update(replaced_in=None, replaced_at=None)
    _take_back_municipalities(load)


def _take_back_municipalities(load) -> None:
    """Those it added go where nothing else is about them; those it named anew get the name they had."""
    written = Change.objects.filter(
        transaction=load.transaction, at=load.loaded, table_name=Municipality._meta.db_table
    ).order_by("-id")
    added = written.filter(action=Change.INSERT).values("row_id")
    chosen = ComparisonGroup.objects.values("members")
    Municipality.objects.filter(pk__in=added, figures=None, is_own=False).exclude(pk__in=chosen).delete()
    for change in written.filter(action=Change.UPDATE):
        before, after = change.before or {}, change.after or {}
        names = [name for name in NAMED if name in before]
        still = Municipality.objects.filter(pk=change.row_id, **{name: after[name] for name in names})
        still.update(**{name: before[name] for name in names})


def _refuse_corrected(mine) -> None:
    corrected = mine.filter(replaced_in__isnull=False).select_related("series__indicator", "series__unit")[:TOLD]
    if corrected:
        raise CannotUndo(reasons=[_told(each) for each in corrected])


def _told(figure: Measurement) -> str:
    return _told_of(figure.series.indicator, figure.series.unit.name, figure.start)


def _told_of(indicator: Indicator, place: str, start: date) -> str:
    return _("%(indicator)s, %(unit)s, %(period)s: the figure has been corrected after the import.") % {
        "indicator": indicator.title,
        "unit": place,
        "period": in_words(start, indicator.frequency),
    }


def _end_empty(load) -> None:
    """The series that the load began; where somebody has entered a figure since, it stays."""
    began = Change.objects.filter(
        transaction=load.transaction, at=load.loaded, table_name=Series._meta.db_table, action=Change.INSERT
    )
    keys = list(began.values_list("row_id", flat=True))
    Series.objects.filter(pk__in=keys, measurements=None).delete()
