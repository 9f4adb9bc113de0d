"""A position is found among thousands by what people know of it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from styrhus.organisation.forms import PositionField, label_of
from styrhus.organisation.models import Position

FIND = reverse("organisation:find_positions")


@pytest.fixture
def principal(world):
    return Position.objects.get(appointments__person=world.people.principal)


def test_a_position_is_found_by_title_and_unit(principal):
    assert PositionField().clean(f"{principal.title.upper()} {principal.unit.name[:5]}") == principal


def test_a_position_is_found_by_the_name_of_who_holds_it(world, principal):
    assert PositionField().clean(world.people.principal.name) == principal


def test_a_position_is_found_by_its_own_label_and_number(principal):
    assert PositionField().clean(label_of(principal)) == principal
    assert PositionField().clean(str(principal.pk)) == principal


def test_words_that_several_have_are_refused_with_a_choice(principal):
    with pytest.raises(ValidationError, match=f"#{principal.pk}"):
        PositionField().clean("r")


@pytest.mark.parametrize("words", ["finnes ikke", "#999999999999999999", "%", "'; --", "#"])
def test_words_that_nobody_has_are_refused_with_advice(world, words):
    with pytest.raises(ValidationError):
        PositionField().clean(words)


def test_what_was_typed_stands_when_it_is_refused(world):
    assert PositionField().prepare_value("finnes ikke") == "finnes ikke"


def test_suggestions_name_the_holder_and_never_grow_past_a_page(client, world, principal, signed_in):
    page = signed_in(world.people.teacher).get(FIND, {"responsible": "rektor"}).content.decode()
    assert label_of(principal) in page
    assert world.people.principal.name in page
    assert page.count("<option") <= 20


def test_no_words_give_no_suggestions(world, signed_in):
    assert "<option" not in signed_in(world.people.teacher).get(FIND).content.decode()


def test_names_in_suggestions_are_written_as_text(world, signed_in, principal):
    Position.objects.filter(pk=principal.pk).update(title='<script>"')
    page = signed_in(world.people.teacher).get(FIND, {"q": world.people.principal.name}).content.decode()
    assert "<script>" not in page
