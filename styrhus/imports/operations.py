"""Takes files in, checks them, loads them and takes a load back."""

import hashlib
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from io import SEEK_END
from itertools import batched
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from styrhus.imports.models import Import, ImportFile, ImportRow, Mapping
from styrhus.imports.queries import cancelled_transactions, in_words, remembered
from styrhus.kit import loading
from styrhus.kit.loading import NotMapped, Outcome, Source, Wanted, guess
from styrhus.kit.reading import Table, Unreadable
from styrhus.trail.operations import CannotUndo, undo

State = Import.State
Report = Callable[[int, float], None]
SECONDS_BETWEEN_REPORTS = 0.5
BATCH = 500
LONGEST_WORDS = 400
COUNTS = ("read", "added", "changed", "unchanged", "refused", "totals", "notes")
CONTROLS_KEPT = 200


class AlreadyLoaded(Exception):
    """The same import was loaded meanwhile: a job that is run twice loads once."""


def now_and_then(report: Report) -> Report:
    """Passes on a few reports a second, however often it is told."""
    last = 0.0

    def told(rows: int, share: float) -> None:
        nonlocal last
        if time.monotonic() - last > SECONDS_BETWEEN_REPORTS:
            last = time.monotonic()
            report(rows, share)

    return told


# -- taking in


@transaction.atomic
def take(upload, *, kind: str, source: str, by) -> Import:
    """Keeps an uploaded file, with the columns matched as last time or by their names. Raises Unreadable."""
    taken = Import.objects.create(kind=kind, source=source, by=by)
    keep_file(taken, upload, upload.name)
    with sources(taken) as (found,):
        header = header_of(kind, found)
    taken.mapping = guess(loading.kinds()[kind], header, remembered(kind, source))
    taken.save(update_fields=["mapping"])
    return taken


def header_of(kind: str, source: Source) -> list[str]:
    with loading.opened_as(loading.kinds()[kind], source) as table:
        return table.header


def keep_file(of: Import, opened, name: str) -> ImportFile:
    """A copy in the storage under a name that cannot be guessed, with its sum."""
    opened = getattr(opened, "file", opened)
    opened.seek(0)
    digest = hashlib.file_digest(opened, "sha256").hexdigest()
    size = opened.seek(0, SEEK_END)
    opened.seek(0)
    stored_as = default_storage.save(f"imports/{of.pk}/{get_random_string(24)}", File(opened))
    return ImportFile.objects.create(of=of, name=name[-200:], size=size, sha256=digest, stored_as=stored_as)


@contextmanager
def sources(of: Import) -> Iterator[list[Source]]:
    """The kept files as files on this machine, for as long as the block lasts."""
    with ExitStack() as opened:
        yield [Source(opened.enter_context(_at_hand(file)), file.name, of.sheet) for file in of.files.all()]


@contextmanager
def _at_hand(file: ImportFile) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile() as copy:
        with default_storage.open(file.stored_as) as kept:
            shutil.copyfileobj(kept, copy)
        copy.flush()
        yield Path(copy.name)


def _is_still_open(of: Import) -> bool:
    """Holds the import to the end of the transaction. False when it has been loaded or thrown away meanwhile."""
    row = Import.objects.select_for_update().filter(pk=of.pk).first()
    return row is not None and row.is_open


@transaction.atomic
def match(
    of: Import, mapping: dict[str, str], same: dict[str, str] | None = None, *, leave_stray: bool = False
) -> bool:
    """Says anew what the columns hold, and what every row says; False: too late.

    The columns are remembered for the next file from the same source.
    """
    if not _is_still_open(of):
        return False
    of.mapping, of.same, of.state, of.problem = mapping, same or {}, State.UPLOADED, ""
    of.leave_stray = leave_stray
    of.save(update_fields=["mapping", "same", "leave_stray", "state", "problem"])
    remember(of.kind, of.source, mapping)
    return True


@transaction.atomic
def choose_sheet(of: Import, sheet: str, mapping: dict[str, str]) -> None:
    if not _is_still_open(of):
        return
    of.sheet, of.mapping, of.state = sheet, mapping, State.UPLOADED
    of.save(update_fields=["sheet", "mapping", "state"])


def remember(kind: str, source: str, mapping: dict[str, str]) -> None:
    Mapping.objects.update_or_create(kind=kind, source=source, defaults={"columns": mapping})


@transaction.atomic
def throw_away(of: Import) -> None:
    """Removes an import that was never loaded, with its file."""
    if not _is_still_open(of):
        return
    stored = [file.stored_as for file in of.files.all()]
    of.delete()
    for name in stored:
        transaction.on_commit(partial(default_storage.delete, name))


# -- checking and loading


def check(of: Import, report: Report) -> None:
    """The dry run: says row by row what a load would do, and changes nothing but the import's own page."""
    if not of.is_open:
        return
    outcome = _run(of, report, write=False)
    if outcome:
        _record(of, outcome, State.REFUSED if outcome.refused else State.CHECKED)


