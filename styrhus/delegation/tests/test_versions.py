"""Two versions of a text, compared: nothing is lost, and what is alike is said to be alike."""

from hypothesis import given
from hypothesis import strategies as st

from styrhus.delegation.versions import differences, sections_of
from styrhus.kit.differences import ADDED, CHANGED, REMOVED, SAME, word_differences

texts = st.text(alphabet="ab §1\n", max_size=40)
OLD = "# 1 Formål\nReglene gjelder alle.\n# 2 Kontroll\nHvert år.\n# 3 Gammelt\nBort."
NEW = "# 1 Formål\nReglene gjelder alle.\n# 2 Kontroll\nHver måned.\n# 4 Nytt\nInn."


def joined(parts, *kinds) -> str:
    return "".join(part.text for part in parts if part.kind in kinds)


@given(texts, texts)
def test_what_is_kept_and_taken_away_is_the_old_text_and_what_is_kept_and_added_the_new(before, after):
    parts = list(word_differences(before, after))
    assert joined(parts, SAME, REMOVED) == before
    assert joined(parts, SAME, ADDED) == after


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert {each.kind for each in differences(text, text)} <= {SAME}


def test_sections_are_compared_by_their_headings():
    assert [(each.kind, each.heading) for each in differences(OLD, NEW)] == [
        (SAME, "1 Formål"),
        (CHANGED, "2 Kontroll"),
        (REMOVED, "3 Gammelt"),
        (ADDED, "4 Nytt"),
    ]
    changed = differences(OLD, NEW)[1]
    assert [(part.kind, part.text) for part in changed.parts] == [(REMOVED, "Hvert år."), (ADDED, "Hver måned.")]


def test_a_text_without_headings_is_one_section_and_an_empty_one_is_none():
    assert [(each.heading, each.text) for each in sections_of("Bare tekst\r\nto linjer")] == [
        ("", "Bare tekst\nto linjer")
    ]
    assert sections_of(" \n") == []
