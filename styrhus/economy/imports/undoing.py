"""A load of the ledger is taken back: its extracts no longer stand, and what they replaced stands again."""

from django.db import connection
from django.utils.translation import gettext as _

from styrhus.economy.models import Balance, Book, Code, Extract, Line
from styrhus.economy.queries.months import is_closed
from styrhus.economy.words import what_it_is
from styrhus.trail.models import Change, ThisTransaction
from styrhus.trail.operations import CannotUndo

TOLD = 20


def undo_extracts(load) -> None:
    """Raises CannotUndo where a later file has taken the place of one of these."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    mine = Extract.objects.filter(written_in=load.transaction, at=load.loaded)
    later = mine.filter(replaced_by__isnull=False).select_related("version")[:TOLD]
    if later:
        words = _("%(what)s has been replaced by a later file. Undo that one first.")
        raise CannotUndo(reasons=[words % {"what": what_it_is(each)} for each in later])
    closed = [each for each in mine if each.book == Book.ACCOUNTS and is_closed(each.year, each.month)]
    if closed:
        words = _("%(what)s is closed. Open the period first.")
        raise CannotUndo(reasons=[words % {"what": what_it_is(each)} for each in closed[:TOLD]])
    mine.update(undone_in=ThisTransaction())
    Extract.objects.filter(replaced_by__in=mine).update(replaced_by=None)
    _take_back_codes(load)


def _take_back_codes(load) -> None:
    """Codes that only this load has used go with it, but those that people have written something of since."""
    began = Change.objects.filter(transaction=load.transaction, at=load.loaded, action=Change.INSERT)
    of_codes = Change.objects.filter(table_name=Code._meta.db_table)
    since = of_codes.filter(action=Change.UPDATE).exclude(transaction=load.transaction, at=load.loaded)
    codes = began.filter(table_name=Code._meta.db_table).exclude(row_id__in=since.values("row_id")).values("row_id")
    standing = Extract.objects.standing().values("pk")
    for dimension in ("cost_centre", "kind", "function"):
        used = Balance.objects.filter(extract__in=standing).values(dimension)
        Code.objects.filter(pk__in=codes, dimension=dimension).exclude(code__in=used).delete()
    for dimension in ("project", "free"):
        used = Line.objects.filter(extract__in=standing).values(dimension)
        Code.objects.filter(pk__in=codes, dimension=dimension).exclude(code__in=used).delete()
