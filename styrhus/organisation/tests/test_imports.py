"""Units, positions and people from files: what is taken, what is refused and why."""

from datetime import date

import pytest

from styrhus.kit.loading import Source, Wanted, guess, kinds, run
from styrhus.organisation.models import Appointment, Person, Position, PositionRole, Unit

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 1)


@pytest.fixture
def load(tmp_path):
    """`load("organisation", "code;name", "1;Skole")`: the outcome of a load of these lines."""

    def load(kind, *lines, write=True, **more):
        file = tmp_path / "file.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        its = kinds()[kind]
        wanted = Wanted(its, [Source(file, file.name)], ON, lambda table: guess(its, table.header), write, **more)
        return run(wanted)

    return load


def counts(outcome) -> tuple:
    return outcome.added, outcome.changed, outcome.unchanged, outcome.refused


def refused(outcome) -> list[tuple]:
    return [(told["line"], told["column"]) for told in outcome.refusals]


def tree() -> dict:
    return {unit.code: unit.parent and unit.parent.code for unit in Unit.objects.select_related("parent")}


TREE = ["code;parent;name", "3;2;Avdeling", "2;1;Skole", "1;;Kommune"]


def test_parents_may_come_after_their_children(load):
    assert counts(load("organisation", *TREE)) == (3, 0, 0, 0)
    assert tree() == {"1": None, "2": "1", "3": "2"}


def test_a_second_load_changes_nothing(load):
    load("organisation", *TREE)
    assert counts(load("organisation", *TREE)) == (0, 0, 3, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(load):
    dry = load("organisation", *TREE, write=False)
    assert (counts(dry), dry.written, Unit.objects.count()) == ((3, 0, 0, 0), False, 0)


def test_the_kind_follows_from_the_depth_when_the_file_does_not_say(load):
    load("organisation", *TREE, "4;3;Gruppe")
    kinds_found = Unit.objects.order_by("code").values_list("kind", flat=True)
    assert list(kinds_found) == ["municipality", "service_area", "operating_unit", "department"]


def test_a_kind_may_be_said_in_any_language(load):
    load("organisation", "code;name;kind", "1;A;Avdeling", "2;B;department", "3;C;Eining")
    assert set(Unit.objects.values_list("kind", flat=True)) <= {"department", "operating_unit"}


def test_what_the_file_does_not_speak_of_stays(load, make):
    unit = make.unit("Gammel")
    Unit.objects.filter(pk=unit.pk).update(code="1", organisation_number="974760673", since=date(2001, 1, 1))
    assert counts(load("organisation", "code;name", "1;Ny")) == (0, 1, 0, 0)
    again = make.again(unit)
    assert (again.name, again.organisation_number, again.since) == ("Ny", "974760673", date(2001, 1, 1))


def test_a_ring_is_refused_with_every_line_in_it(load):
    outcome = load("organisation", "code;parent;name", "1;3;A", "2;1;B", "3;2;C", "4;;D")
    assert (refused(outcome), outcome.written, tree()) == ([(2, "parent"), (3, "parent"), (4, "parent")], False, {})
    assert "1 → 3 → 2 → 1" in outcome.refusals[0]["reason"]


def test_a_ring_with_what_is_there_already_is_refused(load):
    load("organisation", *TREE)
    outcome = load("organisation", "code;parent;name", "1;3;Kommune")
    assert (refused(outcome), tree()["1"]) == ([(2, "parent")], None)


def test_a_tree_may_be_turned_around(load):
    load("organisation", *TREE)
    assert counts(load("organisation", "code;parent;name", "1;2;Kommune", "2;3;Skole", "3;;Avdeling")) == (0, 3, 0, 0)
    assert tree() == {"1": "2", "2": "3", "3": None}
    assert {unit.code: unit.depth for unit in Unit.objects.all()} == {"3": 0, "2": 1, "1": 2}


def test_a_child_without_its_parent_is_refused_and_all_below_it(load):
    outcome = load("organisation", "code;parent;name", "1;nope;A", "2;1;B", "3;2;C", "4;;D")
    assert refused(outcome) == [(2, "parent"), (3, "parent"), (4, "parent")]


def test_half_the_parents_missing_loads_nothing_unless_that_is_allowed(load):
    lines = ["code;parent;name", "1;;A", "2;9;B", "3;1;C", "4;8;D"]
    assert (counts(load("organisation", *lines)), Unit.objects.count()) == ((2, 0, 0, 2), 0)
    assert (load("organisation", *lines, allow_refused=True).written, set(tree())) == (True, {"1", "3"})


def test_the_second_of_two_with_one_code_is_refused(load):
    outcome = load("organisation", "code;name", "1;A", "2;B", "1;C")
    assert (refused(outcome), "2" in outcome.refusals[0]["reason"]) == ([(4, "code")], True)


def test_a_child_that_outlives_its_parent_is_refused(load):
    lines = [
        "code;parent;name;since;until",
        "1;;A;2020-01-01;31.12.2026",
        "2;1;B;2020-01-01;",
        "3;1;C;2020-01-01;1.6.2026",
    ]
    assert refused(load("organisation", *lines)) == [(3, "until")]


def test_a_parent_cannot_be_ended_before_a_child_that_the_file_leaves_out(load):
    load("organisation", *TREE)
    outcome = load("organisation", "code;name;until", "2;Skole;2027-01-01")
    assert (refused(outcome), "Avdeling" in outcome.refusals[0]["reason"]) == ([(2, "until")], True)


def test_a_last_day_before_the_first_is_refused(load):
    assert refused(load("organisation", "code;name;since;until", "1;A;2026-01-02;2026-01-01")) == [(2, "until")]


def test_a_tree_too_deep_for_its_path_is_refused(load):
    lines = [f"{number};{number - 1 or ''};Nivå" for number in range(1, 40)]
    outcome = load("organisation", "code;parent;name", *lines)
    assert (outcome.refused, outcome.written) == (19, False)


@pytest.mark.parametrize("name", ["\x00null", "a\x07b", "\u202eabc", "x" * 301])
def test_a_name_that_cannot_be_kept_is_refused_with_its_place(load, name):
    assert refused(load("organisation", "code;name", "1;Bra", f"2;{name}")) == [(3, "name")]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Robert'); DROP TABLE x;--", "=1+1", "田中さん", "👩‍👩‍👧", "Åsnes"]
)
def test_a_strange_name_is_kept_as_it_is(load, name):
    quoted = name.replace('"', '""')
    load("organisation", "code;name", f'1;"{quoted}"')
    assert Unit.objects.get(code="1").name == name


