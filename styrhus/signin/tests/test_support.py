"""An administrator sees what the helped person sees, and nothing more; changes nothing; and everyone can know."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from styrhus.items.models import Item, Notification
from styrhus.organisation.models import PositionRole
from styrhus.signin.models import SecurityEvent, SupportSession
from styrhus.signin.operations import end_support, start_support
from styrhus.signin.tasks import end_timed_out_support

pytestmark = pytest.mark.django_db
REASON = "Finner ikke tiltaket sitt"


@pytest.fixture
def ada(world):
    return world.people.administrator


@pytest.fixture
def lars(world):
    return world.people.teacher


@pytest.fixture
def ada_in(ada, signed_in):
    return signed_in(ada)


@pytest.fixture
def helping(ada_in, world):
    """The administrator's browser in a support session for the principal."""
    ada_in.post(reverse("start_support_session", args=[world.people.principal.pk]), {"reason": REASON})
    return ada_in


def who(browser):
    return browser.get(reverse("home")).wsgi_request.user


def test_support_shows_the_system_as_the_person(helping, world):
    request = helping.get(reverse("home")).wsgi_request
    assert request.user == world.people.principal
    assert request.support_session.person == world.people.principal
    assert not request.user.has_perm("support.start")


def test_person_is_told_who_and_why(helping, world, ada):
    notice = Notification.objects.get(person=world.people.principal, reason="support")
    assert (notice.by, notice.note) == (ada, REASON)


def test_start_and_end_are_in_the_security_log(helping, world, ada):
    helping.post(reverse("end_support_session"))
    events = SecurityEvent.objects.filter(kind__startswith="support").order_by("id")
    assert [(event.kind, event.person, event.by) for event in events] == [
        ("support_started", world.people.principal, ada),
        ("support_ended", world.people.principal, ada),
    ]
    assert events[0].note == REASON


def test_no_reason_no_support(ada_in, lars, ada):
    response = ada_in.post(reverse("start_support_session", args=[lars.pk]), {"reason": "  "})
    assert "reason" in response.context["form"].errors
    assert who(ada_in) == ada


def test_exempt_items_are_never_shown(helping, world):
    supported = helping.get(reverse("home")).wsgi_request.user
    assert world.things.exempt.as_item in Item.objects.visible_to(world.people.principal)
    assert world.things.exempt.as_item not in Item.objects.visible_to(supported)
    assert world.things.internal.as_item in Item.objects.visible_to(supported)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_changed(helping, method):
    response = getattr(helping, method)(reverse("home"))
    assert response.status_code == 403
    assert "signin/support_refused.html" in [template.name for template in response.templates]


@pytest.mark.parametrize(
    "name", ["account_security", "account_change_password", "account_logout", "mfa_view_recovery_codes"]
)
def test_how_the_person_signs_in_is_closed(helping, name):
    assert helping.get(reverse(name)).status_code == 403


def test_ending_gives_the_administrator_back(helping, ada):
    helping.post(reverse("end_support_session"))
    assert who(helping) == ada
    assert SupportSession.objects.get().ended is not None


def test_ending_is_kept_on_the_trail_as_the_administrator_s_act(helping, ada, on_the_trail):
    helping.post(reverse("end_support_session"))
    assert [(row.action, row.by) for row in on_the_trail(SupportSession.objects.get())] == [
        ("I", ada),
        ("U", ada),
    ]


def test_ending_twice_changes_nothing(helping, ada):
    session = SupportSession.objects.get()
    assert end_support(session)
    ended = SupportSession.objects.get().ended
    assert not end_support(session)
    assert SupportSession.objects.get().ended == ended


def test_time_runs_out_after_half_an_hour(helping, ada, logged):
    session = SupportSession.objects.get()
    assert session.ends - session.started == timedelta(minutes=30)
    run_out(session)
    assert helping.get(reverse("home")).url == reverse("home")
    assert who(helping) == ada
    assert logged()[-1] == "support_ended"
    assert SupportSession.objects.get().ended == SupportSession.objects.get().ends


def run_out(session):
    start = timezone.now() - timedelta(minutes=31)
    SupportSession.objects.filter(pk=session.pk).update(started=start, ends=start + timedelta(minutes=30))


def test_form_opened_in_support_is_not_sent_as_the_administrator(helping):
    run_out(SupportSession.objects.get())
    response = helping.post(reverse("set_language"), {"language": "nn"})
    assert response.url == reverse("home")
    assert "styrhus_language" not in response.cookies


def test_fragment_asked_for_after_the_end_reloads_the_whole_page(helping):
    run_out(SupportSession.objects.get())
    assert helping.get(reverse("home"), headers={"hx-request": "true"})["HX-Redirect"] == reverse("home")


