"""What is done to the tree."""

from contextlib import contextmanager
from datetime import date

from django.db import connection


@contextmanager
def effective(on: date):
    """What is written to units inside the block holds from this date. Only inside a transaction."""
    before = _say(on.isoformat())
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            _say(before)


def _say(on: str) -> str:
    """Gives what was said before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('styrhus.effective', true)")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('styrhus.effective', %s, true)", [on])
    return before or ""
