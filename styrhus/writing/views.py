from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from styrhus.items.forms import CommentForm, DayForm
from styrhus.items.models import Item
from styrhus.items.views import visible_or_404
from styrhus.organisation.access import require
from styrhus.writing import operations, queries
from styrhus.writing.blocks import choices, drawn, kinds, kinds_for, labels
from styrhus.writing.comparing import differences, joined
from styrhus.writing.forms import ChapterForm, FindBlockForm, NewChapterForm, PutInForm, TextForm
from styrhus.writing.models import Chapter, ChapterComment, Heading

MINE, JOIN = "mine", "join"


def _thing(request, pk) -> Item:
    return visible_or_404(request.user, pk).concrete()


def _chapter(request, pk) -> tuple[Chapter, Item]:
    """A chapter and the thing whose text it is in. 404 when the thing may not be seen."""
    found = get_object_or_404(Chapter.objects.select_related("owner__unit", "promise").defer("words"), pk=pk)
    item = _thing(request, found.item_id)
    found.item = item.as_item
    return found, item


def _shapeable(request, pk) -> tuple[Chapter, Item]:
    chapter, item = _chapter(request, pk)
    _allow(queries.may_shape(request.user, item))
    return chapter, item


def _allow(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _status(form) -> int:
    return 422 if form.is_bound and form.errors else 200


def text(request, pk):
    """The whole text as one page, as it is or as it stood at the end of a day."""
    item = _thing(request, pk)
    form = DayForm(request.GET or None)
    day = form.cleaned_data["dato"] if request.GET and form.is_valid() else None
    lines = queries.text_as_it_stood(item, day, request.user) if day else queries.text_of(item, request.user)
    context = {
        "item": item,
        "lines": lines,
        "day": day,
        "form": form,
        "may_shape": not day and queries.may_shape(request.user, item),
        "writable": _writable(request.user, item, lines) if not day else set(),
    }
    return render(request, "writing/text.html", context, status=_status(form))


def _writable(person, item, lines) -> set[int]:
    if queries.may_shape(person, item):
        return {line["chapter"].pk for line in lines}
    return {line["chapter"].pk for line in lines if queries.may_write(person, line["chapter"], item)}


def panel(request, pk):
    """The chapters with their state and who writes them, for the page of the thing."""
    item = _thing(request, pk)
    return render(request, "writing/panel.html", _outline_context(request, item))


def _outline_context(request, item) -> dict:
    return {
        "item": item,
        "outline": queries.outline_of(item),
        "progress": queries.progress_of(item),
        "may_shape": queries.may_shape(request.user, item),
    }


def outline(request, pk):
    """Where chapters are put in order, added, taken out and brought back."""
    item = _thing(request, pk)
    _allow(queries.may_shape(request.user, item))
    taken_out = Chapter.objects.filter(item=item.pk).taken_out().defer("text", "words")
    return render(
        request,
        "writing/outline.html",
        _outline_context(request, item) | {"taken_out": taken_out, "usual": item.usual_chapters()},
    )


@require_POST
def begin(request, pk):
    """The chapters that a text of this kind usually has, in the municipality's own language."""
    item = _thing(request, pk)
    _allow(queries.may_shape(request.user, item) and not queries.outline_of(item))
    with override(settings.LANGUAGE_CODE):
        headings = [Heading(str(title), str(guidance), level) for title, guidance, level in item.usual_chapters()]
    operations.begin(item, headings, by=request.user)
    return redirect("writing:outline", item.pk)


def new(request, pk):
    item = _thing(request, pk)
    _allow(queries.may_shape(request.user, item))
    after = Chapter.objects.filter(item=item.pk, pk=_number(request.GET.get("etter"))).first()
    form = NewChapterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add(item, form.save(commit=False), after=after, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The chapter “%(title)s” is made.") % {"title": made.title})
            return redirect(f"{reverse('writing:outline', args=[item.pk])}#kapittel-{made.pk}")
    return _form_page(request, form, _("New chapter"), item, reverse("writing:outline", args=[item.pk]))


def _number(words) -> int:
    return int(words) if words and words.isdecimal() and len(words) < 18 else 0


def _form_page(request, form, title, item, cancel_url) -> HttpResponse:
    context = {"form": form, "title": title, "about": item, "cancel_url": cancel_url, "keep": "chapter"}
    return render(request, "items/form.html", context, status=_status(form))


def describe(request, pk):
    """What is asked for, and who writes it."""
    chapter, item = _shapeable(request, pk)
    form = ChapterForm(request.POST or None, instance=chapter)
    if request.method == "POST" and form.is_valid():
        try:
            operations.describe(form.save(commit=False), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("writing:outline", item.pk)
    title = _("About the chapter “%(title)s”") % {"title": chapter.title}
    return _form_page(request, form, title, item, reverse("writing:outline", args=[item.pk]))


def write(request, pk):
    """The page on which a chapter is written. Who comes second is shown both texts, and chooses or joins them."""
    chapter, item = _chapter(request, pk)
    _allow(queries.may_write(request.user, chapter, item))
    form = TextForm(request.POST or None, chapter=chapter)
    if request.method != "POST":
        return _write_page(request, chapter, item, form)
    if not form.is_valid():
        return _write_page(request, chapter, item, form, status=422)
    try:
        return _saved(request, chapter, form)
    except operations.Conflict as conflict:
        return _both_texts(request, conflict.current, item, form)
    except operations.Locked as locked:
        form.add_error(None, locked)
    except ValidationError as error:
        form.add_error(None, error.messages)
    return _write_page(request, chapter, item, form, status=422)


def _saved(request, chapter, form) -> HttpResponse:
    typed, given = form.typed, form.cleaned_data
    if request.POST.get("choose") == JOIN:
        raise operations.Conflict(chapter)
    draft = operations.Draft(given["title"], typed.text, given["note"])
    operations.write(chapter, draft, version=given["version"] or 0, by=request.user)
    messages.success(request, _("The chapter is saved."))
    for words in typed.left_out:
        messages.warning(request, words)
    return redirect(_after_saving(request, chapter))


def _after_saving(request, chapter) -> str:
    if request.POST.get("then") == "insert":
        return reverse("writing:insert", args=[chapter.pk])
    return reverse("writing:write", args=[chapter.pk])


def _both_texts(request, current, item, form) -> HttpResponse:
    """409: nothing is overwritten. The form still holds what was typed, or both together when that was asked for."""
    typed, opened_at = form.typed.text, _number(request.POST.get("opened_at") or request.POST.get("version"))
    data = form.data.copy()
    data["version"] = current.version
    is_joined = request.POST.get("choose") == JOIN
    if is_joined:
        data["html"] = joined(queries.text_at(current, opened_at), typed, current.text)
    form = TextForm(data, chapter=current)
    form.is_valid()
    return _write_page(
        request,
        current,
        item,
        form,
        status=409,
        both=True,
        is_joined=is_joined,
        opened_at=opened_at,
        lines=differences(current.text, form.typed.text),
        theirs=drawn([current.text], request.user)[0],
        other=queries.version_of(current, current.version),
    )


def _write_page(request, chapter, item, form, status=200, **more) -> HttpResponse:
    context = {
        "item": item,
        "chapter": chapter,
        "form": form,
        "number": _number_of(chapter, item),
        "remarks": queries.remarks_of([chapter]).get(chapter.pk, []),
        "may_shape": queries.may_shape(request.user, item),
        "may_discuss": request.user.has_perm("item.discuss"),
        "kinds": kinds_for(request.user),
        "labels": labels(form.shown["html"], request.user),
        "last": queries.version_of(chapter, chapter.version),
    }
    return render(request, "writing/write.html", context | more, status=status)


def _number_of(chapter, item) -> str:
    return next((line.number for line in queries.outline_of(item) if line.chapter.pk == chapter.pk), "")


@require_POST
def mark(request, pk, state):
    """How far the chapter has come: one button."""
    chapter, item = _chapter(request, pk)
    states = {"skrives": Chapter.State.WRITING, "klart": Chapter.State.READY, "godkjent": Chapter.State.APPROVED}
    if state not in states:
        raise Http404
    try:
        operations.mark(chapter, states[state], by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("“%(title)s”: %(state)s.") % {"title": chapter.title, "state": states[state].label})
    may_write = queries.may_write(request.user, chapter, item)
    return redirect(reverse("writing:write", args=[pk]) if may_write else chapter.get_absolute_url())


@require_POST
def move(request, pk, way):
    chapter, item = _shapeable(request, pk)
    if way not in (operations.UP, operations.DOWN, operations.OUT, operations.IN):
        raise Http404
    try:
        moved = operations.move(chapter, way, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("“%(title)s” is moved.") if moved else _("“%(title)s” cannot be moved further that way.")
        messages.info(request, words % {"title": chapter.title})
    return redirect(f"{reverse('writing:outline', args=[item.pk])}#kapittel-{pk}")


def take_out(request, pk):
    chapter, item = _shapeable(request, pk)
    if request.method == "POST":
        try:
            operations.take_out(chapter, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("“%(title)s” is taken out. It can be brought back.") % {"title": chapter.title})
        return redirect("writing:outline", item.pk)
    context = {
        "question": _("Take out the chapter “%(title)s”?") % {"title": chapter.title},
        "consequence": _("What lies under it goes with it. Nothing is thrown away: each chapter can be brought back."),
        "confirm_label": _("Take it out"),
        "cancel_url": reverse("writing:outline", args=[item.pk]),
    }
    return render(request, "kit/confirm.html", context)


@require_POST
def bring_back(request, pk):
    chapter, item = _shapeable(request, pk)
    operations.bring_back(chapter, by=request.user)
    messages.success(request, _("“%(title)s” stands last in the text now.") % {"title": chapter.title})
    return redirect(f"{reverse('writing:outline', args=[item.pk])}#kapittel-{pk}")


def insert(request, pk):
    """Puts a live block in: what kind, which one, and where. Works without script."""
    chapter, item = _chapter(request, pk)
    _allow(queries.may_write(request.user, chapter, item))
    find = FindBlockForm(request.GET or None, by=request.user)
    name = find.cleaned_data["slag"] if find.is_bound and find.is_valid() else find.initial["slag"]
    words = find.cleaned_data.get("q", "") if find.is_bound and find.is_valid() else ""
    if request.GET.get("vis") == "liste":
        # The list alone, for the editor.
        found = choices(name, item, request.user, words)
        return render(request, "writing/choices.html", {"found": found, "name": name, "words": words})
    form = PutInForm(request.POST or None, chapter=chapter, name=name, words=words, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            _put_in(chapter, name, form.cleaned_data, request.user)
        except operations.Conflict:
            form.add_error(None, _("Someone has saved the chapter meanwhile. Look at it again, and put this in anew."))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is put in."))
            return redirect("writing:write", pk)
    context = {"chapter": chapter, "item": item, "find": find, "form": form, "kind": kinds()[name], "words": words}
    return render(request, "writing/insert.html", context, status=_status(form))


def _put_in(chapter, name, given, by) -> None:
    operations.insert(chapter, (name, given["key"]), after=given["after"], version=given["version"], by=by)


@require_POST
def remark(request, pk):
    chapter, item = _chapter(request, pk)
    require(request.user, "item.discuss")
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, _("Comment"), item, chapter.get_absolute_url())
    operations.remark(chapter, form.cleaned_data["text"], by=request.user)
    messages.success(request, _("Thank you. Your comment stands beside the chapter."))
    return redirect(f"{reverse('writing:versions', args=[pk])}#comments")


@require_POST
def settle(request, pk, comment):
    """Marks a comment as dealt with, or opens it again."""
    chapter, _item = _chapter(request, pk)
    about = get_object_or_404(ChapterComment, comment=comment, chapter=chapter)
    operations.settle(about, by=request.user, settled=request.POST.get("settled") != "no")
    return redirect(f"{reverse('writing:versions', args=[pk])}#comments")


def versions(request, pk):
    """Who has saved what, and what is said about the chapter."""
    chapter, item = _chapter(request, pk)
    context = {
        "item": item,
        "chapter": chapter,
        "number": _number_of(chapter, item),
        "versions": chapter.versions.select_related("by").defer("text"),
        "remarks": queries.remarks_of([chapter]).get(chapter.pk, []),
        "may_write": queries.may_write(request.user, chapter, item),
        "may_discuss": request.user.has_perm("item.discuss"),
    }
    return render(request, "writing/versions.html", context)


def version(request, pk, number):
    """One version, and what differs from another: the one before, unless `med` names one."""
    chapter, item = _chapter(request, pk)
    found = queries.version_of(chapter, number)
    if found is None:
        raise Http404
    asked = _number(request.GET.get("med")) if "med" in request.GET else number - 1
    other = queries.version_of(chapter, asked) or chapter.versions.filter(number__lt=number).first()
    context = {
        "item": item,
        "chapter": chapter,
        "version": found,
        "other": other,
        "versions": chapter.versions.select_related("by").defer("text").exclude(number=number),
        "lines": differences(other.text if other else "", found.text),
        "text": drawn([found.text], request.user)[0],
        "may_restore": number != chapter.version and queries.may_write(request.user, chapter, item),
    }
    return render(request, "writing/version.html", context)


@require_POST
def restore(request, pk, number):
    chapter, item = _chapter(request, pk)
    _allow(queries.may_write(request.user, chapter, item))
    earlier = queries.version_of(chapter, number)
    if earlier is None:
        raise Http404
    try:
        operations.restore(chapter, earlier, version=_number(request.POST.get("version")), by=request.user)
    except operations.Conflict:
        messages.error(request, _("Someone has saved the chapter meanwhile. Look at the versions again."))
        return redirect("writing:versions", pk)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("writing:versions", pk)
    messages.success(request, _("Version %(number)s is brought back as a new version.") % {"number": number})
    return redirect("writing:write", pk)
