"""The catalogues hold the code's words, all of them and no others."""

import gettext
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[1] / "messages.py"


def load_tool():
    spec = importlib.util.spec_from_file_location("messages", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


messages = load_tool()


class Workplace:
    """A small program with its catalogues."""

    def __init__(self, root):
        self.root = root

    def code(self, text, name="models.py"):
        return self._write(self.root / "styrhus" / "risk" / name, text)

    def template(self, text, name="list.html"):
        return self._write(self.root / "styrhus" / "risk" / "templates" / name, text)

    def catalogue(self, language):
        return messages.read_catalogue(self.root, language)

    def catalogue_text(self, language):
        return messages.catalogue_path(self.root, language).read_text(encoding="utf-8")

    def extract(self):
        assert messages.extract_messages(self.root) == 0

    def translate(self, language, original, *forms, context=None):
        catalog = self.catalogue(language)
        catalog.get(original, context).string = forms if len(forms) > 1 else forms[0]
        path = messages.catalogue_path(self.root, language)
        self._write(path, messages.rendered(catalog, language))

    def found(self, language="nb"):
        """What check says about one language, or about the code when there is no language."""
        lines = list(messages.problems(self.root))
        if language:
            return [line.removeprefix(f"{language}: ") for line in lines if line.startswith(f"{language}: ")]
        return [line for line in lines if line.startswith("styrhus/")]

    def said_of(self, original, norwegian):
        """What check says about one bokmål translation."""
        self.code(f"_({original!r})")
        self.extract()
        self.translate("nb", original, norwegian)
        return [line.partition("”: ")[2] for line in self.found("nb")]

    @staticmethod
    def _write(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def workplace(tmp_path):
    return Workplace(tmp_path)


def identities(catalog):
    return {(message.context, message.id) for message in messages.messages_of(catalog)}


# Finding


@pytest.mark.parametrize(
    ("call", "identity"),
    [
        ('_("Goal")', (None, "Goal")),
        ('gettext("Goal")', (None, "Goal")),
        ('gettext_lazy("Go" "al")', (None, "Goal")),
        ('gettext_noop("Goal")', (None, "Goal")),
        ('translation.gettext("Goal")', (None, "Goal")),
        ('ngettext("goal", "goals", n)', (None, ("goal", "goals"))),
        ('ngettext_lazy("goal", "goals")', (None, ("goal", "goals"))),
        ('pgettext("plan", "Goal")', ("plan", "Goal")),
        ('pgettext_lazy("plan", "Goal")', ("plan", "Goal")),
        ('npgettext("plan", "goal", "goals", n)', ("plan", ("goal", "goals"))),
        ('npgettext_lazy("plan", "goal", "goals", n)', ("plan", ("goal", "goals"))),
    ],
)
def test_every_way_to_mark_text_in_python_is_found(workplace, call, identity):
    workplace.code(call)
    assert identities(messages.Code(workplace.root).catalog) == {identity}


@pytest.mark.parametrize(
    ("markup", "identity"),
    [
        ('{% translate "Goal" %}', (None, "Goal")),
        ("{% trans 'Goal' as title %}", (None, "Goal")),
        ('{% translate "Goal" context "plan" %}', ("plan", "Goal")),
        ('{% translate "100 % sure" %}', (None, "100 %% sure")),
        ('{{ goal|default:_("No goal") }}', (None, "No goal")),
        ('{{ _("Goal") }}', (None, "Goal")),
        ('{% button label=_("Save") %}', (None, "Save")),
        ("{% blocktranslate %}Dear {{ name }}{% endblocktranslate %}", (None, "Dear %(name)s")),
        ("{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}", (None, "Two lines")),
        (
            '{% blocktranslate count n=n context "x" %}one{% plural %}{{ n }} goals{% endblocktranslate %}',
            ("x", ("one", "%(n)s goals")),
        ),
    ],
)
def test_every_way_to_mark_text_in_a_template_is_found(workplace, markup, identity):
    workplace.template(f'<p class="it\'s">\n      (\n   {markup}\n it\'s "\n</p>')
    assert identities(messages.Code(workplace.root).catalog) == {identity}


def test_tests_migrations_and_commented_text_are_left_out(workplace):
    workplace.code('_("x")', "tests/test_models.py")
    workplace.code('_("x")', "test_models.py")
    workplace.code('_("x")', "migrations/0001_first.py")
    workplace.template('{% comment %}{% translate "x" %}{% endcomment %}')
    assert identities(messages.Code(workplace.root).catalog) == set()


def test_comments_to_translators_follow_the_message(workplace):
    workplace.code('# Translators: a state,\n# not a verb\nOPEN = _("Open")')
    workplace.template('{# Translators: a heading #}\n{% translate "Goals" %}')
    workplace.extract()
    text = workplace.catalogue_text("nb")
    assert "#. Translators: a state,\n#. not a verb\n" in text
    assert "#. Translators: a heading\n" in text


@pytest.mark.parametrize("call", ['_(f"Hi {x}")', '_("Hi %s" % x)', '_("Hi {}".format(x))', '_("a" if x else "b")'])
def test_text_put_together_before_translation_is_a_fault(workplace, call):
    workplace.code(f"\n{call}")
    assert workplace.found(None) == ["styrhus/risk/models.py:2: translate the whole text first, fill it in afterwards"]


def test_gettext_under_a_name_of_its_own_is_a_fault(workplace):
    workplace.code("from django.utils.translation import gettext as say, gettext_lazy as _\nsay('Risk')\n")
    assert workplace.found(language="") == ["styrhus/risk/models.py:1: nothing marked with say would be found"]


def test_text_named_elsewhere_is_no_fault(workplace):
    workplace.code('gettext(step.label)\ngettext(labels["open"])\n_("Hi %s") % name')
    assert workplace.found(None) == []


def test_untrimmed_block_is_a_fault(workplace):
    workplace.template("{% blocktranslate %}\n  Two lines\n{% endblocktranslate %}")
    assert "add `trimmed`" in workplace.found(None)[0]


def test_file_that_cannot_be_read_is_a_fault(workplace):
    workplace.code("def (:")
    workplace.template("{% blocktranslate %}{% if x %}{% endif %}{% endblocktranslate %}")
    assert len(workplace.found(None)) == 2


# Keeping


def test_extracting_keeps_translations_and_their_notes(workplace):
    workplace.code('_("Goal"); _("Plan")')
    workplace.extract()
    workplace.translate("nb", "Goal", "Mål")
    path = messages.catalogue_path(workplace.root, "nb")
    path.write_text(workplace.catalogue_text("nb").replace("#: ", "# Agreed\n#: ", 1))
    workplace.code('_("Goal"); _("Risk")')
    workplace.extract()
    assert identities(workplace.catalogue("nb")) == {(None, "Goal"), (None, "Risk")}
    assert workplace.catalogue("nb").get("Goal").string == "Mål"
    assert "# Agreed\n" in workplace.catalogue_text("nb")


def test_extracting_from_broken_code_keeps_every_translation(workplace):
    workplace.code('_("Goal")')
    workplace.extract()
    workplace.translate("nb", "Goal", "Mål")
    workplace.code('_("Goal"')
    assert messages.extract_messages(workplace.root) == 1
    assert workplace.catalogue("nb").get("Goal").string == "Mål"


def test_message_that_gets_a_plural_keeps_its_singular(workplace):
    workplace.code('_("goal")')
    workplace.extract()
    workplace.translate("nb", "goal", "mål")
    workplace.code('ngettext("goal", "goals", n)')
    assert workplace.found("nb") == ["“goal”: its plural differs from the code's, run extract"]
    workplace.extract()
    assert workplace.catalogue("nb").get("goal").string == ("mål", "")


def test_fuzzy_text_counts_as_untranslated(workplace):
    workplace.code('_("Goal")')
    workplace.extract()
    workplace.translate("nb", "Goal", "Plan")
    path = messages.catalogue_path(workplace.root, "nb")
    path.write_text(workplace.catalogue_text("nb").replace("#: ", "#, fuzzy\n#: "))
    assert "“Goal”: marked fuzzy: confirm the text or empty it" in workplace.found("nb")
    workplace.extract()
    assert "fuzzy" not in workplace.catalogue_text("nb")
    assert workplace.found("nb") == ["“Goal”: not translated"]


def test_extracting_twice_changes_nothing(workplace):
    workplace.code('_("Plan"); ngettext("goal", "goals", n); pgettext("verb", "Plan")')
    workplace.template('{% translate "Plan" %}')
    workplace.extract()
    before = {language: workplace.catalogue_text(language) for language in messages.LANGUAGES}
    workplace.extract()
    assert before == {language: workplace.catalogue_text(language) for language in messages.LANGUAGES}


def test_moving_code_within_a_file_changes_nothing(workplace):
    workplace.code('_("Plan")\n_("Goal")')
    workplace.extract()
    before = workplace.catalogue_text("nb")
    workplace.code('\n\n\n_("Goal")\n_("Plan")')
    workplace.extract()
    assert workplace.catalogue_text("nb") == before


def test_english_fills_itself_in(workplace):
    workplace.code('_("Plan"); ngettext("%d goal", "%d goals", n)')
    workplace.extract()
    assert workplace.catalogue("en").get("Plan").string == "Plan"
    assert workplace.catalogue("en").get("%d goal").string == ("%d goal", "%d goals")
    assert workplace.found("en") == []


# Checking


def test_complete_catalogues_pass(workplace, capsys):
    workplace.code('_("Save the plan."); ngettext("one goal", "%(n)s goals", n)')
    workplace.extract()
    for language, text in (("nb", "Lagre planen."), ("nn", "Lagre planen.")):
        workplace.translate(language, "Save the plan.", text)
        workplace.translate(language, "one goal", "eitt mål", "%(n)s mål")
    assert list(messages.problems(workplace.root)) == []
    assert messages.check_messages(workplace.root) == 0


def test_missing_and_vanished_messages_are_told(workplace):
    workplace.code('_("Goal")')
    workplace.extract()
    workplace.code('_("Plan")')
    for language in messages.LANGUAGES:
        assert "“Plan”: missing, run extract" in workplace.found(language)
        assert "“Goal”: no longer in the code, run extract" in workplace.found(language)


def test_untranslated_message_is_told_and_fails_the_command(workplace, capsys):
    workplace.code('_("Goal")')
    workplace.extract()
    capsys.readouterr()
    assert messages.check_messages(workplace.root) == 1
    assert capsys.readouterr().out == "nb: “Goal”: not translated\nnn: “Goal”: not translated\n2 problems\n"


def test_missing_plural_form_is_told(workplace):
    workplace.code('ngettext("goal", "goals", n)')
    workplace.extract()
    workplace.translate("nb", "goal", "mål", "")
    assert workplace.found("nb") == ["“goal”: a plural form is missing"]


def test_number_may_be_left_out_of_the_singular_only(workplace):
    workplace.code('ngettext("one goal", "%(n)s goals", n)')
    workplace.extract()
    workplace.translate("nb", "one goal", "ett mål", "mange mål")
    assert workplace.found("nb") == ["“one goal”: placeholders or tags differ: mange mål"]


def test_edited_english_is_told(workplace):
    workplace.code('_("Goal")')
    workplace.extract()
    workplace.translate("en", "Goal", "Target")
    assert workplace.found("en") == ["“Goal”: the English text is not the code's own, run extract"]


def test_catalogue_that_cannot_be_read_is_told(workplace):
    workplace.code('_("Goal")')
    workplace.extract()
    path = messages.catalogue_path(workplace.root, "nb")
    path.write_text(workplace.catalogue_text("nb") + "\nrubbish\n")
    assert "cannot be read" in workplace.found("nb")[0]


@pytest.mark.parametrize(
    ("original", "norwegian"),
    [
        ("Hello %(name)s", "Hei %(navn)s"),
        ("Hello %(name)s", "Hei"),
        ("%s of %d", "%d av %s"),
        ("Hello {name}", "Hei {navn}"),
        ("{} plans", "planer"),
        ("A <strong>goal</strong>", "Et <b>mål</b>"),
        ("A <strong>goal</strong>", "Et <strong>mål"),
    ],
)
def test_lost_placeholder_or_tag_is_told(workplace, original, norwegian):
    assert [line.partition(":")[0] for line in workplace.said_of(original, norwegian)] == [
        "placeholders or tags differ"
    ]


@pytest.mark.parametrize(
    ("original", "norwegian"),
    [
        ("Goal:", "Mål"),
        ("Goal", "Mål."),
        ("Goal ", "Mål"),
        (" Goal", "Mål"),
        ("Sure?", "Sikker!"),
        ("Wait…", "Vent..."),
    ],
)
def test_different_ending_is_told(workplace, original, norwegian):
    assert [line.partition(":")[0] for line in workplace.said_of(original, norwegian)] == [
        "spaces or punctuation at the ends differ"
    ]


@pytest.mark.parametrize(
    ("original", "norwegian"),
    [
        ("100 % sure, %(name)s", "%(name)s er 100 % sikker"),
        ("%(a)s before %(b)s", "%(b)s etter %(a)s"),
        ("Plans and so on", "Planer osv."),
        ("Status", "Status"),
        ("OpenID Connect", "OpenID Connect"),
    ],
)
def test_sound_translation_passes(workplace, original, norwegian):
    assert workplace.said_of(original, norwegian) == []


def test_long_text_left_in_english_is_told_unless_allowed(workplace, monkeypatch):
    text = "Plan for internal audit"
    assert workplace.said_of(text, text) == ["the same as the English: is it translated?"]
    monkeypatch.setitem(messages.SAME_IN_NORWEGIAN, text, "the name of a standard")
    assert workplace.found("nb") == []


@pytest.mark.parametrize(
    ("original", "norwegian"),
    [("Ask the leader", "Spør rådmannen"), ("All plans", "Planregisteret")],
)
def test_word_the_house_does_not_use_is_told(workplace, original, norwegian):
    assert ": use " in workplace.said_of(original, norwegian)[0]


def test_word_with_its_own_meaning_is_allowed_there(workplace):
    assert workplace.said_of("Statutory plan register", "Planregister") == []


def test_bokmaal_in_nynorsk_is_told(workplace):
    workplace.code('_("Not found")')
    workplace.extract()
    workplace.translate("nn", "Not found", "Ikke funne")
    assert workplace.found("nn") == ["“Not found”: “Ikke”: use the nynorsk form"]


# Compiling


def test_compiled_catalogue_answers_gettext(workplace):
    workplace.code('_("Goal"); ngettext("%d goal", "%d goals", n); pgettext("verb", "Plan")')
    workplace.extract()
    workplace.translate("nb", "Goal", "Mål på æøå")
    workplace.translate("nb", "%d goal", "%d mål", "%d måla")
    workplace.translate("nb", "Plan", "Planlegg", context="verb")
    assert messages.compile_messages(workplace.root) == 0
    words = gettext.translation("django", workplace.root / "locale", ["nb"])
    assert words.gettext("Goal") == "Mål på æøå"
    assert [words.ngettext("%d goal", "%d goals", n) for n in (0, 1, 2)] == ["%d måla", "%d mål", "%d måla"]
    assert words.pgettext("verb", "Plan") == "Planlegg"


def test_compiling_without_catalogues_fails(workplace):
    assert messages.compile_messages(workplace.root) == 1


RENDER = """
import sys, django
from django.conf import settings
settings.configure(USE_I18N=True, LANGUAGE_CODE="nb", LOCALE_PATHS=[sys.argv[1]], TEMPLATES=[{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "OPTIONS": {"builtins": ["django.templatetags.i18n"]}}])
django.setup()
from django.template import engines
print(engines["django"].from_string(sys.argv[2]).render({"name": "Kari", "n": 2}), end="")
"""


def test_template_asks_for_the_very_message_that_was_extracted(workplace):
    markup = (
        '{% translate "100% done" %}. '
        "{% blocktranslate trimmed %}\n Dear\n {{ name }}\n{% endblocktranslate %}, "
        '{% blocktranslate count n=n context "x" %}'
        "{{ n }} goal{% plural %}{{ n }} goals{% endblocktranslate %}"
    )
    workplace.template(markup)
    workplace.extract()
    workplace.translate("nb", "100%% done", "100%% ferdig")
    workplace.translate("nb", "Dear %(name)s", "Kjære %(name)s")
    workplace.translate("nb", "%(n)s goal", "%(n)s mål", "%(n)s måla", context="x")
    messages.compile_messages(workplace.root)
    command = [sys.executable, "-c", RENDER, str(workplace.root / "locale"), markup]
    shown = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert shown == "100% ferdig. Kjære Kari, 2 måla"
