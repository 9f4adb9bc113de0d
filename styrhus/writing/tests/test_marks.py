"""A text written without script says the same as one written with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.writing.cleaning import clean, words_of
from styrhus.writing.marks import as_marks, from_marks

EXAMPLE = """# Mål
Vi vil **mye** og *raskt*.
Ny linje, se [loven](https://lovdata.no/x?a=1&b=2).

- en
- to
  - under to
1. første

> Sitert

| År | Sum |
| --- | --- |
| 2027 | 3 |

{{items.item 12}}"""


def test_every_mark_means_what_the_help_says():
    assert clean(from_marks(EXAMPLE)) == (
        "<h3>Mål</h3><p>Vi vil <strong>mye</strong> og <em>raskt</em>.<br>Ny linje, se "
        '<a href="https://lovdata.no/x?a=1&amp;b=2">loven</a>.</p>'
        "<ul><li>en</li><li>to<ul><li>under to</li></ul></li></ul><ol><li>første</li></ol>"
        "<blockquote><p>Sitert</p></blockquote>"
        "<table><tbody><tr><th>År</th><th>Sum</th></tr><tr><td>2027</td><td>3</td></tr></tbody></table>"
        '<figure data-block="items.item" data-key="12"></figure>'
    )


def test_a_text_is_shown_with_its_marks_and_comes_back_the_same():
    text = clean(from_marks(EXAMPLE))
    assert clean(from_marks(as_marks(text))) == text


@pytest.mark.parametrize(
    "words", ["# ikke en overskrift", "- ikke et punkt", "2. ledd", "a * b * c", "[x](y) og |", "1 < 2 & \\"]
)
def test_words_that_look_like_marks_stay_words(words):
    text = clean(words.replace("&", "&amp;").replace("<", "&lt;"))
    assert clean(from_marks(as_marks(text))) == text
    assert words_of(text) == words


WORDS = st.text(alphabet="ab æ*[]()#->|.1\\{}&<", min_size=1, max_size=8)
INLINE = st.one_of(WORDS.map(lambda w: w.replace("&", "&amp;").replace("<", "&lt;")), st.sampled_from(
    ["<strong>fet</strong>", "<em>skrå</em>", '<a href="https://a.no/x">her</a>', "<br>"]))  # fmt: skip
TEXT = st.lists(INLINE, min_size=1, max_size=4).map("".join)
BLOCKS = st.one_of(
    TEXT.map("<p>{}</p>".format),
    WORDS.map(lambda w: w.replace("&", "").replace("<", "")).map("<h3>{}</h3>".format),
    st.lists(st.sampled_from(["<li>en</li>", "<li>to<ul><li>tre</li></ul></li>"]), min_size=1, max_size=3).map(
        lambda items: f"<ul>{''.join(items)}</ul>"
    ),
)


@settings(max_examples=150)
@given(st.lists(BLOCKS, max_size=4).map("".join))
def test_no_word_is_lost_on_the_way_there_and_back(html):
    text = clean(html)
    assert words_of(clean(from_marks(as_marks(text)))).split() == words_of(text).split()
