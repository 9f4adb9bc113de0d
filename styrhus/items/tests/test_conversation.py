"""Comments, mentions and notifications: only those are told who may see what it is about."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from styrhus.items import operations
from styrhus.items.models import Comment, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def thing(world):
    return world.things.internal.as_item


def told() -> set:
    return {notification.person.name for notification in Notification.objects.all()}


def say(thing, text, by):
    return operations.comment(thing, text, by=by)


def test_a_comment_is_kept_with_who_said_it(thing, world):
    made = say(thing, "  Hei på deg  ", world.people.teacher)
    assert (made.text, made.by) == ("Hei på deg", world.people.teacher)


def test_an_empty_comment_is_refused(thing, world):
    with pytest.raises(ValidationError):
        say(thing, "   ", world.people.teacher)
    assert not Comment.objects.exists()


def test_who_is_mentioned_by_full_name_is_told(thing, world):
    made = say(thing, "Kan du se på dette, @Rita Rektor?", world.people.teacher)
    assert told() == {"Rita Rektor"}
    assert list(made.mentioned.all()) == [world.people.principal]


@pytest.mark.parametrize("text", ["@rita rektor", "@RITA REKTOR", "(@Rita Rektor)", "@Rita Rektor, @Rita Rektor"])
def test_case_and_what_stands_around_the_name_do_not_matter(thing, world, text):
    say(thing, text, world.people.teacher)
    assert Notification.objects.count() == 1


def test_names_with_norwegian_letters_are_found(thing, world):
    say(thing, "Hva mener @åse ærlig?", world.people.teacher)
    assert told() == {"Åse Ærlig"}


def test_a_first_name_alone_tells_nobody(thing, world):
    say(thing, "@Rita kommer", world.people.teacher)
    assert told() == set()


def test_a_name_that_begins_as_anothers_does_not_tell_the_other(thing, world, make):
    position = world.people.teacher.position
    for name in ("Ola Nord", "Ola Nordmann", "Ola Nordmann Vik"):
        make.appointment(make.person(name), position, kind="a_deputy")
    say(thing, "@Ola Nordmann Vik ser på det", world.people.principal)
    assert told() == {"Ola Nordmann Vik"}


def test_two_who_bear_the_same_name_are_both_told(thing, world, make):
    position = world.people.teacher.position
    for _number in range(2):
        make.appointment(make.person("Ola Nordmann"), position, kind="a_deputy")
    say(thing, "@Ola Nordmann", world.people.principal)
    assert Notification.objects.count() == 2


def test_several_who_share_a_first_name_are_told_apart(thing, world, make):
    position = world.people.teacher.position
    for number in range(230):
        make.person(f"Anne Nummer{number}")
    make.appointment(make.person("Anne Åsen"), position, kind="a_deputy")
    say(thing, "@Anne Åsen", world.people.principal)
    assert told() == {"Anne Åsen"}


def test_who_may_not_see_it_is_not_told_that_it_exists(world):
    say(world.things.exempt.as_item, "@Lars Lærer og @Stine Sjef", world.people.principal)
    assert told() == {"Stine Sjef"}


def test_nobody_is_told_of_the_own_mention(thing, world):
    say(thing, "Jeg, @Lars Lærer, tar det", world.people.teacher)
    assert told() == set()


def test_who_has_left_is_not_told(thing, world):
    type(world.people.head).objects.filter(pk=world.people.head.pk).update(is_active=False)
    say(thing, "@Mona Mellom", world.people.principal)
    assert told() == set()


@pytest.mark.parametrize(
    "text", ["@", "@@@", "@.*", "@(", "@\\", "epost@sted.no", "@[a-z]+ @a{9999}", "@" + "a" * 4000]
)
def test_odd_signs_after_an_at_do_no_harm(thing, world, text):
    assert say(thing, text, world.people.teacher).pk


def test_a_councillor_takes_no_part_in_the_conversation(world):
    with pytest.raises(PermissionDenied):
        say(world.things.open.as_item, "Hei", world.people.councillor)


def test_a_comment_is_shown_as_text_never_as_markup(thing, world, signed_in):
    client = signed_in(world.people.teacher)
    client.post(reverse("items:comment", args=[thing.pk]), {"text": "<script>alert('x')</script>\n\n<b>fet</b>"})
    page = client.get(thing.concrete().get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;fet" in page


@pytest.mark.parametrize("text", ["", "  ", "a" * 5001, "nul\x00her"])
def test_a_comment_that_cannot_be_kept_is_asked_for_again(thing, world, signed_in, text):
    response = signed_in(world.people.teacher).post(reverse("items:comment", args=[thing.pk]), {"text": text})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"text"}


def test_telling_several_tells_each_once(world):
    people = [world.people.teacher, world.people.teacher, world.people.head]
    operations.notify(people, Notification.Reason.STEP, by=world.people.head)
    assert [row.person for row in Notification.objects.all()] == [world.people.teacher]


def test_the_list_shows_mine_with_a_link_and_counts_the_unread(thing, world, signed_in):
    say(thing, "@Lars Lærer", world.people.principal)
    say(thing, "@Mona Mellom hemmelighet", world.people.principal)
    page = signed_in(world.people.teacher).get(reverse("notifications"))
    shown = page.content.decode()
    assert page.context["unread_notifications"] == 1
    assert "Internkontroll" in shown
    assert "hemmelighet" not in shown


def test_what_may_no_longer_be_seen_is_not_named_in_an_old_notification(thing, world, signed_in, make):
    say(thing, "@Lars Lærer, dette gjelder Per", world.people.principal)
    type(thing).objects.filter(pk=thing.pk).update(**make.exempt)
    shown = signed_in(world.people.teacher).get(reverse("notifications")).content.decode()
    assert "Internkontroll" not in shown
    assert "gjelder Per" not in shown


def test_reading_them_all_marks_mine_and_nobody_elses(thing, world, signed_in):
    say(thing, "@Lars Lærer @Mona Mellom", world.people.principal)
    signed_in(world.people.teacher).post(reverse("read_notifications"))
    unread = Notification.objects.filter(read__isnull=True)
    assert [row.person for row in unread] == [world.people.head]


@pytest.mark.parametrize("page", ["0", "-1", "abc", "999999", ""])
def test_a_page_of_notifications_that_is_not_there_is_no_error(world, signed_in, page):
    assert signed_in(world.people.teacher).get(reverse("notifications"), {"page": page}).status_code == 200