def load(of: Import, report: Report) -> None:
    """Loads everything in one transaction, or nothing. Loaded already: nothing more to do."""
    if not of.is_open:
        return
    try:
        outcome = _run(of, report, write=True)
    except AlreadyLoaded:
        return
    if outcome and not outcome.written:
        _record(of, outcome, State.REFUSED)


def _run(of: Import, report: Report, *, write: bool) -> Outcome | None:
    try:
        with sources(of) as files:
            wanted = _wanted(of, files, lambda table: {column: name for column, name in of.mapping.items() if name})
            wanted.write, wanted.report = write, now_and_then(report)
            wanted.before_commit = lambda outcome: _sign(of, outcome)
            return loading.run(wanted)
    except (Unreadable, NotMapped) as error:
        _tell(of, str(error))
    except (IntegrityError, DataError) as error:
        _tell(of, collision(error))
    return None


def _wanted(of: Import, files: list[Source], mapping: Callable[[Table], dict[str, str]]) -> Wanted:
    kind = loading.kinds()[of.kind]
    how = {"allow_refused": of.allow_refused, "same": of.same, "leave_stray": of.leave_stray, "source": of.source}
    return Wanted(kind, files, timezone.localdate(), mapping, write=False, **how)


def collision(error: DatabaseError) -> str:
    """What the checks of single rows did not foresee, or what somebody else wrote at the same time."""
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return _(
        "The rows do not go together with what is in Styrhus (%(rule)s). Nothing was loaded. Check the file once more."
    ) % {"rule": rule}


@transaction.atomic
def _tell(of: Import, problem: str) -> None:
    if not _is_still_open(of):
        return
    of.problem, of.state = problem, State.REFUSED
    of.save(update_fields=["problem", "state"])


def _sign(of: Import, outcome: Outcome) -> None:
    """In the load's own transaction: either both are there or neither."""
    if not _is_still_open(of):
        raise AlreadyLoaded
    of.transaction, of.loaded = outcome.transaction, outcome.at
    _record(of, outcome, State.LOADED)


@transaction.atomic
def _record(of: Import, outcome: Outcome, state: str) -> None:
    if not _is_still_open(of):
        return
    for name in COUNTS:
        setattr(of, name, getattr(outcome, name))
    of.controls = [[each.heading, each.lines[:CONTROLS_KEPT]] for each in outcome.controls]
    of.state, of.problem = state, ""
    of.save()
    of.rows.all().delete()
    rows = (_row(of, told) for told in outcome.refusals + outcome.samples)
    for batch in batched(rows, BATCH):
        ImportRow.objects.bulk_create(batch)


def _row(of: Import, told: dict) -> ImportRow:
    words = {name: keepable(told[name]) for name in ("file", "label", "column", "reason") if name in told}
    return ImportRow(of=of, **({"outcome": loading.REFUSED} | told | words))


def keepable(written: str) -> str:
    """What a file says, short enough to be shown and without signs that no one can see or keep."""
    shown = written[:LONGEST_WORDS]
    return "".join("\ufffd" if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in shown)


def load_files(of: Import, files: list[Source], *, mapping: Callable[[Table], dict[str, str]], write: bool) -> Outcome:
    """Files that lie on this machine, loaded at once. The import is new; it is kept when it was loaded.

    Raises Unreadable, NotMapped, IntegrityError or DataError with nothing done.
    """

    def keep(outcome: Outcome) -> None:
        of.mapping = outcome.mapping[0]
        of.save()
        for file in files:
            with file.path.open("rb") as opened:
                keep_file(of, opened, file.name)
        _sign(of, outcome)
        remember(of.kind, of.source, of.mapping)

    wanted = _wanted(of, files, mapping)
    wanted.write, wanted.before_commit = write, keep
    return loading.run(wanted)


# -- taking back


def take_back(of: Import, *, by) -> None:
    """Undoes a load as a whole. What stands in the way is told on the import, and then nothing is changed."""
    try:
        with transaction.atomic():
            locked = Import.objects.select_for_update().get(pk=of.pk)
            if locked.state != State.LOADED:
                return
            _play_backwards(locked)
            locked.state, locked.problem = State.UNDONE, ""
            locked.undone, locked.undone_by, locked.undoing = timezone.now(), by, _this_transaction()
            locked.save()
    except CannotUndo as error:
        Import.objects.filter(pk=of.pk).update(problem="\n".join(error.reasons or in_words(error.obstacles)))


def _play_backwards(of: Import) -> None:
    if of.its_kind.undo:
        of.its_kind.undo(of)
    elif of.transaction and of.loaded:
        undo(of.transaction, of.loaded, cancelled=cancelled_transactions())


def _this_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return cursor.fetchone()[0]
