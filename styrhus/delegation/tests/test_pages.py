"""The pages of authority as people meet them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from styrhus.delegation.models import Authorisation, AuthorityLevel, Power, Regulations
from styrhus.delegation.operations import draft
from styrhus.delegation.tests.test_duties import adopted

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY = timedelta(days=1)
PASSED_ON = {"start": TODAY.isoformat(), "check_how": "Prøver", "check_every": "6", "may_be_passed_on": "on"}


def page(name, *key):
    return reverse(f"delegation:{name}", args=key)


def test_authority_is_passed_on_from_a_page(hall, world, signed_in):
    given = hall.down()
    client, url = signed_in(world.people.area_director), page("pass_on", given.chief.pk)
    shown = client.get(url).content.decode()
    assert "Åsen skole" in shown
    assert "Fjordvik havn KF" not in shown
    answer = client.post(url, PASSED_ON | {"holder": world.people.other_principal.position.pk})
    made = Authorisation.objects.get(holder=world.people.other_principal.position)
    assert answer["Location"] == made.get_absolute_url()
    assert (made.giver, made.passed_on_from_id) == (given.chief.holder, given.chief.pk)


def test_bad_input_is_refused_beside_its_field_and_nothing_typed_is_lost(hall, world, signed_in):
    given = hall.down()
    client, url = signed_in(world.people.area_director), page("pass_on", given.chief.pk)
    sent = PASSED_ON | {"holder": world.people.controller.position.pk, "check_how": "Samtale"}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"holder"}
    assert "Samtale" in answer.content.decode()
    early = client.post(url, PASSED_ON | {"holder": world.people.other_principal.position.pk, "start": "2001-01-01"})
    assert early.context["form"].errors.keys() == {"start"}


def test_a_reserved_delegation_is_refused_with_the_section(hall, world, signed_in):
    hall.reserve(hall.hire, legal_basis="kommuneloven § 14-2 bokstav a")
    sent = PASSED_ON | {"power": hall.hire.pk, "holder": str(world.people.director.position.pk), "decision": "PS 1"}
    answer = signed_in(hall.secretary).post(page("new_from", "delegert"), sent)
    assert answer.status_code == 422
    assert "kommuneloven § 14-2 bokstav a" in str(answer.context["form"].errors["power"])
    assert not Authorisation.objects.filter(source="delegated").exists()


@pytest.mark.parametrize("way", ["delegert", "lov", "reservert"])
def test_each_way_of_registering_works_from_its_page(hall, world, signed_in, way):
    sent = PASSED_ON | {
        "power": hall.hire.pk,
        "holder": str(world.people.director.position.pk),
        "decision": "PS 1/26",
        "legal_basis": "kommuneloven § 13-1",
    }
    client = signed_in(hall.secretary)
    assert client.get(page("new_from", way)).status_code == 200
    assert client.post(page("new_from", way), sent).status_code == 302
    assert Authorisation.objects.get().power == hall.hire


def test_a_page_shows_the_way_to_the_council_and_what_stands_on_it(hall, world, signed_in):
    given = hall.down()
    shown = signed_in(world.people.teacher).get(given.manager.get_absolute_url()).content.decode()
    for name in ("Kommunestyret", "Kommunedirektør", "Kommunalsjef", "Avdelingsleder"):
        assert name in shown
    assert page("pass_on", given.manager.pk) not in shown
    mine = signed_in(world.people.principal).get(given.manager.get_absolute_url()).content.decode()
    assert page("pass_on", given.manager.pk) in mine
    assert page("withdraw", given.manager.pk) not in mine


def test_to_withdraw_lists_first_what_goes_along(hall, world, signed_in, make):
    given = hall.down()
    client, url = signed_in(world.people.director), page("withdraw", given.chief.pk)
    asked = client.get(url)
    assert list(asked.context["below"]) == [given.manager, given.head]
    assert make.again(given.head).state == "in_force"
    assert client.post(url, {"note": ""}).status_code == 422 or make.again(given.head).state == "in_force"
    client.post(url, {"note": "Nytt reglement"})
    assert make.again(given.head).state == "withdrawn"


def test_a_check_is_recorded_with_two_answers(hall, world, signed_in):
    given = hall.down()
    client, url = signed_in(world.people.director), page("check", given.chief.pk)
    assert client.get(url).status_code == 200
    refused = client.post(url, {"outcome": "breach", "note": ""})
    assert refused.context["form"].errors.keys() == {"note"}
    assert client.post(url, {"outcome": "good", "note": ""})["Location"] == given.chief.get_absolute_url()
    assert given.chief.checks.get().by == world.people.director


def test_terms_may_change_while_what_stands_on_them_still_fits(hall, world, signed_in, make):
    given = hall.down()
    client, url = signed_in(world.people.director), page("edit_authorisation", given.chief.pk)
    terms = {"version": given.chief.version, "check_how": "Ny måte", "check_every": "3", "may_be_passed_on": "on"}
    refused = client.post(url, terms | {"end": TODAY.isoformat()})
    assert refused.context["form"].errors.keys() == {"end"}
    refused = client.post(url, {name: value for name, value in terms.items() if name != "may_be_passed_on"})
    assert refused.context["form"].errors.keys() == {"may_be_passed_on"}
    assert client.post(url, terms).status_code == 302
    assert make.again(given.chief).check_how == "Ny måte"


def test_a_withdrawn_authorisation_has_no_buttons_and_no_side_doors(hall, world, signed_in):
    given = hall.down()
    client = signed_in(world.people.principal)
    client.post(page("withdraw", given.head.pk), {"note": "Ut"})
    for name in ("pass_on", "withdraw", "check", "edit_authorisation"):
        assert client.get(page(name, given.head.pk)).status_code == 403
        assert page(name, given.head.pk) not in client.get(given.head.get_absolute_url()).content.decode()
    again = client.post(page("withdraw", given.head.pk), {"note": "Ut"}, follow=True)
    assert "trukket tilbake allerede" in again.content.decode()


def test_what_is_exempt_is_not_found_by_any_door(hall, world, signed_in, make):
    given = hall.down()
    Authorisation.objects.filter(pk=given.head.pk).update(**make.exempt)
    client = signed_in(world.people.teacher)
    for name in ("authorisation", "pass_on", "withdraw", "check", "edit_authorisation"):
        assert client.get(page(name, given.head.pk)).status_code == 404
    for url in (
        page("authorisations"),
        page("authorisations") + "?format=csv",
        page("tree"),
        page("tree") + f"?power={hall.hire.pk}",
        page("tree") + f"?power={hall.hire.pk}&fra={given.manager.holder_id}",
        page("position", given.head.holder_id),
        page("position", given.manager.holder_id),
        given.manager.get_absolute_url(),
    ):
        assert given.head.get_absolute_url() not in b"".join(client.get(url)).decode()


@pytest.mark.parametrize(
    "query", ["source=delegated", "check=never", "check=late", "holder=rektor", "mine=on", "state=all"]
)
def test_the_register_is_narrowed(hall, world, signed_in, query):
    given = hall.down()
    hall.reserve(hall.dismiss)
    Authorisation.objects.filter(pk=given.chief.pk).update(due=TODAY - DAY)
    all_four = {given.director, given.chief, given.manager, given.head}
    expected = {
        "source=delegated": all_four,
        "check=never": all_four,
        "check=late": {given.chief},
        "holder=rektor": {given.manager},
        "mine=on": {given.manager, given.head},
        "state=all": {*Authorisation.objects.all()},
    }
    found = signed_in(world.people.principal).get(page("authorisations") + "?" + query).context["page"]
    assert set(found) == expected[query]


@pytest.mark.parametrize("power", ["0", "x", "99999999999999999999", "-1"])
def test_a_power_that_does_not_exist_has_no_tree(hall, world, signed_in, power):
    assert signed_in(world.people.teacher).get(page("tree"), {"power": power}).status_code == 404


def test_a_position_says_what_it_decides_and_what_it_must_check(hall, world, signed_in):
    hall.down()
    hall.levels[1].reservations = "Ikke oppsigelse"
    hall.levels[1].save()
    answer = signed_in(world.people.principal).get(page("position", world.people.principal.position.pk))
    assert [each.power for each in answer.context["held"]] == [hall.hire]
    assert [each.holder for each in answer.context["to_check"]] == [world.people.head.position]
    assert "Ikke oppsigelse" in answer.content.decode()


def test_what_a_position_has_more_of_than_its_page_shows_stands_in_the_register(hall, world, signed_in, monkeypatch):
    given = hall.down()
    other = hall.from_council(hall.dismiss, world.people.director.position)
    monkeypatch.setattr("styrhus.delegation.views.authorisations.SHOWN", 1)
    client, position = signed_in(world.people.director), given.director.holder_id
    shown = client.get(page("position", position)).content.decode()
    register = page("authorisations")
    assert f"{register}?holding={position}" in shown
    assert f"{register}?giving={position}" not in shown
    assert set(client.get(register, {"holding": position}).context["page"]) == {given.director, other}
    assert set(client.get(register, {"giving": position}).context["page"]) == {given.chief}


def test_powers_and_levels_are_changed_by_who_keeps_the_register(hall, world, signed_in):
    client = signed_in(hall.secretary)
    assert client.post(page("new_power"), {"name": "Ny"}).status_code == 302
    assert client.post(page("new_power"), {"name": "Ny"}).status_code == 422
    made = Power.objects.get(name="Ny")
    client.post(page("edit_power", made.pk), {"name": "Ny", "of_principle": "on"})
    assert Power.objects.get(name="Ny").of_principle
    hall.down()
    level = hall.levels[1]
    refused = client.post(page("edit_level", level.pk), {"name": "Nivå", "excludes": [hall.hire.pk]})
    assert refused.context["form"].errors.keys() == {"excludes"}
    assert client.post(page("edit_level", level.pk), {"name": "Ledere", "excludes": [made.pk]}).status_code == 302
    assert set(AuthorityLevel.objects.get(pk=level.pk).excludes.all()) == {made}


def test_regulations_from_draft_to_adopted_with_the_difference(hall, world, signed_in):
    hall.down()
    first = adopted(hall)
    client = signed_in(hall.secretary)
    assert first.text in client.get(page("new_regulations")).content.decode()
    answer = client.post(page("new_regulations"), {"title": "Nytt", "text": "# 1\nNy tekst"})
    made = Regulations.objects.get(title="Nytt")
    assert answer["Location"] == made.get_absolute_url()
    shown = signed_in(world.people.teacher).get(page("compare_regulations", made.pk)).content.decode()
    assert "<ins>" in shown
    assert "<del>" in shown
    assert client.get(page("adopt_regulations", made.pk)).context["standing"] == 4
    assert client.post(page("adopt_regulations", made.pk), {"decision": ""}).status_code == 422 or made.state == "draft"
    client.post(page("adopt_regulations", made.pk), {"decision": "PS 2/26", "adopted_on": TODAY.isoformat()})
    assert Regulations.objects.get(pk=made.pk).state == "adopted"
    for name in ("adopt_regulations", "edit_regulations"):
        assert client.get(page(name, made.pk)).status_code == 403


def test_who_is_asked_confirms_from_the_page(hall, world, signed_in):
    hall.down()
    version = adopted(hall)
    shown = signed_in(world.people.head).get(version.get_absolute_url())
    wanted = shown.context["wanted"].get()
    assert reverse("items:tick_off", args=[version.pk, wanted.follow_up_id]) in shown.content.decode()
    assert not signed_in(world.people.teacher).get(version.get_absolute_url()).context["wanted"]


def furnish(hall, world, make, number):
    for _place in range(number):
        power = Power.objects.create(name=f"Myndighet {Power.objects.count()}")
        given = hall.from_council(power, world.people.director.position)
        leader = make.position("Leder", make.unit("Enhet", parent=world.units.area))
        chief = hall.pass_on(given, world.people.area_director.position)
        below = hall.pass_on(chief, leader)
        below.checks.create(on=TODAY, by=hall.secretary, outcome="good")
        Authorisation.objects.filter(pk=below.pk).update(due=TODAY - DAY)


def queries_of_each_page(client, version, first, capture_queries) -> dict:
    urls = [
        page("authorisations"),
        page("authorisations") + "?format=csv",
        page("checks_not_done"),
        page("tree"),
        page("tree") + f"?power={first.power_id}",
        page("tree") + f"?fra={first.holder_id}",
        page("tree") + "?q=leder",
        page("position", first.holder_id),
        page("powers"),
        page("levels"),
        page("regulations"),
        version.get_absolute_url(),
        first.get_absolute_url(),
        page("pass_on", first.pk),
        page("withdraw", first.pk),
    ]
    found = {}
    for url in urls:
        with capture_queries() as captured:
            answer = client.get(url)
            assert answer.status_code in (200, 403), url
            assert b"".join(answer)
        found[url] = len(captured)
    return found


def test_the_number_of_queries_is_small_and_does_not_grow(hall, world, make, signed_in, capture_queries):
    furnish(hall, world, make, 3)
    version = adopted(hall)
    first = Authorisation.objects.filter(holder=world.people.director.position).order_by("pk").first()
    client = signed_in(world.people.director)
    few = queries_of_each_page(client, version, first, capture_queries)
    furnish(hall, world, make, 20)
    many = queries_of_each_page(client, version, first, capture_queries)
    assert {url: (few[url], many[url]) for url in many if many[url] > few[url] or many[url] > 20} == {}


def test_a_draft_of_others_is_not_changed_by_who_may_not(hall, world, signed_in):
    made = draft(Regulations(title="Utkast", text="Tekst"), by=hall.secretary)
    people = world.people
    for person, status in ((people.director, 403), (people.teacher, 403), (people.councillor, 404)):
        assert signed_in(person).get(page("edit_regulations", made.pk)).status_code == status
