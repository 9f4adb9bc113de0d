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
from sys import monitoring
from types import CodeType

import pytest


class Given(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives Python a module whose source we choose."""

    def __init__(self, path: str, source: str):
        self.name, self.path, self.source = path.removesuffix(".py").replace("/", "."), path, source

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        code = compile(self.source, self.path, "exec")
        self.meet(code)
        exec(code, module.__dict__)

    def meet(self, code: CodeType) -> None:
        """What is done with the code before it is run."""


class Watched(Given):
    """Writes down the lines of the module that each test runs: line → tests."""

    def __init__(self, path: str, kept: Path):
        super().__init__(path, Path(path).read_text())
        self.kept = kept
        self.seen: set[int] = set()
        self.tests: dict[int, list[str]] = defaultdict(list)
        monitoring.use_tool_id(monitoring.PROFILER_ID, "mutants")
        monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.LINE, self.line)

    def meet(self, code: CodeType) -> None:
        monitoring.set_local_events(monitoring.PROFILER_ID, code, monitoring.events.LINE)
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                self.meet(inner)

    def line(self, code: CodeType, number: int):
        self.seen.add(number)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.seen.clear()
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


PATH = os.environ.get("MUTANT_OF", "")
WATCHED = Watched(PATH, Path(os.environ["MUTANT_LINES"])) if "MUTANT_LINES" in os.environ else None
if WATCHED:
    sys.meta_path.insert(0, WATCHED)
if "MUTANT" in os.environ:
    sys.meta_path.insert(0, Given(PATH, Path(os.environ["MUTANT"]).read_text()))


def pytest_configure(config):
    if WATCHED:
        config.pluginmanager.register(WATCHED)
    if wanted := os.environ.get("MUTANT_TESTS"):
        config.pluginmanager.register(Chosen(json.loads(Path(wanted).read_text())))
