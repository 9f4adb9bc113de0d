"""The demonstration: a data folder that says of itself that it may be wiped."""

import io
import os
import shutil
from pathlib import Path

from styrhus.engine import locks
from styrhus.engine.database import OwnDatabase
from styrhus.engine.places import write_private
from styrhus.engine.problem import Problem, tell

MARK = "demonstration"


def is_demo(data: Path) -> bool:
    return (data / MARK).exists()


def adopt_environment(data: Path):
    """A demonstration folder is that to every command, and never production: everyone knows its passwords."""
    chosen = os.environ.get("STYRHUS_ENVIRONMENT")
    if not is_demo(data):
        return
    if chosen == "production":
        raise Problem(f"{data} holds the demonstration: choose another STYRHUS_DATA for production.")
    if not chosen:
        os.environ["STYRHUS_ENVIRONMENT"] = "demo"


def choose_environment():
    if os.environ.get("STYRHUS_ENVIRONMENT") == "production":
        raise Problem("STYRHUS_ENVIRONMENT says production: the demonstration does not run there.")
    os.environ["STYRHUS_ENVIRONMENT"] = "demo"


def preparation(volume) -> list[str]:
    """The arguments of the command that prepares; its own process, so that the one that watches stays small."""
    return ["prepare-demo", *(["--volume", volume] if volume else [])]


def prepare(data: Path, volume):
    """Migrate and load the municipality: only what is not done already."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    if _is_unmigrated():
        tell("Making the database's tables.")
        call_command("migrate", verbosity=0, interactive=False)
    if not get_user_model().objects.exists():
        _load(data, volume)
    elif not is_demo(data):
        raise Problem(f"{data} holds an installation that is not the demonstration: choose another STYRHUS_DATA.")


def _load(data: Path, volume):
    """The mark comes first: a load that is killed half-way can then be wiped. Its output is the sign-ins."""
    from django.core.management import call_command

    write_private(data / MARK, "")
    tell("Loading the demonstration municipality.")
    said = io.StringIO()
    call_command("load_demo", stdout=said, **({"volume": volume} if volume else {}))
    write_private(data / MARK, said.getvalue())


def greet(data: Path):
    print((data / MARK).read_text(), flush=True)


def refuse_unmigrated():
    if _is_unmigrated():
        raise Problem("The database is not of this version: run styrhus migrate first.")


def _is_unmigrated() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def reset(data: Path):
    """Remove the demonstration. Raises Problem for any other data folder, and while it is running."""
    if os.environ.get("DATABASE_URL"):
        raise Problem("DATABASE_URL names a database of yours: empty it yourself.")
    if not is_demo(data):
        raise Problem(f"{data} is not a demonstration: nothing was removed.")
    if not locks.is_free(data / "run" / "serve.lock"):
        raise Problem("The demonstration is running: stop it first.")
    OwnDatabase(data).destroy()
    shutil.rmtree(data / "files", ignore_errors=True)
    (data / MARK).unlink()
    tell("The demonstration is removed.")
