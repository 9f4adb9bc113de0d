"""Two people, two connections, one chapter."""

import pytest
from django.db import transaction

from styrhus.items import operations as items
from styrhus.items.models import Item
from styrhus.writing import operations
from styrhus.writing.models import Chapter

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_save_at_once_the_second_is_told_and_both_texts_are_there(world, text, meanwhile):
    chapter, by = text[0], world.people.principal

    def second():
        try:
            return operations.write(chapter, operations.Draft("Innledning", "<p>Andre</p>"), version=1, by=by)
        except operations.Conflict as told:
            return told

    with transaction.atomic():
        operations.write(chapter, operations.Draft("Innledning", "<p>Første</p>"), version=1, by=by)
        thread, outcome = meanwhile(second)
    thread.join()
    assert isinstance(outcome[0], operations.Conflict)
    assert outcome[0].current.text == "<p>Første</p>"
    assert [each.text for each in chapter.versions.all()] == ["<p>Første</p>"]


def test_a_text_is_not_saved_after_the_step_that_closes_it(world, make, text, meanwhile, monkeypatch):
    """The step holds the item's row, so the save waits, and then finds the text closed."""
    monkeypatch.setattr(make.Measure, "text_is_open", lambda self: self.state == "planned")
    chapter, by = text[0], world.people.principal
    with transaction.atomic():
        items.step(make.again(world.things.internal), "start", by=by)
        thread, outcome = meanwhile(
            lambda: operations.write(chapter, operations.Draft("Innledning", "<p>Sent</p>"), version=1, by=by)
        )
    thread.join()
    assert isinstance(outcome[0], operations.Locked)
    assert Chapter.objects.get(pk=chapter.pk).text == ""


def test_two_who_move_chapters_at_once_leave_every_place_taken_once(world, text, meanwhile):
    by = world.people.principal
    with transaction.atomic():
        operations.move(text[3], "opp", by=by)
        thread, _outcome = meanwhile(lambda: operations.take_out(text[1], by=by))
    thread.join()
    standing = Chapter.objects.filter(item=world.things.internal.pk).standing()
    assert list(standing.values_list("place", flat=True)) == [1, 2, 3]
    assert Item.objects.filter(pk=world.things.internal.pk).exists()
