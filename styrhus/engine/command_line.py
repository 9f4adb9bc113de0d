"""`styrhus`: the one command. Django's own management commands are its commands too."""

import argparse
import os
import signal
import sys
from contextlib import contextmanager, nullcontext
from typing import Any

import psycopg

from styrhus.engine import demonstration, processes
from styrhus.engine.database import OwnDatabase
from styrhus.engine.places import data_folder
from styrhus.engine.problem import Problem, tell

HELP = """\
styrhus COMMAND [options]

  demo [--volume asker|oslo] [--port N]   a demonstration municipality on this machine
  demo-reset                              remove the demonstration and what was done in it

  serve [--host ADDRESS] [--port N]       the web server and the worker (or two commands: web, worker)
  web [--host ADDRESS] [--port N]         the web server alone
  worker                                  the worker alone: imports, mail, reminders
  load [KIND [FILE ...]] [--dry-run]      files of rows into the base; alone: what can be loaded
  migrate                                 bring the database to this version
  createadmin                             the first administrator
  check                                   whether the settings are sound (check --deploy: for production)

  backup [FILE] [--verify FILE]           database and files from one moment
  restore FILE [--identity KEYFILE]       into an empty installation

  help                                    every other command; COMMAND --help tells about one

Settings come from the environment: docs/operations.md.
"""

# These answer without a database, so they must not start one. Not `check`: it asks the server for its version.
NO_DATABASE = {
    "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages",
    "startapp", "version", "--version",
}  # fmt: skip
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main():
    end_on_signals()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        sys.exit(run(sys.argv[1:]))
    except Problem as problem:
        tell(f"styrhus: {problem}")
        sys.exit(1)
    except PermissionError as error:
        tell(f"styrhus: {error.filename}: {error.strerror}.")
        sys.exit(1)


def end_on_signals():
    """The first signal ends what we do, by way of every `finally`; a second one must not disturb the tidying up."""

    def end(number, _frame):
        for each in SIGNALS:
            signal.signal(each, lambda *_: None)
        raise SystemExit(128 + number)

    for each in SIGNALS:
        signal.signal(each, end)


def run(arguments) -> int | None:
    name, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if name in ("-h", "--help"):
        print(HELP)
        return 0
    if name != "demo":
        demonstration.adopt_environment(data_folder())
    if own := OWN_COMMANDS.get(name):
        return own(_parse(name, rest))
    return django_command([name, *rest])


def django_command(arguments):
    alone = arguments[0] in NO_DATABASE or {"-h", "--help"} & set(arguments)
    with django_on(nullcontext() if alone else database()):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["styrhus", *arguments])


@contextmanager
def django_on(base):
    """Django set up, and its base there, for as long as the block lasts."""
    with base:
        _set_up_django()
        from django.db import OperationalError

        try:
            yield
        except (OperationalError, psycopg.OperationalError) as error:
            raise Problem(f"The database does not do as asked: {error}") from error


def _set_up_django():
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Problem(str(error)) from error


def database():
    """The own database for as long as the block lasts; nothing to start where DATABASE_URL names one."""
    return nullcontext() if os.environ.get("DATABASE_URL") else OwnDatabase(data_folder())


def _parse(name, rest):
    parser = argparse.ArgumentParser(prog=f"styrhus {name}")
    for flags, options in OPTIONS[name]:
        parser.add_argument(*flags, **options)
    return parser.parse_args(rest)


def _serve(options):
    return processes.serve(options.host, options.port)


def _web(options):
    with database():
        return processes.run_web(options.host, options.port)


def _worker(options):
    return django_command(processes.worker_arguments())


def _demo(options):
    demonstration.choose_environment()
    return processes.serve(
        "127.0.0.1",
        options.port,
        prepare=demonstration.preparation(options.volume),
        greet=demonstration.greet,
    )


def _demo_reset(options):
    return demonstration.reset(data_folder())


def _prepare_demo(options):
    with django_on(database()):
        demonstration.prepare(data_folder(), options.volume)


def _check_migrations(options):
    with django_on(database()):
        demonstration.refuse_unmigrated()


def _backup(options):
    from styrhus.engine import backup

    if options.verify:
        return backup.verify(options.verify, options.identity)
    with django_on(database()):
        return backup.backup(options.file, unencrypted=options.unencrypted)


def _restore(options):
    from styrhus.engine import backup

    with django_on(database()):
        return backup.restore(options.file, options.identity)


PORT = (["--port"], {"type": int, "default": os.environ.get("PORT") or "8000"})
HOST = (["--host"], {"default": os.environ.get("STYRHUS_BIND") or "127.0.0.1"})
VOLUME = (
    ["--volume"],
    {"choices": ["asker", "oslo"], "help": "how much data; the default is a small municipality"},
)
IDENTITY = (["--identity"], {"metavar": "KEYFILE", "help": "age identity file that opens the backup"})
OPTIONS: dict[str, list[tuple[list[str], dict[str, Any]]]] = {
    "serve": [HOST, PORT],
    "web": [HOST, PORT],
    "worker": [],
    "demo": [VOLUME, PORT],
    "demo-reset": [],
    "prepare-demo": [VOLUME],
    "check-migrations": [],
    "backup": [
        (["file"], {"nargs": "?", "metavar": "FILE"}),
        (["--verify"], {"metavar": "FILE", "help": "only check that this backup is whole and can be opened"}),
        (
            ["--unencrypted"],
            {"action": "store_true", "help": "write it readable for whoever gets hold of it"},
        ),
        IDENTITY,
    ],
    "restore": [(["file"], {"metavar": "FILE"}), IDENTITY],
}
OWN_COMMANDS = {
    "serve": _serve,
    "web": _web,
    "worker": _worker,
    "demo": _demo,
    "demo-reset": _demo_reset,
    "prepare-demo": _prepare_demo,
    "check-migrations": _check_migrations,
    "backup": _backup,
    "restore": _restore,
}


if __name__ == "__main__":
    main()
