"""What can be delegated and what cannot: asked of the operation, and of the database alone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from styrhus.delegation.models import Authorisation, AuthorityLevel, Power, Source
from styrhus.delegation.operations import delegate, keep_power, register
from styrhus.delegation.queries import candidates, chain_of, level_of, standing_on

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)


def refused(field, words=""):
    """The field that carries the refusal, and words of it."""

    class Raised:
        def __enter__(self):
            self.raises = pytest.raises(ValidationError)
            self.caught = self.raises.__enter__()
            return self

        def __exit__(self, *error):
            done = self.raises.__exit__(*error)
            messages = self.caught.value.message_dict
            assert field in messages, messages
            assert words in " ".join(messages[field]), messages
            return done

    return Raised()


def test_authority_goes_from_the_council_to_a_middle_manager(hall, world):
    given = hall.down()
    assert [each.holder.title for each in chain_of(given.head)] == [
        "Kommunedirektør",
        "Kommunalsjef",
        "Rektor",
        "Avdelingsleder",
    ]
    assert given.head.responsible == world.people.principal.position
    assert given.director.unit == hall.council.unit
    assert given.head.state == Authorisation.IN_FORCE
    assert standing_on(given.director) == [given.head.pk, given.manager.pk, given.chief.pk]


def test_what_the_council_itself_decides_is_never_delegated(hall, world):
    hall.reserve(hall.hire, legal_basis="kommuneloven § 14-2 bokstav a")
    with refused("power", "kommuneloven § 14-2 bokstav a"):
        hall.from_council(hall.hire, world.people.director.position)
    assert not Authorisation.objects.filter(source=Source.DELEGATED).exists()


def test_what_is_delegated_is_withdrawn_before_the_council_reserves_it(hall, world):
    hall.down()
    with refused("power"):
        hall.reserve(hall.hire)


def test_a_reservation_that_has_ended_holds_nobody_back(hall, world):
    hall.reserve(hall.hire, start=TODAY - 200 * DAY, end=TODAY - 150 * DAY)
    assert hall.from_council(hall.hire, world.people.director.position).pk


def test_nobody_delegates_what_the_position_does_not_have(hall, world):
    people = world.people
    with refused("power"):
        delegate(hall.wanted(hall.hire, people.director.position, people.area_director.position), by=people.director)
    given = hall.down()
    other = hall.wanted(hall.dismiss, people.director.position, people.principal.position, basis=given.director)
    with refused("__all__"):
        delegate(other, by=people.director)
    stolen = hall.wanted(hall.hire, people.other_principal.position, people.head.position, basis=given.manager)
    with refused("__all__"):
        delegate(stolen, by=people.other_principal)


def test_what_may_not_be_passed_on_is_not(hall, make, world):
    given = hall.down()
    below = make.position("Assistent", world.units.department)
    with refused("__all__"):
        hall.pass_on(given.head, below)


def test_what_has_ended_is_not_passed_on(hall, world):
    given = hall.down()
    Authorisation.objects.filter(pk=given.head.pk).update(ended="2026-01-01T00:00Z", may_be_passed_on=True)
    ended = Authorisation.objects.get(pk=given.head.pk)
    with refused("__all__"):
        hall.pass_on(ended, world.people.teacher.position)


def test_authority_stays_in_the_givers_line(hall, world):
    given = hall.down()
    with refused("holder", "Oppvekst"):
        hall.pass_on(given.chief, world.people.controller.position)
    with refused("holder"):
        hall.pass_on(given.director, world.people.harbour_master.position)


def test_the_council_delegates_to_bodies_and_the_director_only(hall, world):
    assert hall.from_council(hall.hire, hall.committee).pk
    assert hall.from_council(hall.hire, world.people.harbour_master.position).pk
    for somebody in (world.people.principal, world.people.area_director, world.people.councillor):
        with refused("holder", "5-3"):
            hall.from_council(hall.hire, somebody.position)


def test_nobody_delegates_to_oneself_or_back(hall, world, make):
    given = hall.down()
    with refused("holder"):
        hall.pass_on(given.chief, given.chief.holder)
    peer = make.holder("service_director", world.units.area, title="Assisterende")
    lent = hall.pass_on(given.chief, peer.position)
    with refused("holder", ""):
        hall.pass_on(lent, given.chief.holder)


def test_the_same_is_not_given_twice(hall, world):
    given = hall.down()
    with refused("holder"):
        hall.pass_on(given.chief, world.people.principal.position)


def test_matters_of_principle_stay_with_the_elected(hall, world):
    principle = Power.objects.create(name="Prinsipielt", of_principle=True)
    with refused("holder", "13-1"):
        hall.from_council(principle, world.people.director.position)
    assert hall.from_council(principle, hall.committee).pk


def test_what_the_administration_has_cannot_become_a_matter_of_principle(hall):
    hall.down()
    hall.hire.of_principle = True
    with refused("of_principle"):
        keep_power(hall.hire)
    with pytest.raises(IntegrityError, match="principle_stays_with_the_elected"), transaction.atomic():
        Power.objects.filter(pk=hall.hire.pk).update(of_principle=True)


@pytest.mark.parametrize("level", [2, 3, None])
def test_level_two_and_below_never_have_what_level_two_does_not_decide(hall, world, make, level):
    director = hall.from_council(hall.dismiss, world.people.director.position)
    leader = make.position("Leder", make.unit("Virksomhet", parent=world.units.municipality), authority_level=level)
    with refused("holder", "2: Nivå 2"):
        hall.pass_on(director, leader)
    assert leader not in candidates(director)


def test_level_one_has_what_level_two_has_not(hall, world, make):
    director = hall.from_council(hall.dismiss, world.people.director.position)
    chief = make.position("Sjef", make.unit("HR", parent=world.units.municipality), authority_level=1)
    assert chief in candidates(director)
    assert hall.pass_on(director, chief).pk


def test_who_has_no_level_is_bound_by_the_last_one_but_for_the_director_and_the_elected(hall, world):
    assert level_of(world.people.director.position) == 1
    assert level_of(world.people.teacher.position) == 2
    assert level_of(hall.committee) is None
    AuthorityLevel.objects.all().delete()
    assert level_of(world.people.teacher.position) is None


def test_the_choices_are_exactly_those_that_can_work(hall, world):
    given = hall.down()
    for basis in (given.director, given.chief, given.manager):
        offered = set(candidates(basis))
        for position in {*type(basis.holder).objects.select_related("unit")} - {basis.holder}:
            if Authorisation.objects.filter(giver=basis.holder, holder=position).exists():
                # Has it already: chosen once more, it is refused with that reason.
                continue
            works = done(lambda basis=basis, position=position: hall.pass_on(basis, position), ValidationError)
            assert works == (position in offered), (basis, position)


def test_a_check_and_a_decision_are_asked_for(hall, world):
    with refused("check_how"):
        hall.from_council(hall.hire, world.people.director.position, check_how=" ")
    with refused("check_every"):
        hall.from_council(hall.hire, world.people.director.position, check_every=None)
    with refused("decision"):
        hall.from_council(hall.hire, world.people.director.position, decision="")


def test_the_law_is_named_where_the_law_gives(hall, world):
    director = world.people.director.position
    given = Authorisation(source=Source.BY_LAW, power=hall.hire, holder=director, legal_basis=" ")
    with refused("legal_basis"):
        register(given, by=hall.secretary)
    given.legal_basis = "kommuneloven § 13-1"
    made = register(given, by=hall.secretary)
    assert (made.giver, made.due, made.responsible) == (None, None, director)


def test_only_the_council_holds_what_is_reserved(hall, world):
    made = Authorisation(
        source=Source.RESERVED, power=hall.hire, holder=world.people.director.position, legal_basis="§ 14-2"
    )
    assert register(made, by=hall.secretary).holder == hall.council


def test_only_who_has_it_or_leads_there_gives_it_on(hall, world):
    people, given = world.people, hall.down()
    wanted = hall.wanted(hall.hire, given.chief.holder, people.other_principal.position, basis=given.chief)
    for stranger in (people.principal, people.teacher, people.councillor, people.administrator, hall.mayor):
        with pytest.raises(PermissionDenied):
            delegate(wanted, by=stranger)
    assert delegate(wanted, by=people.director).pk


def test_who_does_not_keep_the_register_registers_nothing(hall, world):
    made = Authorisation(source=Source.BY_LAW, power=hall.hire, holder=hall.council, legal_basis="§ 1")
    for stranger in (world.people.director, world.people.administrator, hall.mayor):
        with pytest.raises(PermissionDenied):
            register(made, by=stranger)


days = st.integers(min_value=-5, max_value=5)
ends = st.one_of(st.none(), days)


def day(number):
    return None if number is None else TODAY + number * DAY


@given(days, ends, days, ends)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_what_is_passed_on_never_outlasts_what_it_stands_on(hall, world, start, end, from_day, to_day):
    """The operation and the database alone say the same of every pair of periods."""
    with transaction.atomic():
        if end is not None and end < start:
            end = start
        director, chief = world.people.director.position, world.people.area_director.position
        basis = hall.from_council(hall.hire, director, start=day(start), end=day(end))
        fits = start <= from_day and (end is None or (to_day is not None and to_day <= end))
        fits = fits and (to_day is None or from_day <= to_day)
        times = {"start": day(from_day), "end": day(to_day)}
        assert done(lambda: hall.pass_on(basis, chief, **times), ValidationError) == fits
        assert done(lambda: raw(basis, director, chief, **times), Exception) == fits
        transaction.set_rollback(True)


def done(work, error) -> bool:
    try:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)
    except error:
        return False
    return True


def raw(basis, giver, holder, **fields) -> Authorisation:
    """As an import would write it: no operation asks first."""
    fields = {"check_how": "Prøver", "check_every": 12, "may_be_passed_on": True} | fields
    return Authorisation.objects.create(
        kind="delegation.authorisation",
        title="Rå",
        unit=giver.unit,
        responsible=giver,
        state="in_force",
        source="delegated",
        power=basis.power,
        giver=giver,
        holder=holder,
        passed_on_from=basis,
        **fields,
    )


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("authorisation_is_not_made_another", {"source": "by_law"}),
        ("authorisation_ends_after_it_begins", {"end": TODAY - 900 * DAY}),
        ("delegated_authority_is_checked", {"check_every": None}),
        ("delegated_authority_is_checked", {"check_how": ""}),
        ("basis_still_carries_what_stands_on_it", {"end": TODAY}),
        ("basis_still_carries_what_stands_on_it", {"may_be_passed_on": False}),
        ("basis_still_carries_what_stands_on_it", {"start": TODAY}),
    ],
)
def test_the_database_alone_refuses(hall, rule, change):
    given = hall.down()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Authorisation.objects.filter(pk=given.director.pk).update(**change)


def test_the_database_alone_refuses_a_ring(hall):
    given = hall.down()
    with pytest.raises(IntegrityError, match="authorisation_is_not_made_another"), transaction.atomic():
        Authorisation.objects.filter(pk=given.director.pk).update(passed_on_from=given.head, giver=given.head.holder)
    with pytest.raises(IntegrityError, match="authority_does_not_return"), transaction.atomic():
        raw(given.manager, given.manager.holder, given.director.holder)
    with pytest.raises(IntegrityError, match="nobody_delegates_to_oneself"), transaction.atomic():
        raw(given.manager, given.manager.holder, given.manager.holder)


def test_the_database_alone_refuses_what_is_not_the_givers_to_give(hall, world):
    given, people = hall.down(), world.people
    with pytest.raises(IntegrityError, match="given_by_who_has_it"), transaction.atomic():
        raw(given.manager, people.other_principal.position, people.teacher.position)
    with pytest.raises(IntegrityError, match="basis_may_be_passed_on"), transaction.atomic():
        raw(given.head, given.head.holder, people.teacher.position)
    with pytest.raises(IntegrityError, match="reserved_is_not_delegated"), transaction.atomic():
        Authorisation.objects.create(
            kind="delegation.authorisation",
            title="Rå",
            unit=hall.council.unit,
            responsible=hall.council,
            state="in_force",
            source="reserved",
            power=hall.hire,
            holder=hall.council,
            legal_basis="§ 14-2",
        )


def test_the_database_alone_lets_nothing_stand_on_what_has_ended(hall):
    given = hall.down()
    stops = pytest.raises(IntegrityError, match="nothing_stands_on_what_has_ended")
    with stops, transaction.atomic(), connection.cursor() as cursor:
        Authorisation.objects.filter(pk=given.manager.pk).update(ended="2026-11-01T00:00Z")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_check_is_never_due_after_the_last_day_there_is(hall, world):
    given = hall.from_council(hall.hire, world.people.director.position, start=date(9999, 6, 1), check_every=12)
    assert given.due == date.max
