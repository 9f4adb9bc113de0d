"""A pytest plugin for `make mutants`: which tests run which lines of a module, and the module with a fault in it.

The file itself is never touched: the fault is only in what Python is given to import.
"""

import importlib.abc
import importlib.util
import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, path: str, source: str):
        self.name, self.path, self.source = path.removesuffix(".py").replace("/", "."), path, source

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(compile(self.source, self.path, "exec"), module.__dict__)


class Watched:
    """Writes down the lines of a module that each test runs: line → tests."""

    def __init__(self, path: str, kept: Path):
        self.path, self.kept = str(Path(path).resolve()), kept
        self.seen: set[int] = set()
        self.tests: dict[int, list[str]] = defaultdict(list)
        monitoring = sys.monitoring
        monitoring.use_tool_id(monitoring.PROFILER_ID, "mutants")
        monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.LINE, self.line)
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.LINE)

    def line(self, code, number: int):
        if code.co_filename == self.path:
            self.seen.add(number)
        # Once a test is enough, and all that is not ours costs nothing more.
        return sys.monitoring.DISABLE

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.seen.clear()
        sys.monitoring.restart_events()
        done = yield
        for number in self.seen:
            self.tests[number].append(item.nodeid)
        return done

    def pytest_sessionfinish(self):
        self.kept.write_text(json.dumps(self.tests))


class Chosen:
    """Runs only these tests."""

    def __init__(self, wanted: list[str]):
        self.wanted = set(wanted)

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if item.nodeid in self.wanted]


def pytest_configure(config):
    if kept := os.environ.get("MUTANT_LINES"):
        config.pluginmanager.register(Watched(os.environ["MUTANT_OF"], Path(kept)))
    if wanted := os.environ.get("MUTANT_TESTS"):
        config.pluginmanager.register(Chosen(json.loads(Path(wanted).read_text())))


if "MUTANT" in os.environ:
    sys.meta_path.insert(0, Mutated(os.environ["MUTANT_OF"], Path(os.environ["MUTANT"]).read_text()))
