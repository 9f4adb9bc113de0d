"""Says who acts, so that the trail can."""

from contextlib import contextmanager

from django.db import connection


def set_actor(person_id: int | None) -> None:
    """Names who acts on this connection until it is said again; None for the program itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('styrhus.actor', %s, false)", [str(person_id or "")])


@contextmanager
def acting(person):
    """Everything written inside the block is kept on the trail as this person's work."""
    set_actor(person.pk)
    try:
        yield
    finally:
        if connection.is_usable():
            set_actor(None)
