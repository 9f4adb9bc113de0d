"""Reading, writing and arranging a text, as pages."""

import pytest
from django.urls import reverse

from styrhus.items.models import Openness
from styrhus.writing import operations
from styrhus.writing.cleaning import block_mark
from styrhus.writing.models import Chapter, Heading

pytestmark = pytest.mark.django_db


@pytest.fixture
def principal(world, signed_in):
    return signed_in(world.people.principal)


def page(name, *arguments):
    return reverse(f"writing:{name}", args=arguments)


def typed(chapter, **more):
    return {"title": chapter.title, "version": chapter.version, "html": "<p>Skrevet</p>", "note": ""} | more


def test_who_writes_with_script_and_who_writes_without_save_the_same(principal, text):
    principal.post(page("write", text[0].pk), typed(text[0], html="<p>Hei <b>du</b></p>"))
    without = typed(text[1]) | {"marks": "Hei **du**"}
    without.pop("html")
    principal.post(page("write", text[1].pk), without)
    assert [each.text for each in Chapter.objects.filter(pk__in=[text[0].pk, text[1].pk])] == [
        "<p>Hei <strong>du</strong></p>"
    ] * 2


def test_plain_lines_that_nobody_touched_leave_the_text_as_it_is(principal, text, write):
    kept = write(text[0], "<table><tr><td><p>a</p><p>b</p></td></tr></table>").text
    shown = principal.get(page("write", text[0].pk)).context["form"].shown["marks"]
    principal.post(page("write", text[0].pk), {"title": "Ny tittel", "version": 2, "marks": shown})
    chapter = Chapter.objects.get(pk=text[0].pk)
    assert (chapter.title, chapter.text) == ("Ny tittel", kept)


def test_it_is_told_when_a_picture_was_left_out(principal, text):
    answer = principal.post(page("write", text[0].pk), typed(text[0], html='<p>Hei<img src="data:x"></p>'), follow=True)
    assert "1 bilde" in answer.content.decode()


def test_what_is_typed_is_not_lost_when_the_title_is_missing(principal, text):
    answer = principal.post(page("write", text[0].pk), typed(text[0], title="", html="<p>Mitt lange avsnitt</p>"))
    assert answer.status_code == 422
    assert "Mitt lange avsnitt" in answer.content.decode()


def test_who_comes_second_sees_both_texts_and_saves_them_put_together(principal, world, text, write):
    write(text[0], "<p>Start</p><p>Midt</p>")
    write(text[0], "<p>Start</p><p>Midt</p><p>Den andres slutt</p>", by=world.people.principal)
    mine = typed(text[0], version=2, html="<p>Min start</p><p>Midt</p>")
    answer = principal.post(page("write", text[0].pk), mine)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Den andres slutt" in shown and "Min start" in shown
    again = mine | {"version": 3, "opened_at": 2, "choose": "join"}
    answer = principal.post(page("write", text[0].pk), again)
    both = answer.context["form"].shown["html"]
    assert both == "<p>Min start</p><p>Midt</p><p>Den andres slutt</p>"
    assert Chapter.objects.get(pk=text[0].pk).version == 3
    assert (
        principal.post(page("write", text[0].pk), mine | {"version": 3, "html": both, "choose": "mine"}).status_code
        == 302
    )
    assert Chapter.objects.get(pk=text[0].pk).text == both


def test_a_live_block_is_put_in_without_script(principal, world, text, write):
    write(text[0], "<p>En</p><p>To</p>")
    url = page("insert", text[0].pk) + "?slag=items.item&q=tak"
    thing = world.things.elsewhere
    assert "Nytt tak" in principal.get(url).content.decode()
    principal.post(url, {"key": thing.pk, "after": 1, "version": 2})
    assert Chapter.objects.get(pk=text[0].pk).text == f"<p>En</p>{block_mark('items.item', thing.pk)}<p>To</p>"


def test_a_block_is_drawn_for_who_may_see_the_thing_and_for_nobody_else(principal, world, signed_in, text, write):
    hidden = world.things.exempt
    write(text[0], f"<p>En</p>{block_mark('items.item', hidden.pk)}")
    url = page("text", text[0].item_id)
    assert hidden.title in principal.get(url).content.decode()
    others = signed_in(world.people.teacher).get(url).content.decode()
    assert hidden.title not in others
    assert "Ikke tilgjengelig" in others
    for name in ("version", "write"):
        world.things.internal.responsible = world.people.head.position
        shown = signed_in(world.people.other_principal).get(page("version", text[0].pk, 2)).content.decode()
        assert hidden.title not in shown, name


