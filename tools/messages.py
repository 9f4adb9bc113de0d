"""The words people read: from code to catalogue, from catalogue to the running program.

    python tools/messages.py extract    code → locale/{nb,nn,en}/LC_MESSAGES/django.po
    python tools/messages.py check      says what a catalogue lacks; exit code 1 when it lacks anything
    python tools/messages.py compile    django.po → django.mo, which the running program reads

Message ids are English. A new message comes in untranslated, one that has left the code goes out, and `en`
fills itself in. Text marked fuzzy counts as untranslated: a guess is not shown to an inhabitant.
Needs Babel and Django, not the gettext programs.
"""

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("styrhus", "config")
SUFFIXES = (".py", ".html", ".txt")
LEFT_OUT = {"tests", "migrations", "static", "node_modules", "__pycache__"}
LANGUAGES = ("nb", "nn", "en")
WRITTEN_BY_PEOPLE = ("nb", "nn")
COMMENT_TAG = "Translators"

# No dates, names or program versions: they would change in every diff and say nothing git does not.
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

# Where each function takes its words, counted from 1 as Babel does; "c" marks the context.
SHAPES = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS = SHAPES | {f"{name}_lazy": shape for name, shape in SHAPES.items()}
KEYWORDS |= {"_": None, "gettext_noop": None}

# Longer texts that rightly read the same in Norwegian, each with the reason.
SAME_IN_NORWEGIAN: dict[str, str] = {}


@dataclass(frozen=True)
class Term:
    """A word a language's catalogue shall not hold, `unless` the message's context or id matches."""

    language: str
    word: str
    instead: str
    unless: str = r"(?!)"


TERMS = (
    Term("nb", r"rådmann\w*", "the title in the setting leader_title", unless=r"leader.title"),
    Term("nn", r"rådmann\w*", "the title in the setting leader_title", unless=r"leader.title"),
    Term("nb", r"planregist\w+", "planoversikt", unless=r"statutory plan register"),
    Term("nn", r"planregist\w+", "planoversikt", unless=r"statutory plan register"),
    Term("en", r"plan register", "plan overview", unless=r"statutory plan register"),
    Term("en", r"hearings?", "consultation"),
    Term("nn", r"ikke|jeg|hva|hvem|hvor\w*|hvilke\w*|hvis|fra|disse|en|et", "the nynorsk form"),
)

