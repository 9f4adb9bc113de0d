"""Words that are searched for, and where they stand in a text. Nothing here asks the database.

The database keeps words folded and in their stem (`norwegian_words`); what is folded here is folded there the same.
"""

import re
import unicodedata
from itertools import chain

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

# Letters with foreign accents lose them, Swedish ones become Norwegian, and what glues words together parts them:
# PostgreSQL would else read 24/1234 as a file, a-b as one word and more, and <b> as nothing at all.
LETTERS = ("áàâãéèêëíìîïóòôõúùûüñçčšžđŋäö", "aaaaeeeeiiiioooouuuunccszdnæø")
GLUE = "/-_.@:+<>&~\\"
FOLDED = str.maketrans(LETTERS[0] + GLUE, LETTERS[1] + " " * len(GLUE))

LONGEST, MOST = 60, 10
# The same word in bokmål and nynorsk, where the stem differs; inside longer words too (barneskole, barneskule).
IN_BOTH_LANGUAGES = """
    skole/skule sykehjem/sjukeheim hjem/heim syk/sjuk tjeneste/teneste virksomhet/verksemd enhet/eining leder/leiar
    ledelse/leiing innbygger/innbyggjar lærer/lærar bolig/bustad vann/vatn måned/månad uke/veke ansatt/tilsett
    fremdrift/framdrift fremtid/framtid myndighet/myndigheit sikkerhet/sikkerheit mulighet/moglegheit vei/veg
    økning/auke avgjørelse/avgjerd forebygg/førebygg frivillig/friviljug medvirkning/medverknad
"""
TWINS = [tuple(pair.split("/")) for pair in IN_BOTH_LANGUAGES.split()]
# Half-written endings that the stemmer would have taken off had they been whole: "virksomhe" is on its way.
HALF_WRITTEN = re.compile(r"(?<=\w{3})(?:hete|he|h|el|eli|li)$")


def folded(text: str) -> str:
    """Small letters without foreign accents, parted as the database parts them."""
    return unicodedata.normalize("NFC", text).lower().translate(FOLDED)


def terms_in(words: str) -> list[str]:
    """The words that someone has typed, at most ten; a whole page pasted into the field is not a question."""
    return [term[:LONGEST] for term in re.findall(r"[^\W_]+", folded(words[:1_000]))[:MOST]]


def forms_of(term: str) -> list[str]:
    """The word itself first, then what it is called in the other written language."""
    pairs = chain(TWINS, ((second, first) for first, second in TWINS))
    return list(dict.fromkeys([term, *(term.replace(one, other) for one, other in pairs if one in term)]))


def as_query(words: str) -> str:
    """A question for to_tsquery: every word, or one that begins with it. Empty when there is no word."""
    terms = terms_in(words)
    groups = [forms_of(term) for term in terms]
    if groups:
        half = HALF_WRITTEN.sub("", terms[-1])
        groups[-1] = list(dict.fromkeys([*groups[-1], half]))
    return " & ".join(f"({' | '.join(f'{form}:*' for form in forms)})" for forms in groups)


def lexemes_in(query: str) -> tuple[str, ...]:
    """The stems of a question as the database has read it: `'skol':* & 'tak':*` gives skol and tak."""
    return tuple(sorted(set(re.findall(r"'((?:[^']|'')+)'", query)), key=len, reverse=True))


def marked(text: str, lexemes: tuple[str, ...]) -> SafeString:
    """The text as HTML with each word that was asked for marked."""
    parts = re.split(r"([^\W_]+)", text)
    drawn = [
        f"<mark>{conditional_escape(part)}</mark>" if _asked_for(part, lexemes) else conditional_escape(part)
        for part in parts
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - every part is escaped above


def _asked_for(part: str, lexemes: tuple[str, ...]) -> bool:
    return bool(part) and folded(part).startswith(lexemes) if lexemes else False


def piece_of(text: str, lexemes: tuple[str, ...], around: int = 90) -> str:
    """Some words of a long text around the first one that was asked for; empty when none stands there."""
    for word in re.finditer(r"[^\W_]+", text):
        if _asked_for(word[0], lexemes):
            return _cut(text, word.start(), word.end(), around)
    return ""


def _cut(text: str, first: int, last: int, around: int) -> str:
    """What stands from first to last with whole words around it, and an ellipsis where something is left out."""
    start, end, before, after = max(first - around, 0), min(last + around, len(text)), "", ""
    if start > 0:
        space = text.find(" ", start, first)
        start, before = space + 1 if space >= 0 else first, "… "
    if end < len(text):
        space = text.rfind(" ", last, end)
        end, after = space if space >= 0 else last, " …"
    return before + " ".join(text[start:end].split()) + after
