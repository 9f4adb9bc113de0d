"""What an operator chooses: safe or the program does not start, and written down."""

import ast
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
GOOD = secrets.token_urlsafe(60)
# Not ours to describe: the system's own, and what Django and its tests need.
FOREIGN = {"DJANGO_SETTINGS_MODULE", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "CI", "PATH", "HOME"}


def start(tmp_path, **chosen):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STYRHUS_", "DATABASE_"))}
    environment |= {"STYRHUS_DATA": str(tmp_path / "data"), "STYRHUS_ENVIRONMENT": "production"} | chosen
    command = [sys.executable, "-c", "import config.settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE)"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


SOUND = {"STYRHUS_SECRET_KEY": GOOD, "STYRHUS_URL": "https://styrhus.fjord.example"}


@pytest.mark.parametrize("key", ["", "kort", "a" * 60, "ab" * 40, "styrhus" * 9])
def test_production_refuses_to_start_without_a_strong_secret(tmp_path, key):
    ended = start(tmp_path, **SOUND | {"STYRHUS_SECRET_KEY": key})
    assert ended.returncode != 0
    assert "STYRHUS_SECRET_KEY" in ended.stderr.splitlines()[-1]
    assert not key or key not in ended.stderr


def test_production_refuses_the_secret_of_the_demonstration(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "secret-key").write_text(GOOD)
    ended = start(tmp_path, **SOUND)
    assert ended.returncode != 0
    assert "demonstration" in ended.stderr


def test_production_refuses_to_start_without_its_address(tmp_path):
    ended = start(tmp_path, STYRHUS_SECRET_KEY=GOOD)
    assert ended.returncode != 0
    assert "STYRHUS_URL" in ended.stderr.splitlines()[-1]


def test_an_environment_that_does_not_exist_is_refused(tmp_path):
    ended = start(tmp_path, **SOUND | {"STYRHUS_ENVIRONMENT": "prod"})
    assert ended.returncode != 0
    assert "STYRHUS_ENVIRONMENT" in ended.stderr.splitlines()[-1]


def test_production_is_what_it_is_when_nothing_is_said(tmp_path):
    ended = start(tmp_path, STYRHUS_ENVIRONMENT="")
    assert "STYRHUS_SECRET_KEY" in ended.stderr.splitlines()[-1]


def test_production_with_all_that_is_required_starts_closed(tmp_path):
    ended = start(tmp_path, **SOUND)
    assert ended.stdout.split() == ["False", "True"], ended.stderr


def test_production_makes_no_secret_of_its_own(tmp_path):
    start(tmp_path, **SOUND)
    assert not (tmp_path / "data" / "secret-key").exists()


def test_a_demonstration_makes_its_own_secret_once_and_closed(tmp_path):
    demo = {"STYRHUS_ENVIRONMENT": "demo"}
    assert start(tmp_path, **demo).returncode == 0
    kept = tmp_path / "data" / "secret-key"
    first = kept.read_text()
    assert start(tmp_path, **demo).returncode == 0
    assert kept.read_text() == first
    assert len(first) >= 50
    assert kept.stat().st_mode & 0o077 == 0


# -- the table


def names_read(file) -> set[str]:
    """Environment variables that a file reads by name."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and node.args and is_reading(node.func):
            found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            found |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
    return {name for name in found if isinstance(name, str) and name.isupper()}


def is_reading(function) -> bool:
    said = ast.unparse(function)
    return said in ("read", "read_list") or said.endswith(
        ("environ.get", "environ.setdefault", "environ.pop", "getenv")
    )


def all_read() -> set[str]:
    files = [file for folder in ("config", "styrhus") for file in (ROOT / folder).rglob("*.py")]
    return set().union(*(names_read(file) for file in files if "tests" not in file.parts))


def test_every_variable_that_is_read_is_in_the_table():
    assert all_read() - FOREIGN - {setting.name for setting in SETTINGS} == set()


def test_every_row_of_the_table_is_read():
    assert {setting.name for setting in SETTINGS} - all_read() == set()


def test_each_setting_is_named_once_and_says_what_it_means():
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert all(len(setting.meaning) > 10 for setting in SETTINGS)


def test_no_secret_has_a_default():
    assert all(not setting.default for setting in SETTINGS if re.search(r"SECRET|PASSPHRASE|MAIL_URL", setting.name))


OPERATIONS = ROOT / "docs" / "operations.md"


@pytest.mark.skipif(not OPERATIONS.exists(), reason="docs/operations.md is not written yet")
def test_the_operators_handbook_prints_the_same_table():
    text = OPERATIONS.read_text()
    for setting in SETTINGS:
        row = next((line for line in text.splitlines() if line.startswith(f"| `{setting.name}`")), "")
        assert row, setting.name
        assert setting.default in row
        assert setting.meaning in row
    described = set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE))
    assert described - {setting.name for setting in SETTINGS} == set()