PERCENT = re.compile(r"%%|%(?:\((?P<name>\w+)\))?[#0+-]?\d*(?:\.\d+)?[sdifrx]")
BRACES = re.compile(r"\{(?P<name>[^{}\s]*)\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
WORD = re.compile(r"[^\W\d_]{2,}")
ENDINGS = ".:;,!?…"
# Their dot belongs to the word, so it need not be there in the other language.
ABBREVIATIONS = {"etc.", "e.g.", "no.", "osv.", "o.l.", "m.m.", "mv.", "nr.", "kl.", "f.eks.", "bl.a."}


# From code to catalogue


@dataclass(frozen=True)
class Fault:
    """A text in the code that cannot be translated as it is written."""

    place: str
    line: int
    reason: str

    def __str__(self):
        return f"{self.place}:{self.line}: {self.reason}"


class Code:
    """All messages in the code under `root`, and the texts there that gettext would never find."""

    def __init__(self, root):
        self.root = root
        self.catalog = Catalog()
        self.faults: list[Fault] = []
        self.unreadable: list[Fault] = []
        for path in source_files(root):
            self._read(path)

    def _read(self, path):
        place, text = path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8")
        reader = self._read_python if path.suffix == ".py" else self._read_template
        try:
            reader(place, text)
        except SyntaxError as error:
            self.unreadable.append(Fault(place, error.lineno or 1, f"cannot be read: {error.msg}"))

    def _read_python(self, place, text):
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and function_name(node) in KEYWORDS:
                self._read_call(place, node, lines)
            if isinstance(node, ast.ImportFrom):
                self._read_import(place, node)

    def _read_call(self, place, call, lines):
        context, words = words_of(call)
        if all(literal(word) for word in words):
            self._add(place, [word.value for word in words], context, comments_above(lines, call.lineno))
        elif any(built_too_early(word) for word in words):
            self.faults.append(Fault(place, call.lineno, "translate the whole text first, fill it in afterwards"))

    def _read_import(self, place, node):
        for alias in node.names:
            if alias.name in KEYWORDS and (alias.asname or "_") not in KEYWORDS:
                self.faults.append(Fault(place, node.lineno, f"nothing marked with {alias.asname} would be found"))

    def _read_template(self, place, text):
        if "{%" not in text and "{{" not in text:
            return
        # Inside parentheses Python's tokenizer has no opinion about indentation, and a template has much.
        code = BytesIO(f"({templatize(text)}\n)".encode())
        for line, found, comments, context in extract("python", code, KEYWORDS, [COMMENT_TAG]):
            words = [found] if isinstance(found, str) else list(found)
            self._add(place, words, context, comments)
            if place.endswith(".html") and any("\n" in word for word in words):
                self.faults.append(Fault(place, line, "the message runs over several lines: add `trimmed`"))

    def _add(self, place, words, context, comments):
        # gettext answers the empty id with the catalogue's own header
        if not words or not words[0]:
            return
        identity = words[0] if len(words) == 1 else tuple(words)
        self.catalog.add(identity, context=context, locations=[(place, None)], auto_comments=comments)


def source_files(root) -> Iterator[Path]:
    """Code and templates in an order that is the same on every machine."""
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            if path.suffix in SUFFIXES and not left_out(path.relative_to(root)):
                yield path


def left_out(path):
    return path.name.startswith("test_") or not LEFT_OUT.isdisjoint(path.parts)


def function_name(call):
    return getattr(call.func, "id", getattr(call.func, "attr", None))


def words_of(call):
    """The context (or None) and the nodes of the singular and plural text of a gettext call."""
    name = function_name(call)
    arguments = call.args
    if "pgettext" not in name:
        return None, arguments[: 2 if name.startswith("n") else 1]
    context = arguments[0].value if arguments and literal(arguments[0]) else None
    return context, arguments[1 : 3 if name.startswith("n") else 2]


def literal(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def built_too_early(node):
    """Whether text is put together before it is looked up, so that no catalogue can hold it."""
    if isinstance(node, ast.Call):
        return function_name(node) == "format"
    return isinstance(node, ast.JoinedStr | ast.BinOp | ast.BoolOp | ast.IfExp)


def comments_above(lines, line):
    """The comment to translators that stands right above a call."""
    found = []
    for text in reversed(lines[: line - 1]):
        if not text.strip().startswith("#"):
            return []
        found.insert(0, text.strip("# \t"))
        if found[0].startswith(COMMENT_TAG):
            return found
    return []


# Catalogues


def catalogue_path(root, language):
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(root, language):
    path = catalogue_path(root, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def renewed(code, old, language):
    """The catalogue with exactly the code's messages, keeping what people have written."""
    new = Catalog(locale=language, fuzzy=False)
    for message in messages_of(code):
        known = old.get(message.id, message.context)
        new.add(
            message.id,
            english(message) if language == "en" else kept(message, known),
            context=message.context,
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
        )
    return new


def messages_of(catalog) -> Iterator[Message]:
    """Every message but the header."""
    return (message for message in catalog if message.id)


def english(message):
    return message.id


def kept(message, known):
    """What people wrote for this message; one that has got or lost its plural keeps the form it had."""
    if known is None or known.fuzzy:
        return ("", "") if message.pluralizable else ""
    strings = forms(known)
    if message.pluralizable:
        return (*strings, "")[:2]
    return strings[0]


def forms(message):
    """The translation's forms, one or one for each number."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def rendered(catalog, language):
    """The catalogue as text: sorted by message and not wrapped, so that one change is one line."""
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return HEADER.format(language=language) + body.getvalue().decode("utf-8").rstrip("\n") + "\n"


# Checking


def problems(root) -> Iterator[str]:
    """One line for each thing to mend, in the code first and then catalogue by catalogue."""
    code = Code(root)
    yield from map(str, code.unreadable + code.faults)
    for language in LANGUAGES:
        for reason in catalogue_problems(root, language, code.catalog):
            yield f"{language}: {reason}"


def catalogue_problems(root, language, code):
    try:
        catalog = read_catalogue(root, language)
    except PoFileError as error:
        yield f"the catalogue cannot be read: {error}"
        return
    yield from differences(code, catalog)
    for message in messages_of(code):
        translation = catalog.get(message.id, message.context)
        if translation is not None:
            for reason in message_problems(message, translation, language):
                yield f"{quoted(message)}: {reason}"


def differences(code, catalog):
    for message in messages_of(code):
        if catalog.get(message.id, message.context) is None:
            yield f"{quoted(message)}: missing, run extract"
    for message in messages_of(catalog):
        if code.get(message.id, message.context) is None:
            yield f"{quoted(message)}: no longer in the code, run extract"


def quoted(message):
    text = " ".join(originals(message)[0].split())
    short = text if len(text) <= 70 else text[:69] + "…"
    return f"“{short}” ({message.context})" if message.context else f"“{short}”"


def originals(message):
    """The English singular, and the plural where there is one."""
    return tuple(message.id) if message.pluralizable else (message.id,)


def message_problems(message, translation, language):
    if not same_shape(message, translation):
        return ["its plural differs from the code's, run extract"]
    if language == "en":
        return english_problems(message, translation)
    return list(translation_problems(message, translation, language))


def same_shape(message, translation):
    return originals(message) == originals(translation)


def english_problems(message, translation):
    if forms(translation) != originals(message):
        return ["the English text is not the code's own, run extract"]
    return [reason for text in originals(message) for reason in wrong_words(message, text, "en")]


def translation_problems(message, translation, language):
    texts = forms(translation)
    if translation.fuzzy:
        yield "marked fuzzy: confirm the text or empty it"
    if not any(texts):
        yield "not translated"
        return
    if not all(texts):
        yield "a plural form is missing"
        return
    for number, text in enumerate(texts):
        yield from text_problems(message, number, text)
        yield from wrong_words(message, text, language)


def text_problems(message, number, text):
    models = originals(message)
    # "one goal" may leave the number out where "%(count)s goals" cannot
    comparable = models if number == 0 else models[-1:]
    if all(placeholders(text) != placeholders(model) for model in comparable):
        yield f"placeholders or tags differ: {text}"
    if all(edges(text) != edges(model) for model in comparable):
        yield f"spaces or punctuation at the ends differ: {text}"
    if text in models and len(words_in(text)) > 2 and text not in SAME_IN_NORWEGIAN:
        yield "the same as the English: is it translated?"


def placeholders(text):
    """What a translation must carry over: named values, values by place in their order, tags."""
    percents = [match for match in PERCENT.finditer(text) if match[0] != "%%"]
    found = percents + list(BRACES.finditer(text))
    named = {match[0] for match in found if match["name"]}
    by_place = [match[0] for match in found if not match["name"]]
    return named, by_place, Counter(TAG.findall(text))


def edges(text):
    """The white space a text begins and ends with, and its closing punctuation."""
    bare = text.strip()
    last_word = bare.rpartition(" ")[2].lower()
    ending = "" if last_word in ABBREVIATIONS else bare[-1:]
    start = len(text) - len(text.lstrip())
    return text[:start], ending if ending in ENDINGS else "", text[len(text.rstrip()) :]


def words_in(text):
    for pattern in (PERCENT, BRACES, TAG):
        text = pattern.sub(" ", text)
    return WORD.findall(text)


def wrong_words(message, text, language):
    about = f"{message.context or ''} {originals(message)[0]}"
    for term in TERMS:
        if term.language != language or re.search(term.unless, about, re.IGNORECASE):
            continue
        if found := re.search(rf"\b(?:{term.word})\b", TAG.sub(" ", PERCENT.sub(" ", text)), re.IGNORECASE):
            yield f"“{found[0]}”: use {term.instead}"


# Commands


def extract_messages(root):
    code = Code(root)
    # A file that cannot be read would look like one without words, and its translations would be thrown away.
    if code.unreadable:
        print(*code.unreadable, "Nothing was written.", sep="\n")
        return 1
    old = {language: read_catalogue(root, language) for language in LANGUAGES}
    for language in LANGUAGES:
        catalog = renewed(code.catalog, old[language], language)
        write_if_changed(catalogue_path(root, language), rendered(catalog, language))
        empty = sum(not all(forms(message)) for message in messages_of(catalog))
        print(f"{language}: {len(catalog)} messages, {empty} to translate")
    return 0


def write_if_changed(path, text):
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def compile_messages(root):
    for language in LANGUAGES:
        path = catalogue_path(root, language)
        if not path.exists():
            print(f"{language}: no catalogue, run extract")
            return 1
        binary = BytesIO()
        write_mo(binary, read_catalogue(root, language))
        path.with_suffix(".mo").write_bytes(binary.getvalue())
    return 0


def check_messages(root):
    found = list(problems(root))
    print(*found, f"{len(found)} problems" if found else "The catalogues are complete.", sep="\n")
    return 1 if found else 0


COMMANDS = {"extract": extract_messages, "check": check_messages, "compile": compile_messages}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    try:
        return COMMANDS[parser.parse_args(arguments).command](ROOT)
    except PoFileError as error:
        print(f"A catalogue cannot be read: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
