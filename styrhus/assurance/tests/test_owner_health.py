"""Owner health: counted along the tree, seen by who is to look after it, and mended from the page."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from styrhus.assurance import queries
from styrhus.assurance.models import OwnerHealth
from styrhus.assurance.operations import keep_week, monday_of
from styrhus.assurance.queries import Health, findings, health_by_unit, to_confirm, tops, trend
from styrhus.items import operations
from styrhus.items.models import Item
from styrhus.organisation.models import Appointment, PositionRole

pytestmark = pytest.mark.django_db
TODAY = date.today()
OVERVIEW = "/ansvarshelse/"


@pytest.fixture
def asked(world):
    """The things of the world are asked for every tertial; the principal has confirmed one, the harbour is vacant."""
    Item.objects.update(update_every=4)
    operations.confirm(Item.objects.filter(pk=world.things.internal.pk), by=world.people.principal)
    Appointment.objects.filter(position=world.people.harbour_master.position).delete()
    return world


def health(person, unit) -> Health:
    return health_by_unit(person, TODAY, unit)[unit.pk]


def titles(rows) -> set:
    return {row.title for row in rows}


# -- what is counted


def test_leader_sees_the_own_line_with_its_causes(asked, make):
    principal = make.again(asked.people.principal)
    assert health(principal, asked.units.school) == Health(things=4, never=3)
    assert titles(findings(principal, TODAY)) == {"Åpen skolegård", "Personalsak", "Nytt budsjett"}


def test_numbers_are_summed_up_the_tree(asked, make):
    director = make.again(asked.people.director)
    found = health_by_unit(director, TODAY, asked.units.municipality)
    assert found[asked.units.municipality.pk] == found[asked.units.area.pk] == Health(things=5, never=4)
    assert set(found) == {asked.units.municipality.pk, asked.units.area.pk}


def test_exempt_thing_is_not_counted_for_who_may_not_see_it(asked, make):
    PositionRole.objects.filter(position=asked.people.controller.position).update(field="")
    controller = make.again(asked.people.controller)
    assert "Personalsak" not in titles(findings(controller, TODAY))
    assert health(controller, asked.units.school).things == 3


def test_role_in_a_field_sees_the_things_of_the_field(asked, make):
    controller = make.again(asked.people.controller)
    assert titles(findings(controller, TODAY)) == {"Nytt budsjett"}


def test_vacant_position_is_a_finding_of_its_own(asked, make):
    Appointment.objects.filter(position=asked.people.principal.position).delete()
    assert health(make.again(asked.people.director), asked.units.school) == Health(things=4, vacant=4)


def test_what_has_ended_is_nobody_s_to_keep(asked, make):
    operations.step(asked.things.economy, "finish", by=asked.people.principal)
    assert health(make.again(asked.people.director), asked.units.school).things == 3


def test_share_is_rounded_but_all_is_well_only_when_nothing_is_found():
    assert Health(things=3, late=1).share == 67
    assert Health(things=3, late=2).share == 33
    assert Health(things=1000, late=1).share == 99
    assert Health(things=1000).share == 100
    assert Health(things=0).share is None


def test_highest_units_leave_out_what_lies_below(asked, make):
    principal = asked.people.principal
    PositionRole.objects.create(
        position=principal.position, role="unit_manager", reach=asked.units.department, field=""
    )
    PositionRole.objects.create(position=principal.position, role="unit_manager", reach=asked.units.harbour, field="")
    assert tops(make.again(principal)) == [asked.units.school, asked.units.harbour]


# -- the weeks


def test_week_is_counted_without_what_is_exempt(asked):
    assert keep_week(TODAY) == 3
    row = OwnerHealth.objects.get(unit=asked.units.school)
    assert (row.week, row.things, row.vacant, row.never, row.late) == (monday_of(TODAY), 3, 0, 2, 0)


def test_later_count_of_a_week_stands_in_place_of_the_one_before(asked):
    monday = monday_of(TODAY)
    keep_week(monday)
    operations.confirm(Item.objects.filter(unit=asked.units.school), by=asked.people.principal)
    keep_week(monday + timedelta(days=6))
    row = OwnerHealth.objects.get(unit=asked.units.school)
    assert (row.week, row.counted) == (monday, monday + timedelta(days=6))
    assert row.never == 0


def test_week_cannot_be_counted_before_it_has_begun(asked):
    with pytest.raises(IntegrityError, match="week_is_counted_when_it_has_begun"), transaction.atomic():
        OwnerHealth.objects.create(
            unit=asked.units.school, week=TODAY, counted=TODAY - timedelta(days=1), things=0, vacant=0, never=0, late=0
        )


def test_large_part_of_the_tree_is_shown_as_it_was_counted_last_night(asked, signed_in, monkeypatch):
    keep_week(TODAY - timedelta(days=7))
    keep_week(TODAY)
    monkeypatch.setattr(queries, "COUNTED_AT_ONCE", 3)
    operations.confirm(Item.objects.filter(unit=asked.units.school), by=asked.people.principal)
    page = signed_in(asked.people.director).get(OVERVIEW)
    assert (page.context["counted"], page.context["health"]) == (TODAY, Health(things=4, never=3))
    assert [row["health"] for row in page.context["below"]] == [Health(things=4, never=3)]
    small = signed_in(asked.people.principal).get(OVERVIEW)
    assert (small.context["counted"], small.context["health"]) == (None, Health(things=4))


def test_role_in_a_field_is_always_counted_for_itself(asked, signed_in, monkeypatch):
    keep_week(TODAY)
    monkeypatch.setattr(queries, "COUNTED_AT_ONCE", 0)
    page = signed_in(asked.people.controller).get(OVERVIEW)
    assert (page.context["counted"], page.context["health"].things) == (None, 1)


def test_trend_sums_the_tree(asked):
    keep_week(TODAY)
    keep_week(TODAY + timedelta(days=7))
    weeks = trend(asked.units.municipality, TODAY - timedelta(days=30))
    assert [week["health"] for week in weeks] == [Health(things=4, never=3)] * 2


def test_more_findings_than_things_are_refused(asked):
    with pytest.raises(IntegrityError, match="findings_are_among_the_things"), transaction.atomic():
        OwnerHealth.objects.create(
            unit=asked.units.school, week=TODAY, counted=TODAY, things=1, vacant=1, never=1, late=0
        )


# -- the pages


def test_overview_opens_on_the_own_unit_and_leads_down(asked, signed_in):
    page = signed_in(asked.people.area_director).get(OVERVIEW)
    assert page.context["unit"] == asked.units.area
    assert {row["unit"] for row in page.context["below"]} == {asked.units.school, asked.units.other_school}


@pytest.mark.parametrize("asked_for", ["municipality", "other_school"])
def test_unit_outside_the_line_is_not_found(asked, signed_in, asked_for):
    url = f"{OVERVIEW}?enhet={getattr(asked.units, asked_for).pk}"
    assert signed_in(asked.people.principal).get(url).status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "-1", "²"])
def test_unit_that_is_none_is_not_found(asked, signed_in, number):
    assert signed_in(asked.people.director).get(f"{OVERVIEW}?enhet={number}").status_code == 404


def test_councillor_and_teacher_see_none_of_it(asked, signed_in):
    for person in (asked.people.councillor, asked.people.teacher):
        for url in (OVERVIEW, f"{OVERVIEW}?format=json", f"{OVERVIEW}funn/", f"{OVERVIEW}funn/?format=csv"):
            assert signed_in(person).get(url).status_code == 403


def test_chart_tells_of_the_weeks(asked, signed_in):
    keep_week(TODAY)
    chart = signed_in(asked.people.director).get(f"{OVERVIEW}?format=json").json()
    assert sorted(row["count"] for row in chart["data"]["values"]) == [0, 0, 3]


def test_role_in_a_field_is_shown_no_trend_of_others(asked, signed_in):
    keep_week(TODAY)
    assert signed_in(asked.people.controller).get(OVERVIEW).context["weeks"] == []


def test_register_begins_with_what_nobody_holds(asked, signed_in, make):
    vacant = make.measure("Uten eier", asked.units.school, asked.people.harbour_master.position, update_every=4)
    make.measure("Nyere", asked.units.school, asked.people.principal.position, update_every=4)
    rows = signed_in(asked.people.director).get(f"{OVERVIEW}funn/").context["page"].object_list
    assert [(row.pk == vacant.pk, row.cause) for row in rows] == [
        (True, "vacant"),
        *[(False, "never")] * (len(rows) - 1),
    ]


def test_register_is_narrowed_by_cause_and_unit_and_exported(asked, signed_in):
    browser = signed_in(asked.people.director)
    register = reverse("assurance:findings")
    unit = asked.units.other_school.pk
    assert len(browser.get(f"{register}?cause=never&unit={unit}").context["lines"]) == 1
    assert len(browser.get(f"{register}?cause=late").context["lines"]) == 0
    exported = b"".join(browser.get(f"{register}?format=csv&q=tak").streaming_content)
    assert "Åse Ærlig" in exported.decode("utf-8-sig")


def test_register_has_the_same_findings_in_every_order_and_on_every_page(asked, signed_in, make):
    """In its first order the causes are asked for one at a time."""
    for number in range(24):
        person = asked.people.principal if number % 2 else asked.people.harbour_master
        make.measure(f"Tiltak {number}", asked.units.school, person.position, update_every=4)
    long_ago = timezone.now() - timedelta(days=400)
    Item.objects.filter(title="Tiltak 1").update(kept_at=long_ago, kept_by=asked.people.principal)
    Item.objects.filter(title="Tiltak 3").update(kept_at=long_ago, kept_by=asked.people.teacher)
    browser = signed_in(asked.people.director)

    def shown(**query):
        pages = [browser.get(f"{OVERVIEW}funn/", query | {"page": page}).context["page"] for page in (1, 2)]
        return [(row.title, row.cause) for page in pages for row in page.object_list]

    gravest, by_title = shown(), shown(sort="title")
    assert len(gravest) == len(by_title) == 28
    assert set(gravest) == set(by_title)
    assert {("Tiltak 1", "late"), ("Tiltak 3", "never"), ("Tiltak 0", "vacant")} < set(gravest)
    causes = [cause for _title, cause in gravest]
    assert causes == sorted(causes, reverse=True)
    assert [row for row in gravest if row[1] == "never"] == shown_once(browser, cause="never")
    assert len(shown_once(browser, q="Tiltak 23", unit=asked.units.school.pk)) == 1


def shown_once(browser, **query):
    return [(row.title, row.cause) for row in browser.get(f"{OVERVIEW}funn/", query).context["page"].object_list]


def test_queries_do_not_grow_with_the_findings(asked, signed_in, make, capture_queries):
    browser = signed_in(asked.people.director)
    counts = []
    for _time in range(2):
        for url in (OVERVIEW, f"{OVERVIEW}funn/", f"{OVERVIEW}bekreft/"):
            with capture_queries() as captured:
                assert browser.get(url).status_code == 200
            counts.append(len(captured))
        for number in range(12):
            person = make.holder("middle_manager", asked.units.department)
            make.measure(f"Tiltak {number}", asked.units.school, person.position, update_every=4)
            make.measure(f"Mitt {number}", asked.units.school, asked.people.director.position, update_every=4)
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_finding_is_given_to_another_position(asked, signed_in, make):
    thing, head = asked.things.economy, asked.people.head
    url = reverse("assurance:finding", args=[thing.pk])
    browser = signed_in(asked.people.area_director)
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"responsible": f"#{head.position.pk}"}).url == reverse("assurance:findings")
    assert make.again(thing).responsible == head.position


def test_who_may_not_change_a_thing_may_not_give_it_away(asked, signed_in, make):
    thing, head = asked.things.internal, asked.people.head
    auditor = make.holder("internal_auditor", asked.units.municipality, field="quality")
    Item.objects.filter(pk=thing.pk).update(field="quality")
    url = reverse("assurance:finding", args=[thing.pk])
    page = signed_in(auditor).get(url)
    assert page.status_code == 200
    assert not page.context["may_give"]
    assert signed_in(auditor).post(url, {"responsible": f"#{head.position.pk}"}).status_code == 403
    assert make.again(thing).responsible == asked.people.principal.position


def test_finding_that_may_not_be_seen_is_not_found(asked, signed_in):
    url = reverse("assurance:finding", args=[asked.things.exempt.pk])
    assert signed_in(asked.people.controller).get(url).status_code == 404


def test_words_that_are_no_position_are_explained_beside_the_field(asked, signed_in):
    url = reverse("assurance:finding", args=[asked.things.economy.pk])
    page = signed_in(asked.people.area_director).post(url, {"responsible": "finnes ikke"})
    assert page.status_code == 422
    assert page.context["form"].errors["responsible"]


def test_what_is_ticked_is_confirmed_and_nothing_else(asked, signed_in, make):
    principal = asked.people.principal
    keys = [asked.things.open.pk, asked.things.elsewhere.pk]
    page = signed_in(principal).post(reverse("assurance:confirm"), {"thing": [*keys, "x", "9" * 40]}, follow=True)
    assert titles(row["item"] for row in page.context["rows"]) == {"Personalsak", "Nytt budsjett"}
    assert make.again(asked.things.elsewhere).kept_at is None


def test_nothing_ticked_says_so_and_confirms_nothing(asked, signed_in, make):
    page = signed_in(asked.people.principal).post(reverse("assurance:confirm"), follow=True)
    assert [str(message.level_tag) for message in page.context["messages"]] == ["error"]
    assert to_confirm(make.again(asked.people.principal), TODAY).count() == 3
