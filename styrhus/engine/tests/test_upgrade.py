"""Bases as earlier versions left them: each is restored, brought to this version, and still holds its work."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

DUMPS = sorted(Path(__file__).with_name("dumps").glob("*.tar"))
COUNT = "from styrhus.planning.models import Measure; print('measures', Measure.objects.count())"


# The nearest in every run of the tests, those before it in `make walks`.
BASES = [*(pytest.param(dump, marks=pytest.mark.long) for dump in DUMPS[:-1]), DUMPS[-1]]


@pytest.mark.slow
@pytest.mark.parametrize("dump", BASES, ids=lambda dump: dump.stem)
def test_base_of_an_earlier_version_is_brought_here(dump, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"STYRHUS_DATA": str(tmp_path / "data"), "STYRHUS_ENVIRONMENT": "development"}

    def styrhus(*words) -> str:
        command = [sys.executable, "-m", "styrhus.engine.command_line", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    styrhus("restore", str(dump))
    styrhus("migrate")
    styrhus("migrate", "--check")
    with tarfile.open(dump) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    assert f"measures {manifest['rows']['public.planning_measure']}" in styrhus("shell", "-c", COUNT)
