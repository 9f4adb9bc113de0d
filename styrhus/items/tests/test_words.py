"""Words that are searched for: how they are read, and where they stand."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.items import words
from styrhus.items.models import Item, SearchText

ANY_TEXT = st.text(max_size=80)


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def has(title, question) -> bool:
    return asked("SELECT norwegian_words(%s) @@ to_tsquery('norwegian', %s)", title, words.as_query(question))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Nytt tak på Åsen skole", "TAKET skolen"),
        ("Nytt tak på Åsen skole", "åse sko nytt"),
        ("Oppfølging av sykefraværet", "oppfølgingar sjuk"),
        ("Åsen skule", "skole"),
        ("Barneskolene i vest", "barneskule"),
        ("Sjukeheimsplassar", "sykehjem"),
        ("Kafé på rådhuset", "kafe"),
        ("Kafe på rådhuset", "kafé"),
        ("Sak 24/1234 om vei", "24/1234"),
        ("Sak 24/1234 om vei", "1234"),
        ("Drift-og-vedlikehold", "vedlikehold"),
        ("<b>Fet</b> skrift", "fet"),
        ("Virksomhetsplan", "virksomhe"),
        ("Ledelsens gjennomgang", "ledel"),
        ("post@fjordvik.example", "fjordvik"),
    ],
)
def test_found_by_forms_beginnings_accents_and_both_languages(title, question):
    assert has(title, question)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "question"), [("Nytt tak", "gammelt"), ("Nytt tak", "tak skole"), ("Årsplan", "ars")]
)
def test_not_found_by_other_words_and_norwegian_letters_are_their_own(title, question):
    assert not has(title, question)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(ANY_TEXT | st.text(alphabet="'\\:*&|!()<->\x00 a𝒳🙂²٣", max_size=40))
def test_whatever_is_typed_is_a_question_that_the_database_understands(typed):
    query = words.as_query(typed)
    if query:
        asked("SELECT to_tsquery('norwegian', %s)::text", query)


@pytest.mark.django_db
@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abåÅéÉäöÖ/-_.@:+<>&~\\ 1", max_size=30))
def test_python_and_the_database_fold_alike(text):
    ours = sorted(set(re.findall(r"[^\W_]+", words.folded(text))))
    theirs = asked("SELECT array_to_string(tsvector_to_array(to_tsvector('simple', %s)), ' ')", words.folded(text))
    kept = asked(
        "SELECT array_to_string(tsvector_to_array(norwegian_words(%s)), ' ') "
        "IS NOT DISTINCT FROM array_to_string(tsvector_to_array(to_tsvector('norwegian', %s)), ' ')",
        text,
        words.folded(text),
    )
    assert (sorted(theirs.split()), kept) == (ours, True)


@given(ANY_TEXT, st.lists(st.text(alphabet="abcdefæøå<", min_size=1, max_size=4), max_size=3))
def test_marking_keeps_every_letter_and_lets_no_html_through(text, lexemes):
    drawn = words.marked(text, tuple(lexemes))
    assert unescape(re.sub(r"</?mark>", "", drawn)) == text
    assert re.findall(r"<(?!/?mark>)", drawn) == []


def test_marks_the_words_asked_for_and_no_other():
    assert words.marked("Skolens tak & tæl", ("skol", "tæl")) == "<mark>Skolens</mark> tak &amp; <mark>tæl</mark>"


def test_a_piece_is_cut_between_whole_words_around_the_first_hit():
    text = "Innledning " * 30 + "her står taket " + "og mer " * 30
    piece = words.piece_of(text, ("tak",), around=30)
    assert piece.startswith("… ") and piece.endswith(" …")
    assert "taket" in piece and len(piece) < 80
    assert words.piece_of("ingenting her", ("tak",)) == ""
    assert words.piece_of("Nytt tak", ("tak",)) == "Nytt tak"


def test_a_whole_page_pasted_is_no_longer_than_ten_words():
    assert len(words.terms_in("ord " * 5_000)) == words.MOST
    assert len(words.as_query("a" * 10_000)) < 200


@pytest.mark.django_db
def test_every_kind_has_triggers_for_the_fields_it_says_are_searched():
    for model in (each for each in apps.get_models() if issubclass(each, Item) and each is not Item):
        said = asked(
            "SELECT string_agg(encode(tgargs, 'escape'), '|') FROM pg_trigger "
            "WHERE tgrelid = %s::regclass AND tgname IN ('search_text_insert', 'search_text_update')",
            model._meta.db_table,
        )
        wanted = "".join(f"{name}\\000" for name in model.searched)
        assert (said or "") == (f"{wanted}|{wanted}" if wanted else ""), model


@pytest.mark.django_db
def test_text_follows_its_fields(world, make):
    found = make.measure("Tittel", world.units.school, world.people.principal.position, description="Sykkelstativ")
    text = SearchText.objects.filter(item=found.pk)
    assert "sykkelstativ" in text.get().words
    make.Measure.objects.filter(pk=found.pk).update(description="Benker")
    assert "benk" in text.get().words and "sykkelstativ" not in text.get().words
    found.delete()
    assert not text.exists()


@given(before=st.text(max_size=300), after=st.text(max_size=300))
def test_a_piece_holds_the_word_that_was_asked_for_however_long_its_neighbours_are(before, after):
    piece = words.piece_of(f"{before} takrenne {after}", ("takrenn",))
    assert "takrenne" in piece


def test_a_piece_of_a_text_without_spaces_is_the_word_alone():
    assert words.piece_of("x" * 200 + "-takrenne-" + "y" * 200, ("takrenn",)) == "… takrenne …"