@pytest.fixture
def places(load):
    load("organisation", *TREE)


def test_positions_come_with_their_roles_and_reach(load, places):
    outcome = load("positions", "code;title;unit;leads;roles", "10;Rektor;2;ja;unit_manager, controller:1:economy")
    assert counts(outcome) == (1, 0, 0, 0)
    found = set(PositionRole.objects.values_list("role", "reach__code", "field"))
    assert found == {("unit_manager", "2", ""), ("controller", "1", "economy")}
    assert Position.objects.get().leads


def test_roles_that_the_file_does_not_name_are_taken_away(load, places):
    load("positions", "code;title;unit;roles", "10;Rektor;2;unit_manager,planner")
    assert counts(load("positions", "code;title;unit;roles", "10;Rektor;2;planner,employee")) == (0, 1, 0, 0)
    assert set(PositionRole.objects.values_list("role", flat=True)) == {"planner", "employee"}
    assert counts(load("positions", "code;title;unit;roles", "10;Rektor;2;employee, planner")) == (0, 0, 1, 0)


def test_what_a_position_points_to_must_be_there(load, places):
    outcome = load("positions", "code;title;unit;roles", "10;A;nope;", "11;B;2;planner:nope", "12;C;2;king")
    assert refused(outcome) == [(2, "unit"), (3, "roles"), (4, "roles")]


def test_a_unit_has_one_leader(load, places):
    outcome = load("positions", "code;title;unit;leads", "10;Rektor;2;ja", "11;Inspektør;2;ja", "12;Lærer;2;nei")
    assert refused(outcome) == [(3, "leads")]


def test_two_positions_may_change_who_leads(load, places):
    load("positions", "code;title;unit;leads", "10;Rektor;2;ja", "11;Inspektør;2;nei")
    assert counts(load("positions", "code;title;unit;leads", "11;Inspektør;2;ja", "10;Rektor;2;nei")) == (0, 2, 0, 0)
    assert Position.objects.get(leads=True).code == "11"


