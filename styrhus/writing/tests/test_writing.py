"""Chapters are written, kept in every version, arranged, taken out and brought back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.items.models import FollowUp, Item
from styrhus.writing import operations
from styrhus.writing.comparing import differences, joined
from styrhus.writing.models import Chapter, ChapterComment, Heading
from styrhus.writing.queries import may_write, not_ready_hold, numbered, outline_of, text_as_it_stood, text_of

pytestmark = pytest.mark.django_db


def shown(item) -> list[str]:
    return [f"{line.number} {line.chapter.title}" for line in outline_of(item)]


def test_chapters_are_numbered_as_they_stand(world, text):
    assert shown(world.things.internal) == ["1 Innledning", "1.1 Bakgrunn", "1.2 Mål", "2 Slutt"]
    assert [line.above for line in outline_of(world.things.internal)] == [None, text[0].pk, text[0].pk, None]


@pytest.mark.parametrize(
    ("chapter", "way", "becomes"),
    [
        (0, "ned", ["1 Slutt", "2 Innledning", "2.1 Bakgrunn", "2.2 Mål"]),
        (2, "opp", ["1 Innledning", "1.1 Mål", "1.2 Bakgrunn", "2 Slutt"]),
        (2, "ut", ["1 Innledning", "1.1 Bakgrunn", "2 Mål", "3 Slutt"]),
        (3, "inn", ["1 Innledning", "1.1 Bakgrunn", "1.2 Mål", "1.3 Slutt"]),
        (3, "opp", ["1 Slutt", "2 Innledning", "2.1 Bakgrunn", "2.2 Mål"]),
        (0, "opp", None),
        (0, "inn", None),
        (0, "ut", None),
        (1, "opp", None),
        (2, "ned", None),
        (3, "ned", None),
    ],
)
def test_a_chapter_moves_with_all_that_lies_under_it(world, text, chapter, way, becomes):
    before = shown(world.things.internal)
    assert operations.move(text[chapter], way, by=world.people.principal) is (becomes is not None)
    assert shown(world.things.internal) == (becomes or before)


def test_a_new_chapter_stands_after_what_lies_under_the_one_it_follows(world, text):
    operations.add(world.things.internal, Chapter(title="Midt"), after=text[0], by=world.people.principal)
    assert shown(world.things.internal)[2:] == ["1.2 Mål", "2 Midt", "3 Slutt"]


def test_what_is_taken_out_closes_the_gap_and_comes_back_last_with_its_text(world, text, write):
    write(text[1], "<p>Bakgrunnen</p>")
    assert operations.take_out(text[0], by=world.people.principal) == 3
    assert shown(world.things.internal) == ["1 Slutt"]
    operations.bring_back(text[1], by=world.people.principal)
    assert shown(world.things.internal) == ["1 Slutt", "2 Bakgrunn"]
    assert "Bakgrunnen" in str(text_of(world.things.internal, world.people.principal)[1]["text"])


@settings(max_examples=100)
@given(st.lists(st.integers(1, 4), max_size=12))
def test_numbers_never_leave_a_level_out(levels):
    lines = numbered([Chapter(pk=at, level=level, title="x") for at, level in enumerate(levels)])
    before = 0
    for line in lines:
        assert line.depth == line.number.count(".") + 1 <= before + 1
        before = line.depth
    assert len({line.number for line in lines}) == len(lines)


def test_every_saved_text_is_kept_and_an_earlier_one_comes_back_as_a_new_version(world, text, write):
    write(text[0], "<p>En</p>", note="begynt")
    write(text[0], "<p>To</p>")
    earlier = text[0].versions.get(number=2)
    assert (earlier.text, earlier.note, earlier.by) == ("<p>En</p>", "begynt", world.people.principal)
    operations.restore(text[0], earlier, version=3, by=world.people.principal)
    assert [each.text for each in text[0].versions.all()] == ["<p>En</p>", "<p>To</p>", "<p>En</p>"]
    assert Chapter.objects.get(pk=text[0].pk).text == "<p>En</p>"


def test_saving_what_stands_makes_no_version(text, write):
    write(text[0], "<p>En</p>")
    write(text[0], "<p>En</p>")
    assert text[0].versions.count() == 1


def test_a_text_is_cleaned_wherever_it_comes_from(text, write):
    assert write(text[0], "<p onclick=x>Hei<script>x</script></p>").text == "<p>Hei</p>"


def test_who_saves_on_an_old_version_is_told_and_nothing_is_overwritten(world, text, write):
    write(text[0], "<p>Første</p>")
    with pytest.raises(operations.Conflict) as told:
        write(text[0], "<p>Andre</p>", version=1)
    assert told.value.current.text == "<p>Første</p>"
    assert text[0].versions.count() == 1


def test_an_approved_chapter_that_is_changed_is_approved_anew(world, text, write):
    operations.mark(text[0], "approved", by=world.people.principal)
    assert write(text[0], "<p>Nytt</p>").state == "writing"


# -- who may


def test_the_owner_of_a_chapter_writes_that_chapter_and_no_other(world, text, write):
    teacher, thing = world.people.teacher, world.things.internal
    text[1].owner = teacher.position
    operations.describe(text[1], by=world.people.principal)
    write(text[1], "<p>Lærerens</p>", by=teacher)
    operations.mark(text[1], "ready", by=teacher)
    with pytest.raises(PermissionDenied):
        write(text[0], "<p>Ikke mitt</p>", by=teacher)
    with pytest.raises(PermissionDenied):
        operations.mark(text[1], "approved", by=teacher)
    for refused in (
        lambda: operations.move(text[1], "opp", by=teacher),
        lambda: operations.take_out(text[1], by=teacher),
        lambda: operations.begin(thing, [Heading("Ny")], by=teacher),
        lambda: operations.describe(text[1], by=teacher),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_nothing_is_changed_in_a_text_that_is_closed(world, make, text, write, monkeypatch):
    monkeypatch.setattr(make.Measure, "text_is_open", lambda self: False)
    with pytest.raises(operations.Locked):
        write(text[0], "<p>For sent</p>")
    with pytest.raises(operations.Locked):
        operations.take_out(text[0], by=world.people.principal)
    assert not may_write(world.people.principal, text[0], world.things.internal)


def test_a_chapter_is_not_given_to_one_who_may_not_see_the_thing(world, make):
    chapter = operations.begin(world.things.exempt, [Heading("Hemmelig")], by=world.people.principal)[0]
    chapter.owner = world.people.teacher.position
    with pytest.raises(ValidationError) as refused:
        operations.describe(chapter, by=world.people.principal)
    assert list(refused.value.message_dict) == ["owner"]


def test_the_owner_has_the_chapter_among_the_duties_until_it_is_ready(world, text, write):
    text[1].owner = world.people.teacher.position
    operations.describe(text[1], by=world.people.principal)
    promise = FollowUp.objects.get(responsible=world.people.teacher.position)
    assert promise.due == world.things.internal.due
    operations.mark(text[1], "ready", by=world.people.teacher)
    promise.refresh_from_db()
    assert promise.done_by == world.people.teacher


def test_a_guard_names_the_chapters_that_are_not_ready(world, text):
    for chapter in text[:3]:
        operations.mark(chapter, "ready", by=world.people.principal)
    assert "Slutt" in not_ready_hold(world.things.internal)[0]
    operations.mark(text[3], "approved", by=world.people.principal)
    assert not_ready_hold(world.things.internal) == []


# -- comments


def test_a_comment_on_a_chapter_is_settled_by_who_wrote_it_or_who_writes_the_chapter(world, text):
    made = operations.remark(text[0], "Uklart", by=world.people.teacher)
    assert operations.settle(made, by=world.people.principal, settled=True).settled_by == world.people.principal
    assert operations.settle(made, by=world.people.teacher, settled=False).settled is None
    with pytest.raises(PermissionDenied):
        operations.settle(made, by=world.people.other_principal, settled=True)
    assert ChapterComment.objects.get().comment.item_id == world.things.internal.pk


# -- what must always be true


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"level": 0}, {"level": 5}, {"place": None}, {"place": 0}, {"removed": "2026-01-01T00:00Z"}],
)
def test_the_database_refuses_a_chapter_that_cannot_be(text, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Chapter.objects.filter(pk=text[0].pk).update(**change)


def test_the_database_refuses_two_chapters_in_one_place(text):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        Chapter.objects.filter(pk=text[0].pk).update(place=2)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# -- the past


def test_the_text_is_read_as_it_stood(world, text, write):
    from datetime import date, timedelta

    write(text[0], "<p>Nå</p>")
    today = text_as_it_stood(world.things.internal, date.today(), world.people.principal)
    assert next(str(line["text"]) for line in today) == "<p>Nå</p>"
    assert text_as_it_stood(world.things.internal, date.today() - timedelta(days=1), world.people.principal) == []


# -- two versions

BLOCKS = st.lists(st.sampled_from([f"<p>{word}</p>" for word in "abcdefg"]), max_size=6)


@settings(max_examples=150)
@given(BLOCKS, BLOCKS, BLOCKS)
def test_two_texts_together_hold_what_each_has_added(base, mine, theirs):
    old, ours, others = map("".join, (base, mine, theirs))
    both = joined(old, ours, others)
    assert joined(old, ours, old) == ours
    assert joined(old, old, others) == others
    for part in {*mine, *theirs} - {*base}:
        assert part in both


def test_changes_in_different_places_go_together_without_a_trace_of_the_old():
    base = "<p>Alt var stille</p><p>Midt</p><p>Slutt</p>"
    mine = "<p>Alt var svært stille</p><p>Midt</p><p>Slutt</p>"
    theirs = "<p>Alt var stille</p><p>Midt</p><p>En annen slutt</p>"
    assert joined(base, mine, theirs) == "<p>Alt var svært stille</p><p>Midt</p><p>En annen slutt</p>"
    beside = "<p>Alt var stille</p><p>Midten</p><p>Slutt</p>"
    assert joined(base, mine, beside) == "<p>Alt var svært stille</p><p>Midten</p><p>Slutt</p>"
    assert joined(base, beside, mine) == "<p>Alt var svært stille</p><p>Midten</p><p>Slutt</p>"


@settings(max_examples=100)
@given(BLOCKS, BLOCKS)
def test_the_difference_holds_both_texts(before, after):
    lines = differences("".join(before), "".join(after))
    for kinds, blocks in ((("same", "removed"), before), (("same", "added"), after)):
        words = [part.text.split() for line in lines for part in line.parts if part.kind in kinds]
        assert [word for run in words for word in run] == [block[3] for block in blocks]


def test_a_text_that_is_only_set_differently_says_so():
    assert [(line.kind, line.look) for line in differences("<p>Hei</p>", "<p><strong>Hei</strong></p>")] == [
        ("changed", True)
    ]


def test_a_text_goes_with_its_item(world, text, write):
    write(text[0], "<p>x</p>")
    Item.objects.filter(pk=world.things.internal.pk).delete()
    assert not Chapter.objects.exists()
