"""Inputs drawn by ourselves say the same as those that Django draws."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from hypothesis import given
from hypothesis import strategies as st

from styrhus.kit.forms import DRAWN, Renderer, attributes

WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), max_size=30)
GROUPED = [("", "Velg"), ("a", "<Først> & sist"), ("Flere", [("b", "Bæ"), (3, "Tre")])]
WIDGETS = {
    "text": forms.TextInput(),
    "email": forms.EmailInput(),
    "password": forms.PasswordInput(render_value=True),
    "hidden": forms.HiddenInput(),
    "number": forms.NumberInput(),
    "date": forms.DateInput(),
    "checkbox": forms.CheckboxInput(),
    "textarea": forms.Textarea(),
    "select": forms.Select(choices=GROUPED),
}


def both(widget, value, attrs):
    ours = widget.render("navn", value, dict(attrs), renderer=Renderer())
    theirs = widget.render("navn", value, {"class": "ds-input"} | attrs, renderer=DjangoTemplates())
    return parse_html(ours), parse_html(theirs)


@pytest.mark.parametrize("name", WIDGETS)
@given(value=WORDS, title=WORDS)
def test_an_input_is_what_django_would_have_drawn(name, value, title):
    ours, theirs = both(WIDGETS[name], value, {"id": "id_navn", "title": title, "required": True, "hidden": False})
    assert ours == theirs


@pytest.mark.parametrize("value", [None, "", "a", "b", 3, "<script>", True, False])
@pytest.mark.parametrize("name", WIDGETS)
def test_an_input_holds_any_value_as_django_would(name, value):
    ours, theirs = both(WIDGETS[name], value, {})
    assert ours == theirs


def test_every_input_that_is_drawn_here_is_compared():
    assert {widget.template_name for widget in WIDGETS.values()} == set(DRAWN)


def test_an_own_class_is_kept_and_the_common_one_given_where_there_is_none():
    assert 'class="own"' in forms.TextInput().render("navn", "", {"class": "own"}, renderer=Renderer())
    assert 'class="ds-input"' in forms.TextInput().render("navn", "", renderer=Renderer())


def test_attributes_are_escaped_and_what_is_false_is_left_out():
    assert attributes({"a": '"<', "b": True, "c": False, "d": None, "e": 0}) == ' a="&quot;&lt;" b e="0"'
