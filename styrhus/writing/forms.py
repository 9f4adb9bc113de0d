from django import forms
from django.utils.translation import gettext_lazy as _

from styrhus.organisation.forms import PositionField
from styrhus.writing.blocks import choices, kinds_for, outer_parts
from styrhus.writing.cleaning import BLOCK, Cleaned, beginning_of, clean, cleaned
from styrhus.writing.marks import as_marks, from_marks
from styrhus.writing.models import LONGEST, Chapter


class TextForm(forms.Form):
    """The title and text of a chapter. With script the text comes as `html`, without as `marks`: plain lines."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    html = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    marks = forms.CharField(label=_("Text"), required=False, strip=False, max_length=LONGEST, widget=forms.Textarea)
    note = forms.CharField(
        label=_("What have you changed?"),
        help_text=_("A few words for those who read the versions. May be left empty."),
        max_length=200,
        required=False,
    )

    def __init__(self, data=None, *, chapter: Chapter):
        self.chapter = chapter
        super().__init__(data, initial={"title": chapter.title, "version": chapter.version})

    @property
    def typed(self) -> Cleaned:
        """The text as it was typed or pasted, cleaned. Plain lines that nobody has touched are the text that stands."""
        if not self.is_bound:
            return Cleaned(self.chapter.text)
        if "html" in self.data:
            return cleaned(self.data["html"])
        lines = self.data.get("marks", "").replace("\r\n", "\n")
        if lines.strip() == as_marks(self.chapter.text).strip():
            return Cleaned(self.chapter.text)
        return cleaned(from_marks(lines))

    @property
    def shown(self) -> dict[str, str]:
        """The text as the page holds it, for the editor and for plain lines."""
        text = self.typed.text
        return {"html": text, "marks": as_marks(text)}


class ChapterForm(forms.ModelForm):
    """What is asked for in a chapter, and who writes it."""

    owner = PositionField(
        label=_("Who writes it"),
        help_text=_("A position. May be left empty: then who answers for the whole writes it."),
        required=False,
    )

    class Meta:
        model = Chapter
        fields = ["guidance", "owner"]
        widgets = {"guidance": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"guidance": _("Shown to who writes, not to who reads.")}


class NewChapterForm(ChapterForm):
    class Meta(ChapterForm.Meta):
        fields = ["title", "guidance", "owner"]


class FindBlockForm(forms.Form):
    """Which kind of thing to put in, and words to find it by."""

    slag = forms.ChoiceField(label=_("What do you want to put in?"))
    q = forms.CharField(label=_("Find it by title or number"), required=False, max_length=100)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        kinds: forms.ChoiceField = self.fields["slag"]  # type: ignore[assignment]
        kinds.choices = [(name, kind.label) for name, kind in kinds_for(by).items()]
        self.initial.setdefault("slag", next(iter(kinds_for(by)), ""))


class PutInForm(forms.Form):
    """One of the things found, and where in the text it goes."""

    key = forms.ChoiceField(label=_("Which one?"), widget=forms.RadioSelect)
    after = forms.TypedChoiceField(label=_("After what?"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, chapter: Chapter, name: str, words: str, by):
        super().__init__(data, initial={"version": chapter.version})
        self.found = choices(name, chapter.item, by, words)
        key: forms.ChoiceField = self.fields["key"]  # type: ignore[assignment]
        key.choices = [(each.key, f"{each.label} ({each.note})" if each.note else each.label) for each in self.found]
        after: forms.ChoiceField = self.fields["after"]  # type: ignore[assignment]
        after.choices = _places(chapter.text)
        self.initial["after"] = len(after.choices) - 1


def _places(text: str) -> list[tuple[int, str]]:
    """Every place between the parts of a text, named by the words before it."""
    first = [(0, str(_("At the beginning")))]
    parts = outer_parts(clean(text))
    return first + [(at, beginning_of(part, 60) or _nameless(part)) for at, part in enumerate(parts, 1)]


def _nameless(part: str) -> str:
    return str(_("What was put in before")) if BLOCK.fullmatch(part) else "–"
