"""How one is reminded, the calendar's secret address, and what those who run the system see of it."""

import time

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from styrhus.jobs.models import RefusedAddress
from styrhus.organisation.access import require
from styrhus.reminders import operations
from styrhus.reminders.calendars import as_ics
from styrhus.reminders.forms import Ladder, WishForm
from styrhus.reminders.models import CalendarFeed, Threshold, Wish

# In an hour: a calendar asks a few times a day. Wrong guesses are counted by address, right ones by secret alone, since
# a whole municipality's calendars may come from one address.
GUESSES, ASKS, HOUR = 30, 60, 3600
REFUSED_SHOWN = 200


def wishes(request):
    """Mail and calendar: how a person wants to be reminded."""
    wish = Wish.objects.filter(person=request.user.pk).first() or Wish(person_id=request.user.pk)
    form = WishForm(request.POST or None, instance=wish)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The choice is saved."))
        return redirect("reminders:wishes")
    return _show(request, form)


def _show(request, form, address: str = ""):
    context = {
        "form": form,
        "feed": CalendarFeed.objects.filter(person=request.user.pk).first(),
        "address": address,
        "refused": RefusedAddress.objects.filter(person=request.user.pk).first(),
        "ladder": Threshold.objects.all(),
        "may_edit": request.user.has_perm("reminder.set_up"),
    }
    return render(request, "reminders/wishes.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def make_feed(request):
    """Makes the address and shows it, this once."""
    if getattr(request.user, "support", None):
        raise PermissionDenied
    token = operations.make_feed(request.user, alarm=bool(request.POST.get("alarm")))
    address = request.build_absolute_uri(reverse("reminders:calendar", args=[token]))
    wish = Wish.objects.filter(person=request.user.pk).first()
    return _show(request, WishForm(instance=wish), address)


@require_POST
def revoke_feed(request):
    operations.revoke_feed(request.user)
    messages.success(request, _("The address is closed. Calendars that use it get nothing more."))
    return redirect("reminders:wishes")


@require_GET
@login_not_required
@never_cache
def calendar(request, token: str):
    """The deadlines of whoever the secret belongs to. No session, no cookie: the secret is all there is."""
    feed = CalendarFeed.objects.filter(token_sum=CalendarFeed.sum_of(token)).select_related("person").first()
    if feed is None or not feed.person.is_active:
        if _too_often(get_adapter().get_client_ip(request), GUESSES):
            return HttpResponse(status=429)
        raise Http404
    if _too_often(feed.pk, ASKS):
        return HttpResponse(status=429)
    with translation.override(feed.person.language or None):
        body = as_ics(feed.person, site=operations.site(), host=operations.host(), alarm=feed.alarm)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="frister.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _too_often(who, most: int) -> bool:
    key = f"calendar:{who}:{int(time.time()) // HOUR}"
    count = cache.get(key, 0)
    if count < most:
        cache.set(key, count + 1, HOUR)
    return count >= most


def ladder(request):
    """The steps of the ladder, for the whole municipality."""
    require(request.user, "reminder.set_up")
    formset = Ladder(request.POST or None, queryset=Threshold.objects.all())
    if request.method == "POST" and formset.is_valid():
        formset.save()
        messages.success(request, _("The steps are saved. They hold from tomorrow morning."))
        return redirect("reminders:ladder")
    return render(request, "reminders/ladder.html", {"formset": formset}, status=422 if formset.is_bound else 200)


def refused(request):
    """Addresses that mail servers refuse: the people who are reminded of nothing by mail."""
    require(request.user, "reminder.set_up")
    rows = RefusedAddress.objects.select_related("person")[:REFUSED_SHOWN]
    return render(request, "reminders/refused.html", {"rows": rows})
