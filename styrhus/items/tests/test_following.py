"""Who follows a thing hears of it, as long as they are here and may see it; who writes @ is offered names."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from styrhus.items import operations
from styrhus.items.models import Following, Notification, Openness
from styrhus.items.queries import names_to_mention

pytestmark = pytest.mark.django_db
FOLLOWED = Notification.Reason.FOLLOWED


@pytest.fixture
def followed(world):
    operations.follow(world.things.internal.as_item, by=world.people.teacher)
    return world.things.internal


def heard(person) -> list:
    return list(Notification.objects.filter(person=person).values_list("reason", "note"))


def test_who_follows_hears_of_steps_and_comments_of_others(followed, world):
    teacher, principal = world.people.teacher, world.people.principal
    operations.comment(followed.as_item, "Ser bra ut", by=principal)
    operations.comment(followed.as_item, "Enig", by=teacher)
    operations.step(followed, "start", by=principal)
    assert heard(teacher) == [(FOLLOWED, ""), (FOLLOWED, "Ser bra ut")]


def test_who_is_told_already_is_not_told_twice(followed, world):
    teacher = world.people.teacher
    operations.comment(followed.as_item, f"Hva sier du, @{teacher.name}?", by=world.people.principal)
    operations.follow(followed.as_item, by=world.people.principal)
    operations.step(followed, "start", by=world.people.director)
    assert [reason for reason, _note in heard(teacher)] == [FOLLOWED, Notification.Reason.MENTIONED]
    assert [reason for reason, _note in heard(world.people.principal)] == [Notification.Reason.STEP]


@pytest.mark.parametrize("ends", ["sight", "appointment", "activity", "following"])
def test_it_ends_when_the_person_leaves_or_may_no_longer_see(followed, world, make, ends):
    teacher = world.people.teacher
    if ends == "sight":
        type(followed).objects.filter(pk=followed.pk).update(**make.exempt)
    elif ends == "appointment":
        yesterday = date.today() - timedelta(days=1)
        teacher.appointments.update(start=yesterday, end=yesterday)
        type(followed).objects.filter(pk=followed.pk).update(openness=Openness.OPEN)
    elif ends == "activity":
        type(teacher).objects.filter(pk=teacher.pk).update(is_active=False)
    else:
        operations.unfollow(followed.as_item, by=teacher)
    operations.comment(followed.as_item, "Nytt", by=world.people.principal)
    assert heard(teacher) == []


def test_a_thing_is_followed_once(followed, world):
    operations.follow(followed.as_item, by=world.people.teacher)
    assert Following.objects.count() == 1
    with pytest.raises(IntegrityError, match="followed_once"), transaction.atomic():
        Following.objects.create(item=followed.as_item, person=world.people.teacher)


def test_the_button_follows_and_the_list_shows_it_to_that_person_only(world, signed_in):
    client, thing = signed_in(world.people.teacher), world.things.internal
    client.post(reverse("items:follow", args=[thing.pk]))
    assert client.get(thing.get_absolute_url()).context["is_followed"]
    listed = client.get(reverse("duties"), {"whose": "followed"})
    assert [duty.item.pk for duty in listed.context["duties"]] == [thing.pk]
    other = signed_in(world.people.principal)
    assert not other.get(thing.get_absolute_url()).context["is_followed"]
    assert other.get(reverse("duties"), {"whose": "followed"}).context["duties"] == []
    client.post(reverse("items:unfollow", args=[thing.pk]))
    assert not client.get(thing.get_absolute_url()).context["is_followed"]


def test_names_are_offered_by_the_beginning_of_any_part(world):
    item = world.things.internal.as_item
    assert names_to_mention(item, "lær") == names_to_mention(item, "La") == [world.people.teacher.name]
    assert names_to_mention(item, "ærer") == names_to_mention(item, " ") == []


def test_only_those_who_may_see_the_thing_are_offered(world, capture_queries):
    internal, exempt = world.things.internal.as_item, world.things.exempt.as_item
    assert names_to_mention(internal, "Frida") == names_to_mention(internal, "Gunn") == []
    assert names_to_mention(exempt, "Lars") == []
    assert names_to_mention(exempt, "Rita") == [world.people.principal.name]
    with capture_queries() as captured:
        names_to_mention(internal, "a")
    assert len(captured) == 1


def test_the_address_answers_with_options_and_says_how_many(world, signed_in):
    url = reverse("items:mentionable", args=[world.things.internal.pk])
    shown = signed_in(world.people.teacher).get(url, {"q": "rita"}).content.decode()
    assert shown.count('role="option"') == 1 and world.people.principal.name in shown and "data-announce" in shown
    assert signed_in(world.people.councillor).get(url, {"q": "rita"}).status_code == 404