@pytest.fixture
def posts(load, places):
    load("positions", "code;title;unit", "10;Rektor;2", "11;Lærer;2")


PEOPLE = "code;name;email;position;from;to"


def test_people_come_with_their_appointments(load, posts):
    lines = [PEOPLE, "7;Rita;RITA@fjord.example;10;01.01.2026;", "7;Rita;rita@fjord.example;11;01.01.2026;31.12.2026"]
    assert counts(load("people", *lines)) == (2, 0, 0, 0)
    assert (Person.objects.get().email, Appointment.objects.count()) == ("rita@fjord.example", 2)
    assert not Person.objects.get().has_usable_password()
    assert counts(load("people", *lines)) == (0, 0, 2, 0)


def test_a_person_without_dates_in_the_file_is_found_in_the_position_again(load, posts):
    lines = ["email;name;position", "rita@fjord.example;Rita;10"]
    assert counts(load("people", *lines)) == (1, 0, 0, 0)
    assert Appointment.objects.get().start == ON
    assert counts(load("people", *lines)) == (0, 0, 1, 0)


def test_two_persons_in_one_position_on_a_date_are_refused_with_both_named(load, posts):
    outcome = load("people", PEOPLE, "1;Rita;r@x.no;10;2026-01-01;", "2;Olga;o@x.no;10;2026-06-01;")
    assert refused(outcome) == [(2, "position"), (3, "position")]
    assert all("Rita" in told["reason"] and "Olga" in told["reason"] for told in outcome.refusals)
    assert Person.objects.count() == 0


def test_a_position_is_handed_over_when_the_file_ends_the_first(load, posts):
    load("people", PEOPLE, "1;Rita;r@x.no;10;2026-01-01;")
    assert load("people", PEOPLE, "2;Olga;o@x.no;10;2026-06-01;").refused == 1
    lines = [PEOPLE, "1;Rita;r@x.no;10;2026-01-01;2026-05-31", "2;Olga;o@x.no;10;2026-06-01;"]
    assert counts(load("people", *lines)) == (1, 1, 0, 0)


def test_the_heir_is_refused_when_the_row_that_would_make_room_is(load, posts):
    load("people", PEOPLE, "1;Rita;r@x.no;10;2026-01-01;")
    lines = [PEOPLE, "1;Rita;not-an-address;10;2026-01-01;2026-05-31", "2;Olga;o@x.no;10;2026-06-01;"]
    assert refused(load("people", *lines)) == [(2, "email"), (3, "position")]


def test_a_deputy_stands_beside_the_holder(load, posts):
    lines = ["email;name;position;kind;from", "r@x.no;Rita;10;fast;2026-01-01", "o@x.no;Olga;10;deputy;2026-02-01"]
    assert counts(load("people", *lines)) == (2, 0, 0, 0)
    assert set(Appointment.objects.values_list("kind", flat=True)) == {"c_permanent", "a_deputy"}


def test_an_address_that_belongs_to_another_is_refused(load):
    load("people", "code;name;email", "1;Rita;r@x.no", "2;Olga;o@x.no")
    assert refused(load("people", "code;name;email", "1;Rita;o@x.no")) == [(2, "email")]


def test_a_person_is_known_by_number_though_the_address_is_new(load):
    load("people", "code;name;email", "1;Rita;r@x.no")
    assert counts(load("people", "code;name;email", "1;Rita;rita@x.no")) == (0, 1, 0, 0)
    assert Person.objects.get().email == "rita@x.no"


def test_a_new_person_needs_an_address_and_everyone_a_name_of_some_kind(load):
    outcome = load("people", "code;name;email", "1;Rita;", ";Olga;", "2;;a@x.no")
    assert refused(outcome) == [(2, "email"), (3, "email"), (4, "name")]


def test_the_number_of_questions_does_not_grow_with_the_rows(load, posts, capture_queries):
    def asked(count):
        lines = [
            f"{number};P{number};p{number}@x.no;10;20{number:02}-01-01;20{number:02}-02-01" for number in range(count)
        ]
        with capture_queries() as captured:
            load("people", PEOPLE, *lines, write=False)
        return len(captured)

    assert asked(2) == asked(60)