def test_closed_browser_s_session_is_ended_by_the_queue(helping):
    run_out(SupportSession.objects.get())
    end_timed_out_support(timestamp=0)
    assert SupportSession.objects.get().ended is not None


def test_running_session_is_left_alone_by_the_queue(helping):
    end_timed_out_support(timestamp=0)
    assert SupportSession.objects.get().ended is None


def test_administrator_who_loses_the_role_is_out_of_support(helping, ada):
    PositionRole.objects.filter(role="system_administrator").delete()
    helping.get(reverse("home"))
    assert who(helping) == ada


def test_inactive_person_is_no_longer_looked_at(helping, world, ada):
    world.people.principal.is_active = False
    world.people.principal.save()
    helping.get(reverse("home"))
    assert who(helping) == ada


def test_new_session_ends_the_older_one(ada, lars, world):
    first = start_support(lars, by=ada, reason=REASON)
    start_support(world.people.principal, by=ada, reason=REASON)
    first.refresh_from_db()
    assert first.ended is not None
    assert SupportSession.objects.filter(ended__isnull=True).count() == 1


def test_another_s_session_number_in_the_browser_opens_nothing(world, lars, ada, make, signed_in):
    other = make.holder("system_administrator", world.units.municipality)
    session = start_support(lars, by=ada, reason=REASON)
    browser = signed_in(other)
    kept = browser.session
    kept["support_session"] = session.pk
    kept.save()
    browser.get(reverse("home"))
    assert who(browser) == other


def test_administrator_supports_neither_himself_nor_another(world, ada, ada_in, make):
    other = make.holder("system_administrator", world.units.municipality)
    for person in (ada, other):
        url = reverse("start_support_session", args=[person.pk])
        assert ada_in.post(url, {"reason": REASON}).status_code == 403
        with pytest.raises(PermissionDenied):
            start_support(person, by=ada, reason=REASON)
    assert not SupportSession.objects.exists()


def test_only_administrators_give_support(world, lars, signed_in):
    browser = signed_in(world.people.director)
    assert browser.get(reverse("support")).status_code == 403
    assert browser.get(reverse("start_support_session", args=[lars.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        start_support(lars, by=world.people.director, reason=REASON)


def test_register_finds_those_who_may_be_supported(ada_in, world, make):
    make.holder("system_administrator", world.units.municipality, name="Lise Administrator")
    page = ada_in.get(reverse("support"), {"who": "l"})
    names = [person.name for person in page.context["page"].object_list]
    assert "Lars Lærer" in names
    assert not {"Ada Administrator", "Lise Administrator"} & set(names)
    assert "Solsiden skole" in page.content.decode()


def test_register_takes_the_same_queries_however_many_people(ada_in, world, make, capture_queries):
    def queries():
        with capture_queries() as captured:
            ada_in.get(reverse("support"))
        return len(captured)

    few = queries()
    for _number in range(8):
        make.holder("employee", world.units.school)
    assert queries() == few


def test_ordinary_page_takes_no_query_more_for_support(ada_in, capture_queries):
    with capture_queries() as captured:
        ada_in.get(reverse("home"))
    assert not [query for query in captured if "signin_supportsession" in query["sql"]]


def test_ending_without_a_session_leads_home(ada_in):
    assert ada_in.post(reverse("end_support_session")).url == reverse("home")


def test_banner_says_as_whom_and_until_when(helping):
    page = helping.get(reverse("home")).content.decode()
    assert "Rita Rektor" in page
    assert reverse("end_support_session") in page


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"ends": timezone.now() - timedelta(days=1)}, {"person": "administrator"}]
)
def test_database_refuses_what_can_never_be(ada, lars, wrong):
    now = timezone.now()
    row = {"administrator": ada, "person": lars, "reason": REASON, "started": now, "ends": now + timedelta(minutes=30)}
    row |= wrong
    row["person"] = ada if wrong.get("person") else lars
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportSession.objects.create(**row)


def test_administrator_has_one_open_session_at_most(ada, lars, world):
    start_support(lars, by=ada, reason=REASON)
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportSession.objects.create(
            administrator=ada, person=lars, reason=REASON, started=now, ends=now + timedelta(minutes=1)
        )


def test_signing_out_in_another_window_takes_support_with_it(helping):
    helping.logout()
    assert helping.get(reverse("home")).status_code == 302


def test_support_in_a_session_that_is_nobody_s_is_left(client, ada, lars):
    session = start_support(lars, by=ada, reason=REASON)
    kept = client.session
    kept["support_session"] = session.pk
    kept.save()
    client.get(reverse("account_login"))
    assert "support_session" not in client.session
    assert client.get(reverse("account_login")).wsgi_request.user.is_anonymous