def test_the_list_for_the_editor_offers_what_one_may_see(principal, world, text, signed_in):
    url = page("insert", text[0].pk) + "?slag=items.item&vis=liste&q="
    assert "data-key" in principal.get(url + "tak").content.decode()
    assert "data-key" in principal.get(url + "Personalsak").content.decode()
    text[0].owner = world.people.teacher.position
    operations.describe(text[0], by=world.people.principal)
    assert "data-key" not in signed_in(world.people.teacher).get(url + "Personalsak").content.decode()


def test_a_chapter_of_a_thing_that_may_not_be_seen_is_not_there(world, signed_in):
    chapter = operations.begin(world.things.exempt, [Heading("Hemmelig")], by=world.people.principal)[0]
    browser = signed_in(world.people.other_principal)
    for name in ("write", "versions", "describe", "take_out", "insert"):
        assert browser.get(page(name, chapter.pk)).status_code == 404
    for name in ("text", "panel", "outline", "new"):
        assert browser.get(page(name, chapter.item_id)).status_code == 404


def test_a_chapter_is_found_by_its_words_as_the_thing_it_is_in(world, signed_in, text, write):
    write(text[1], "<p>Vi bygger <strong>lysløype</strong> ved vannet</p>")
    found = signed_in(world.people.teacher).get("/sok/?q=lysløypa")
    assert world.things.internal.title in found.content.decode()
    assert "<strong>" not in found.content.decode().split("lysløype")[0][-60:]
    operations.take_out(text[1], by=world.people.principal)
    assert world.things.internal.title not in signed_in(world.people.teacher).get("/sok/?q=lysløypa").content.decode()


def test_versions_are_compared_and_brought_back(principal, text, write):
    write(text[0], "<p>Vi vil gå sakte fram</p>")
    write(text[0], "<p>Vi vil gå raskt fram</p>")
    shown = principal.get(page("version", text[0].pk, 3)).content.decode()
    assert "<del>" in shown and "<ins>" in shown
    principal.post(page("restore", text[0].pk, 2), {"version": 3})
    assert "sakte" in Chapter.objects.get(pk=text[0].pk).text
    principal.post(page("restore", text[0].pk, 3), {"version": 3})
    assert "sakte" in Chapter.objects.get(pk=text[0].pk).text


def test_pages_ask_the_same_number_of_questions_whatever_the_length(principal, world, text, make, capture_queries):
    url = page("text", text[0].item_id)
    things = [make.measure(f"Tiltak {n}", world.units.school, world.people.principal.position) for n in range(20)]
    outline = [Heading(f"Kapittel {n}", level=1 + n % 3) for n in range(196)]
    operations.begin(world.things.internal, outline, by=world.people.principal)
    with capture_queries() as empty:
        principal.get(url)
    marks = "".join(f"<p>Se</p>{block_mark('items.item', things[n].pk)}" for n in range(5))
    for at, chapter in enumerate(Chapter.objects.filter(item=text[0].item_id)):
        other = block_mark("items.item", things[at % 20].pk)
        Chapter.objects.filter(pk=chapter.pk).update(text=marks + other, owner=world.people.teacher.position)
    with capture_queries() as full:
        shown = principal.get(url).content.decode()
    assert shown.count('class="block"') == 1200
    assert len(full) <= min(20, len(empty) + 4), [query["sql"][:120] for query in full]
    for name in ("panel", "outline"):
        with capture_queries() as asked:
            principal.get(page(name, text[0].item_id))
        assert len(asked) <= 20
    with capture_queries() as asked:
        principal.get(page("write", text[0].pk))
    assert len(asked) <= 20, [query["sql"][:120] for query in asked]


def test_an_open_text_is_read_by_who_has_no_position(world, signed_in):
    operations.begin(world.things.open, [Heading("Åpent")], by=world.people.principal)
    assert world.things.open.openness == Openness.OPEN
    shown = signed_in(world.people.guest).get(page("text", world.things.open.pk)).content.decode()
    assert "Åpent" in shown and "Skriv" not in shown.split('id="main"')[1]
