"""Follow-ups with a deadline, and links between things."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from styrhus.items import operations
from styrhus.items.models import FollowUp, Link, Notification
from styrhus.items.queries import answered_for_by, deadlines_of, links_of, promised_by
from styrhus.organisation.forms import label_of

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)


@pytest.fixture
def thing(world):
    return world.things.internal.as_item


@pytest.fixture
def promise(world, thing):
    """Of the teacher, under a thing that the principal answers for."""
    position = world.people.teacher.position
    return operations.follow_up(thing, "Ring rørlegger", responsible=position, due=TODAY, by=world.people.principal)


def tick_url(promise, parent=None):
    return reverse("items:tick_off", args=[parent.pk if parent else promise.item_id, promise.pk])


def test_who_a_follow_up_is_given_to_is_told(promise, world):
    told = Notification.objects.get()
    assert (told.person, told.reason, told.note) == (world.people.teacher, "follow_up", "Ring rørlegger")


def test_who_gives_oneself_a_follow_up_is_not_told(thing, world):
    mine = world.people.principal
    operations.follow_up(thing, "Ring", responsible=mine.position, due=TODAY, by=mine)
    assert not Notification.objects.exists()


def test_nobody_is_given_a_follow_up_on_what_they_may_not_see(world, signed_in):
    exempt, teacher = world.things.exempt, world.people.teacher
    given = {"what": "Ring", "responsible": teacher.position.pk, "due": TODAY.isoformat()}
    answer = signed_in(world.people.principal).post(reverse("items:follow_up", args=[exempt.pk]), given)
    assert answer.status_code == 422
    assert teacher.name in answer.context["form"].errors["responsible"][0]
    assert not exempt.follow_ups.exists()


def test_who_may_see_what_is_exempt_may_be_given_a_follow_up_on_it(world, make):
    exempt, director = world.things.exempt, world.people.area_director
    operations.follow_up(exempt, "Se på", responsible=director.position, due=TODAY, by=world.people.principal)
    vacant = make.position("Ledig", world.units.school)
    operations.follow_up(exempt, "Se på", responsible=vacant, due=TODAY, by=world.people.principal)
    assert exempt.follow_ups.count() == 2


def test_a_follow_up_that_says_nothing_is_refused(thing, world):
    with pytest.raises(ValidationError):
        operations.follow_up(thing, "  ", responsible=world.people.head.position, due=TODAY, by=world.people.head)


def test_whose_it_is_ticks_it_off_from_the_page(promise, world, signed_in, make):
    client = signed_in(world.people.teacher)
    assert tick_url(promise) in client.get(promise.item.concrete().get_absolute_url()).content.decode()
    assert client.post(tick_url(promise), {"note": "Ringte"}).status_code == 302
    done = make.again(promise)
    assert (done.done_by, done.note) == (world.people.teacher, "Ringte")


def test_ticking_off_again_changes_nothing(promise, world, make):
    first = operations.tick_off(promise, by=world.people.teacher, note="Først")
    operations.tick_off(promise, by=world.people.principal, note="Så")
    kept = make.again(promise)
    assert (kept.done, kept.done_by, kept.note) == (first.done, world.people.teacher, "Først")


@pytest.mark.parametrize(
    ("who", "status"),
    [("teacher", 302), ("principal", 302), ("director", 302), ("head", 403), ("other_principal", 403), ("guest", 404)],
)
def test_who_may_tick_it_off(promise, world, signed_in, who, status):
    assert signed_in(getattr(world.people, who)).post(tick_url(promise)).status_code == status


def test_a_page_shows_no_button_for_anothers_promise(promise, world, signed_in):
    page = signed_in(world.people.head).get(promise.item.concrete().get_absolute_url()).content.decode()
    assert "Ring rørlegger" in page
    assert tick_url(promise) not in page


def test_it_is_not_ticked_off_by_looking(promise, world, signed_in, make):
    assert signed_in(world.people.teacher).get(tick_url(promise)).status_code == 405
    assert make.again(promise).done is None


def test_a_promise_is_not_reached_through_another_thing(promise, world, signed_in):
    assert signed_in(world.people.principal).post(tick_url(promise, world.things.open)).status_code == 404


def test_a_promise_under_what_may_not_be_seen_is_not_reached(world, signed_in):
    mine = world.people.teacher.position
    hidden = FollowUp.objects.create(item=world.things.exempt.as_item, what="Ring", responsible=mine, due=TODAY)
    assert signed_in(world.people.teacher).post(tick_url(hidden)).status_code == 404
    assert not promised_by(world.people.teacher).exists()


@pytest.mark.parametrize("note", ["a" * 9_999, "nul\x00her"])
def test_a_note_that_is_too_long_or_odd_is_no_error(promise, world, signed_in, note):
    assert signed_in(world.people.teacher).post(tick_url(promise), {"note": note}).status_code in (302, 400, 422)


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/varsler/", "/varsler/"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("/\\evil.example", None),
        ("javascript:alert(1)", None),
    ],
)
def test_after_ticking_off_one_lands_in_our_own_house(promise, world, signed_in, wanted, lands):
    response = signed_in(world.people.teacher).post(tick_url(promise), {"next": wanted})
    assert response["Location"] == (lands or promise.item.concrete().get_absolute_url() + "#follow-ups")


def test_the_form_suggests_who_answers_for_the_thing(thing, world, signed_in):
    response = signed_in(world.people.principal).get(reverse("items:follow_up", args=[thing.pk]))
    assert response.context["form"]["responsible"].value() == label_of(thing.responsible)


@pytest.mark.parametrize("due", ["", "i morgen", "31.02.2026", "0000-00-00", "99999-01-01"])
def test_a_deadline_that_is_no_date_is_asked_for_again(thing, world, signed_in, due):
    fields = {"what": "Ring", "responsible": world.people.head.position.pk, "due": due}
    response = signed_in(world.people.principal).post(reverse("items:follow_up", args=[thing.pk]), fields)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"due"}


@pytest.mark.parametrize("due", ["2026-12-04", "04.12.2026", "4.12.2026"])
def test_a_deadline_may_be_written_the_norwegian_way(thing, world, signed_in, due):
    fields = {"what": "Ring", "responsible": world.people.head.position.pk, "due": due}
    signed_in(world.people.principal).post(reverse("items:follow_up", args=[thing.pk]), fields)
    assert FollowUp.objects.get().due == date(2026, 12, 4)


def test_overdue_is_after_the_day_itself(promise):
    assert not FollowUp.objects.overdue(TODAY).exists()
    assert FollowUp.objects.overdue(TODAY + DAY).exists()


def test_deadlines_come_in_order_with_the_days_left(world, thing, make):
    teacher, position = world.people.teacher, world.people.teacher.position
    for what, days in (("sent", -3), ("snart", 2)):
        FollowUp.objects.create(item=thing, what=what, responsible=position, due=TODAY + days * DAY)
    make.measure("mitt", world.units.school, position, due=TODAY)
    make.measure("uten frist", world.units.school, position, due=None)
    lines = deadlines_of(teacher, TODAY, 10)
    assert [(line["what"], line["days"]) for line in lines] == [("sent", -3), ("mitt", 0), ("snart", 2)]
    assert [line["what"] for line in deadlines_of(teacher, TODAY, 2)] == ["sent", "mitt"]


def test_what_has_ended_is_no_longer_answered_for(world):
    mine = answered_for_by(world.people.principal)
    assert mine.filter(pk=world.things.internal.pk).exists()
    operations.step(world.things.internal, "finish", by=world.people.principal)
    assert not mine.filter(pk=world.things.internal.pk).exists()


# -- links


def titles(item, person) -> set:
    return {line["other"].title for line in links_of(item, person)}


def test_a_link_is_seen_from_both_ends(world, thing):
    operations.link(thing, world.things.elsewhere.as_item, "relates", by=world.people.principal)
    assert titles(thing, world.people.teacher) == {"Nytt tak"}
    assert titles(world.things.elsewhere, world.people.teacher) == {"Internkontroll"}


def test_a_link_never_shows_what_may_not_be_seen(world, thing, signed_in):
    operations.link(thing, world.things.exempt.as_item, "relates", by=world.people.principal)
    operations.link(world.things.exempt.as_item, thing, "threatens", by=world.people.principal)
    assert titles(thing, world.people.teacher) == set()
    assert len(links_of(thing, world.people.principal)) == 2
    page = signed_in(world.people.teacher).get(thing.concrete().get_absolute_url()).content.decode()
    assert "Personalsak" not in page


@pytest.fixture
def link_to(world, thing, signed_in):
    client = signed_in(world.people.head)

    def send(target, kind="relates"):
        own = type(thing).objects.filter(pk=thing.pk)
        own.update(unit=world.units.department)
        return client.post(reverse("items:link", args=[thing.pk]), {"target": target, "kind": kind})

    return send


def test_a_thing_is_linked_to_by_title_in_any_case_or_by_number(world, link_to):
    assert link_to("nytt TAK").status_code == 302
    assert link_to(f"#{world.things.open.pk}").status_code == 302
    assert link_to(str(world.things.economy.pk)).status_code == 302
    assert Link.objects.count() == 3


def test_what_may_not_be_seen_cannot_be_linked_to_and_its_title_is_not_told(world, link_to):
    by_title, by_nonsense = link_to("Personalsak"), link_to("Finnes ikke")
    assert by_title.status_code == by_nonsense.status_code == 422
    assert by_title.context["form"].errors == by_nonsense.context["form"].errors
    assert link_to(f"#{world.things.exempt.pk}").status_code == 422


@pytest.mark.parametrize("target", ["", "#", "#0", "²", "#٣", "9" * 40, "#" + "9" * 17, "\x00", "%", "Internkontroll"])
def test_a_target_that_leads_nowhere_is_asked_for_again(link_to, target):
    assert link_to(target).status_code == 422
    assert not Link.objects.exists()


def test_a_title_that_two_things_have_is_asked_for_by_number(world, link_to, make):
    make.measure("Nytt tak", world.units.school, world.people.principal.position)
    assert link_to("Nytt tak").status_code == 422


def test_the_same_link_is_made_once(world, link_to):
    assert link_to("Nytt tak").status_code == 302
    assert link_to("Nytt tak").status_code == 422
    assert link_to("Nytt tak", "threatens").status_code == 302


def test_nothing_links_to_itself(thing):
    with pytest.raises(IntegrityError, match="item_does_not_link_to_itself"):
        Link.objects.create(source=thing, target=thing)
