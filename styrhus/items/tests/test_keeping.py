"""Owner health: one rule in Python and in SQL, and what makes a thing kept."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.items import operations
from styrhus.items.keeping import CAUSES, KEPT, LATE, NEVER, VACANT, cause, found_by_cause, last_day, with_cause
from styrhus.items.models import Event, Item
from styrhus.organisation.models import Appointment, Position

TODAY = date.today()
YESTERDAY = TODAY - timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
PERIODS = st.integers(1, 24)


def asked(**more):
    return cause(
        **{"holders": {1}, "kept_by": 1, "kept_on": date(2026, 1, 15), "every": 4, "on": date(2026, 6, 1)} | more
    )


def test_a_thing_is_kept_by_who_holds_the_position_and_dealt_with_it_in_time():
    assert asked() == KEPT


def test_vacant_comes_before_everything():
    assert asked(holders=()) == VACANT
    assert asked(holders=(), every=None) == VACANT


def test_what_the_last_holder_said_does_not_speak_for_the_next():
    assert asked(holders={2}) == NEVER
    assert asked(kept_by=None, kept_on=None) == NEVER


def test_any_who_holds_it_may_speak_for_it():
    assert asked(holders={2, 1}) == KEPT


def test_two_missed_updates_are_a_finding_the_day_after():
    assert asked(on=date(2026, 9, 15)) == KEPT
    assert asked(on=date(2026, 9, 16)) == LATE


def test_nobody_is_asked_to_update_what_has_no_period():
    assert asked(every=None, kept_by=None, kept_on=None, on=date(2090, 1, 1)) == KEPT


def test_months_end_where_the_month_ends():
    assert last_day(date(2025, 8, 31), 3) == date(2026, 2, 28)
    assert last_day(date(2025, 12, 31), 12) == date(2027, 12, 31)


@given(DAYS, PERIODS, st.integers(0, 4000))
def test_what_is_late_stays_late_and_what_is_kept_was_kept_before(kept_on, every, days):
    on = kept_on + timedelta(days=days)
    found, next_day = (asked(kept_on=kept_on, every=every, on=day) for day in (on, on + timedelta(days=1)))
    assert (found, next_day) in {(KEPT, KEPT), (KEPT, LATE), (LATE, LATE)}


@given(DAYS, PERIODS)
def test_a_longer_period_is_never_stricter(kept_on, every):
    assert last_day(kept_on, every) < last_day(kept_on, every + 1)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kept_by=st.sampled_from([None, "principal", "teacher", "head"]),
    days=st.integers(-1500, 0),
    hour=st.integers(0, 23),
    every=st.none() | PERIODS,
    held_by=st.sets(st.sampled_from(["teacher", "head"])),
    ended=st.booleans(),
    closed=st.booleans(),
)
def test_the_database_and_python_agree(world, kept_by, days, hour, every, held_by, ended, closed):
    thing, position = world.things.internal, world.people.principal.position
    with transaction.atomic():
        if ended:
            Appointment.objects.filter(position=position).delete()
        for name in held_by:
            Appointment.objects.create(
                person=getattr(world.people, name), position=position, kind="a_deputy", start=TODAY
            )
        keeper = kept_by and getattr(world.people, kept_by)
        at = keeper and timezone.make_aware(datetime.combine(TODAY + timedelta(days=days), time(hour, 30)))
        Item.objects.filter(pk=thing.pk).update(kept_at=at, kept_by=keeper, update_every=every)
        if closed:
            Position.objects.filter(pk=position.pk).update(since=TODAY - timedelta(days=9), until=YESTERDAY)
        this = Item.objects.filter(pk=thing.pk)
        said = with_cause(this, TODAY).get().cause
        parts = {name: found(this, name) for name in ("", *CAUSES)}
        holders = set(Appointment.objects.in_force(TODAY).filter(position=position).values_list("person", flat=True))
        transaction.set_rollback(True)
    kept_on = at and timezone.localtime(at).date()
    assert said == cause(holders=holders, kept_by=keeper and keeper.pk, kept_on=kept_on, every=every, on=TODAY)
    # A part of the findings at a time says the same: it is found once, under its own cause.
    assert parts == {"": int(said != KEPT)} | {name: int(name == said) for name in CAUSES}


def found(things, only: str) -> int:
    return sum(part.count() for part in found_by_cause(things, TODAY, only))


@pytest.fixture
def kept(make):
    """Who kept a thing last, as it stands in the database."""
    return lambda thing: make.again(thing).kept_by


@pytest.mark.django_db
class TestWhatCounts:
    def test_change_by_who_answers_for_it_counts(self, world, kept):
        thing = world.things.internal
        operations.edit(thing, version=thing.version, by=world.people.principal)
        assert kept(thing) == world.people.principal

    def test_change_by_another_does_not(self, world, kept):
        thing = world.things.internal
        operations.edit(thing, version=thing.version, by=world.people.area_director)
        assert kept(thing) is None

    def test_step_by_who_answers_for_it_counts(self, world, kept):
        operations.step(world.things.internal, "start", by=world.people.principal)
        operations.step(world.things.elsewhere, "start", by=world.people.area_director)
        assert kept(world.things.internal) == world.people.principal
        assert kept(world.things.elsewhere) is None

    def test_new_thing_of_a_kind_has_the_period_of_the_kind(self, world, make):
        here, people = world.units.school, world.people
        new = make.Measure(title="Ny", unit=here, responsible=people.principal.position)
        made = operations.create(new, by=people.principal)
        assert (make.again(made).update_every, make.again(made).kept_by) == (4, people.principal)

    def test_passing_a_thing_on_leaves_it_for_the_next_to_confirm(self, world, kept):
        thing, people = world.things.internal, world.people
        thing.update_every = 4
        operations.edit(thing, version=thing.version, by=people.principal)
        operations.give_to(thing.as_item, people.head.position, by=people.principal)
        found = with_cause(Item.objects.filter(pk=thing.pk), TODAY).get()
        assert (found.responsible, found.cause) == (people.head.position, NEVER)

    def test_confirming_is_written_down_once_a_day(self, world, kept):
        thing, principal = world.things.internal, world.people.principal
        mine = Item.objects.filter(pk=thing.pk)
        assert [operations.confirm(mine, by=principal) for _time in range(2)] == [1, 0]
        assert Event.objects.get(item=thing.pk).step == "confirm"
        assert kept(thing) == principal

    def test_confirming_leaves_what_others_answer_for_and_what_has_ended(self, world):
        principal = world.people.principal
        operations.step(world.things.economy, "finish", by=principal)
        Item.objects.update(kept_at=None, kept_by=None)
        operations.confirm(Item.objects.all(), by=principal)
        confirmed = set(Item.objects.filter(kept_by=principal).values_list("title", flat=True))
        assert confirmed == {"Åpen skolegård", "Internkontroll", "Personalsak"}

    def test_time_without_a_name_is_refused(self, world):
        with pytest.raises(IntegrityError, match="who_kept_it_and_when_go_together"), transaction.atomic():
            Item.objects.update(kept_at=timezone.now())

    def test_period_of_nothing_is_refused(self, world):
        with pytest.raises(IntegrityError, match="update_is_every_month_or_rarer"), transaction.atomic():
            Item.objects.update(update_every=0)


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def url(self, world):
        return reverse("items:confirm", args=[world.things.internal.pk])

    def test_one_click_confirms(self, world, signed_in, url, kept):
        page = signed_in(world.people.principal).post(url, follow=True)
        assert kept(world.things.internal) == world.people.principal
        assert page.context["kept"]["cause"] == KEPT
        assert page.context["history"][0]["did"]

    def test_only_who_answers_for_it_may(self, world, signed_in, url, kept):
        assert signed_in(world.people.director).post(url).status_code == 403
        assert signed_in(world.people.councillor).post(url).status_code == 404
        assert kept(world.things.internal) is None

    def test_button_is_for_who_answers_for_it(self, world, signed_in, url):
        page = world.things.internal.get_absolute_url()
        assert url in signed_in(world.people.principal).get(page).content.decode()
        assert url not in signed_in(world.people.area_director).get(page).content.decode()
