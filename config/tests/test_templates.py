"""Every template is sound, and somebody draws it."""

import re
from functools import cache
from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(ROOT.glob("styrhus/*/templates"))
TEMPLATES = sorted(str(file.relative_to(folder)) for folder in FOLDERS for file in folder.rglob("*") if file.is_file())
# Django finds these by their names alone.
BY_NAME = {"400.html", "403.html", "404.html", "500.html"}


@cache
def sources() -> str:
    """All that can name a template: our code and templates, and the library whose pages we dress."""
    ours = [file for folder in ("styrhus", "config") for file in (ROOT / folder).rglob("*.*")]
    theirs = list(Path(allauth.__file__).parent.rglob("*.py"))
    wanted = [file for file in ours + theirs if file.suffix in (".py", ".html", ".txt") and "tests" not in file.parts]
    return "\n".join(file.read_text() for file in wanted)


def is_named(template: str) -> bool:
    """By its whole name, or as a library says it: without the ending, or in parts."""
    stem = template.rpartition(".")[0]
    said = {template, stem, re.sub(r"_(message|subject)$", "", stem)}
    return any(re.search(rf"[\"'/]{re.escape(name)}[\"'.]", sources()) for name in said)


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 50


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_compiles(template):
    assert get_template(template)


@pytest.mark.parametrize("template", [template for template in TEMPLATES if template not in BY_NAME])
def test_every_template_is_drawn_somewhere(template):
    assert is_named(template)


def test_a_template_that_nobody_draws_is_found():
    assert not is_named("kit/forgotten.html")
    assert not is_named("items/orm.html")


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_holds_script_or_style_that_the_policy_forbids(template):
    text = get_template(template).template.source
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(importmap|application/json)\")", text)
    assert not re.search(r"\s(style|on\w+)=\"", text)
    assert "<style" not in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_key_is_written_as_a_number_for_people(template):
    """From one thousand upwards it would get a space, and the address or the anchor be another."""
    text = get_template(template).template.source
    assert not re.search(r"\{\{ *([a-z_]+\.)*(pk|\w+_pk|person_id) *\}\}", text)
