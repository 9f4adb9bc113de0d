"""What is done to an item of any kind, from its page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import select_template
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from styrhus.items import forms, operations
from styrhus.items.flow import Held
from styrhus.items.models import Attachment, FollowUp, Item, Notification, SavedView
from styrhus.items.queries import changes_of_item, in_words, names_to_mention, open_of, promised_by, where_done
from styrhus.items.time_machine import page_as_it_stood
from styrhus.kit.lists import CountedToALimit
from styrhus.organisation.access import authority_of, require
from styrhus.organisation.models import Position

ON_A_PANEL = 8


def visible_or_404(person, pk) -> Item:
    """404 for what may not be seen: not even that it exists is told."""
    return get_object_or_404(Item.objects.visible_to(person).select_related("unit", "responsible"), pk=pk)


def open_item(request, pk):
    return redirect(visible_or_404(request.user, pk).concrete())


def step(request, pk, name):
    """One step of the flow. GET asks for the reason; POST takes it."""
    item = visible_or_404(request.user, pk).concrete()
    wanted = item.flow.step(name)
    if wanted is None:
        raise Http404
    require(request.user, wanted.permission, item)
    form = forms.StepForm(request.POST or None, step=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            operations.step(item, name, by=request.user, note=form.cleaned_data["note"])
        except Held as held:
            form.add_error(None, held)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": wanted.label})
            return redirect(item)
    context = {
        "form": form,
        "question": wanted.label,
        "consequence": item.title,
        "confirm_label": wanted.label,
    }
    return render(request, "kit/confirm.html", context | {"cancel_url": item.get_absolute_url()}, status=_status(form))


def _status(form) -> int:
    return 422 if form.is_bound and form.errors else 200


@require_POST
def confirm(request, pk):
    """“This still holds”: one click by who answers for it."""
    item = visible_or_404(request.user, pk)
    if item.ended or not item.is_answered_for_by(request.user):
        raise PermissionDenied
    operations.confirm(Item.objects.filter(pk=pk), by=request.user)
    messages.success(request, _("Thank you. It is noted that “%(title)s” still holds.") % {"title": item.title})
    return HttpResponseRedirect(_safe_next(request) or item.concrete().get_absolute_url())


@require_POST
def follow(request, pk):
    """To hear of what happens. Nobody else sees who does."""
    operations.follow(visible_or_404(request.user, pk), by=request.user)
    messages.success(request, _("You follow this now, and are told of steps and comments."))
    return redirect("items:open", pk)


@require_POST
def unfollow(request, pk):
    operations.unfollow(visible_or_404(request.user, pk), by=request.user)
    messages.success(request, _("You no longer follow this."))
    return redirect("items:open", pk)


def mentionable(request, pk):
    """Names while someone writes @ in a comment."""
    item = visible_or_404(request.user, pk)
    require(request.user, "item.discuss")
    found = names_to_mention(item, request.GET.get("q", "")[:60])
    return render(request, "items/mentionable.html", {"names": found})


@require_POST
def comment(request, pk):
    item = visible_or_404(request.user, pk)
    require(request.user, "item.discuss")
    form = forms.CommentForm(request.POST)
    if not form.is_valid():
        return _asked_again(request, item, form, _("Comment"))
    operations.comment(item, form.cleaned_data["text"], by=request.user)
    return redirect(item.concrete().get_absolute_url() + "#comments")


def attach(request, pk):
    item = visible_or_404(request.user, pk)
    require(request.user, "item.discuss")
    form = forms.AttachmentForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _asked_again(request, item, form, _("Add a file"))
    upload = form.cleaned_data["file"]
    operations.attach(item, upload, content_type=upload.content_type, by=request.user)
    messages.success(request, _("The file is kept."))
    return redirect(item.concrete().get_absolute_url() + "#files")


def download(request, pk, attachment):
    """Always a download with the type that was found in the content: never shown inside our own pages."""
    item = visible_or_404(request.user, pk)
    kept = get_object_or_404(Attachment, pk=attachment, item=item)
    if not default_storage.exists(kept.stored_as):
        raise Http404
    response = FileResponse(
        default_storage.open(kept.stored_as),
        as_attachment=True,
        filename=kept.name,
        content_type=kept.content_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def link(request, pk):
    item = visible_or_404(request.user, pk)
    require(request.user, "item.follow_up", item)
    form = forms.LinkForm(request.POST or None, item=item, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            operations.link(item, form.cleaned_data["target"], form.cleaned_data["kind"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(item.concrete().get_absolute_url() + "#links")
    return _asked_again(request, item, form, _("Link to something else"))


def follow_up(request, pk):
    item = visible_or_404(request.user, pk)
    require(request.user, "item.follow_up", item)
    form = forms.FollowUpForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        try:
            operations.follow_up(item, made.what, responsible=made.responsible, due=made.due, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The follow-up is saved."))
            return redirect(item.concrete().get_absolute_url() + "#follow-ups")
    return _asked_again(request, item, form, _("New follow-up"))


def _asked_again(request, item, form, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "cancel_url": item.get_absolute_url(),
        "about": item,
        "keep": "small",
    }
    return render(request, "items/form.html", context, status=_status(form))


@require_POST
def tick_off(request, pk, follow_up):
    item = visible_or_404(request.user, pk)
    row = get_object_or_404(FollowUp.objects.select_related("responsible"), pk=follow_up, item=item)
    mine = promised_by(request.user).filter(pk=row.pk).exists()
    if not mine and not request.user.has_perm("item.follow_up", item):
        raise PermissionDenied
    if address := where_done(row):
        messages.info(request, _("“%(what)s” is done by answering this.") % {"what": row.what})
        return HttpResponseRedirect(address)
    form = forms.TickOffForm(request.POST)
    if not form.is_valid():
        return _asked_again(request, item, form, row.what)
    operations.tick_off(row, by=request.user, note=form.cleaned_data["note"])
    messages.success(request, _("Ticked off: %(what)s") % {"what": row.what})
    return HttpResponseRedirect(_safe_next(request) or item.concrete().get_absolute_url() + "#follow-ups")


def _safe_next(request) -> str:
    """An address of ours, or nothing. Not for `redirect`, which takes what it does not know for the name of a page."""
    url = request.POST.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()) else ""


def changes(request, pk):
    """Every field that has changed, by whom and when."""
    item = visible_or_404(request.user, pk).concrete()
    page = Paginator(changes_of_item(item), 50).get_page(request.GET.get("page"))
    return render(
        request, "items/changes.html", {"item": item, "page": page, "rows": in_words(page, item, request.user)}
    )


def answered_for(request, pk):
    """A panel: what a position answers for, the most urgent first, as far as one may see it."""
    position = get_object_or_404(Position.objects.select_related("unit"), pk=pk)
    if pk not in authority_of(request.user).positions:
        require(request.user, "organisation.view")
    things, promises = open_of(position, request.user)
    context = {
        "position": position,
        "things": CountedToALimit(things, ON_A_PANEL).page(1),
        "promises": CountedToALimit(promises, ON_A_PANEL).page(1),
        "today": timezone.localdate(),
    }
    return render(request, "items/answered_for.html", context)


def as_it_stood(request, pk):
    """The page as it was at the end of a day, for who may see the thing today."""
    item = visible_or_404(request.user, pk).concrete()
    form = forms.DayForm(request.GET or None)
    day = form.cleaned_data["dato"] if form.is_valid() else None
    context = page_as_it_stood(item, day, request.user) if day else None
    if context is None:
        shown = {"item": item, "form": form, "not_yet": day}
        return render(request, "items/no_past.html", shown, status=_status(form))
    # The page of a kind is app/kind.html; it draws its facts from `item`, so it can draw what the thing was.
    label = item._meta
    page = select_template([f"{label.app_label}/{label.model_name}.html", "items/plain_facts.html"])
    return HttpResponse(page.render(context, request))


def notifications(request):
    mine = Notification.objects.filter(person=request.user).select_related("by", "item")
    page = Paginator(mine, 25).get_page(request.GET.get("page"))
    visible = set(
        Item.objects.visible_to(request.user).filter(pk__in=[n.item_id for n in page]).values_list("pk", flat=True)
    )
    return render(request, "items/notifications.html", {"page": page, "visible": visible})


@require_POST
def read_notifications(request):
    Notification.objects.filter(person=request.user, read__isnull=True).update(read=timezone.now())
    return redirect("notifications")


def save_view(request):
    """Keeps the filters of a register under a name of one's own."""
    register, query = request.GET.get("register", ""), request.GET.get("query", "")
    url = _register_url(register)
    if request.method == "POST":
        try:
            operations.save_view(request.user, register, request.POST.get("name", ""), query)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            return redirect(f"{url}?{query}")
    mine = SavedView.objects.filter(person=request.user, register=register)
    return render(request, "items/save_view.html", {"url": f"{url}?{query}", "views": mine})


def _register_url(name: str) -> str:
    """Where a register lies. Any other page has no views to keep."""
    try:
        url = reverse(name)
    except NoReverseMatch as error:
        raise Http404 from error
    page = getattr(resolve(url).func, "view_class", None)
    if not getattr(page, "can_save_view", False):
        raise Http404
    return url


@require_POST
def forget_view(request, pk):
    view = get_object_or_404(SavedView, pk=pk, person=request.user)
    view.delete()
    return redirect(_register_url(view.register))
