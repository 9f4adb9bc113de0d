"""Whatever is pasted, what is kept holds no script, style, event or unknown scheme, and no word is lost by it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.writing.cleaning import (
    ATTRIBUTES,
    KEPT,
    PASSED,
    RENAMED,
    SCHEMES,
    WITH_THEIR_CONTENT,
    clean,
    cleaned,
    words_of,
)

FROM_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {mso-style-name: x}</style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head><body>
<div class=WordSection1><h1 style='mso-list:l0'>1 Innledning<o:p></o:p></h1>
<p class=MsoNormal style='margin-bottom:12pt' onmouseover="steal()">Vi vil <b style='mso-bidi-font-weight:normal'>mer</b
>
i <st1:place w:st="on">Fjordvik</st1:place>.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<ul><li class=MsoListParagraph>Først</li><li>Så <i>dette</i></li></ul>
<table class=MsoTable border=1><tr><td width=200 style='x'><p class=MsoNormal>År</p></td><td>2027</td></tr></table>
<img width=600 src="data:image/png;base64,iVBORw0KGgo="><script>alert(1)</script>
<a href="javascript:alert(1)">her</a> <a href="https://lovdata.no/lov/2018-06-22-83">koml.</a></div></body></html>"""


def test_a_text_from_word_keeps_its_words_and_marks_and_nothing_else():
    assert clean(FROM_WORD) == (
        "<h3>1 Innledning</h3><p>Vi vil <strong>mer</strong> i Fjordvik.</p>"
        "<ul><li>Først</li><li>Så <em>dette</em></li></ul>"
        "<table><tbody><tr><td><p>År</p></td><td>2027</td></tr></tbody></table>"
        '<p>her <a href="https://lovdata.no/lov/2018-06-22-83">koml.</a></p>'
    )


def test_it_is_told_what_was_left_out_that_mattered():
    assert len(cleaned(FROM_WORD).left_out) == 2
    assert cleaned("<p class=MsoNormal style='x'>Bare tekst</p>").left_out == ()


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("bare ord", "<p>bare ord</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<div>en</div><div>to</div>", "<p>en</p><p>to</p>"),
        ("<p>en<br>to</p>", "<p>en<br>to</p>"),
        ("<h6>Liten</h6>", "<h4>Liten</h4>"),
        ("<blockquote>sitat</blockquote>", "<blockquote><p>sitat</p></blockquote>"),
        ('<a href="mailto:a@b.no" onclick="x()">skriv</a>', '<p><a href="mailto:a@b.no">skriv</a></p>'),
        (
            '<figure data-block="items.item" data-key="12">Tittel</figure>',
            '<figure data-block="items.item" data-key="12"></figure>',
        ),
        ('<figure data-block="../x" data-key="12">Tittel</figure>', "<p>Tittel</p>"),
        ("<figure><p>Bilde</p></figure>", "<p>Bilde</p>"),
        ("", ""),
        ("<p> </p><p><strong> </strong></p>", ""),
    ],
)
def test_what_is_written_and_what_is_kept(given_, kept):
    assert clean(given_) == kept


TAGS = st.sampled_from(
    [
        *sorted(KEPT),
        *sorted(PASSED),
        *RENAMED,
        *sorted(WITH_THEIR_CONTENT),
        "span",
        "u",
        "img",
        "o:p",
        "form",
        "input",
        "hr",
    ]
)
ATTRS = st.sampled_from(
    [
        "", ' style="color:red"', " onclick=alert(1)", ' href="javascript:alert(1)"', ' href="https://a.no/?a=1&b=2"',
        ' href="data:text/html,x"', ' src="data:image/png;base64,x"', " class=MsoNormal", ' data-block="items.item"',
        ' data-block="items.item" data-key="1"', " colspan=2", ' href="vbscript:x"', ' href=" jAvAscript:x"',
    ]
)  # fmt: skip
PIECES = st.one_of(
    st.builds("<{}{}>".format, TAGS, ATTRS),
    st.builds("</{}>".format, TAGS),
    st.text(alphabet="ab æ<>&\"'\n\xa0-!;", max_size=8),
    st.sampled_from(["<!--", "-->", "<![if !x]>", "&nbsp;", "&lt;script&gt;", "<![CDATA[", "]]>"]),
)


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_goes_in_only_what_is_allowed_comes_out_and_twice_is_once(html):
    kept = clean(html)
    assert clean(kept) == kept
    seen = Seen()
    seen.feed(kept)
    for tag, attrs in seen.tags:
        assert tag in KEPT
        assert attrs.keys() <= ATTRIBUTES.get(tag, set())
        scheme = re.match(r"\s*([a-z]+):", attrs.get("href", ""), re.IGNORECASE)
        assert scheme is None or scheme[1] in SCHEMES


@given(st.text(max_size=60))
def test_plain_words_come_through_as_they_are(words):
    plain = words.replace("<", "").replace("&", "").replace("\x00", "")
    assert words_of(clean(plain)).split() == re.sub(r"\s+", " ", plain).split()
