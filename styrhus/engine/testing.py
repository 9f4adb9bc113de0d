"""Loaded first by pytest: tests run on the program's own PostgreSQL, in a data folder of their own."""

import os
from pathlib import Path

os.environ["STYRHUS_ENVIRONMENT"] = "test"
os.environ.setdefault("STYRHUS_DATA", str(Path(__file__).resolve().parents[2] / ".test-data"))
from styrhus.engine.database import OwnDatabase
from styrhus.engine.places import data_folder

_database = OwnDatabase(data_folder())


def pytest_configure(config):
    if not os.environ.get("DATABASE_URL"):
        _database.acquire()


def pytest_unconfigure(config):
    if not os.environ.get("DATABASE_URL"):
        _database.release()
