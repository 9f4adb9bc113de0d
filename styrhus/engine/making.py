"""A new cluster: whole, or not there at all."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from styrhus.engine.cluster import ROLE, SUPERUSER, Cluster
from styrhus.engine.problem import Problem

INITDB = [
    "--auth=peer",
    "--data-checksums",
    "--no-instructions",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]


def make(cluster: Cluster, lock: int):
    """Made beside its place and moved there when it is complete. Raises Problem."""
    _forget_half_made(cluster)
    fresh = cluster.give(Path(tempfile.mkdtemp(dir=cluster.home, prefix="database-new-")))
    _run(cluster, lock, "initdb", "-D", fresh, "-U", SUPERUSER, *INITDB)
    statements = f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE DATABASE {ROLE} OWNER {ROLE}\n"
    said = _run(cluster, lock, "postgres", "--single", "-D", fresh, "postgres", text=statements)
    if "ERROR" in said or "FATAL" in said:
        raise Problem(f"The database could not be made: {said.strip()[-400:]}")
    fresh.rename(cluster.files)
    _sync(cluster.home)


def _forget_half_made(cluster: Cluster):
    """Left by a start that was killed; the server lock, which initdb inherits, says that nobody works on it."""
    for folder in cluster.home.glob("database-new-*"):
        shutil.rmtree(folder)


def _run(cluster: Cluster, lock, name, *arguments, text="") -> str:
    done = subprocess.run(
        [cluster.programs / name, *arguments],
        check=False,
        input=text,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[lock],
        start_new_session=True,
        **cluster.account.how_to_run(),
    )
    if done.returncode != 0:
        raise Problem(f"{name} failed for {cluster.files}: {done.stdout.strip()[-400:]}")
    return done.stdout


def _sync(folder: Path):
    """So that the move itself survives a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
