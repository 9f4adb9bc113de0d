"""One search over everything: what it finds, for whom, and what it never tells."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.home import finding
from styrhus.items.operations import comment
from styrhus.planning.models import Assignment, Goal, Measure, Plan, PlanType, PriorityArea, Strategy

pytestmark = pytest.mark.django_db
TODAY = date.today()


def titles(person, words, **more):
    asked = finding.question(words, **more)
    found = finding.hits(person, asked, TODAY)
    return [line["item"].title for line in finding.lines(person, found, asked)]


def shown(client, words, **more) -> str:
    response = client.get("/sok/", {"q": words, **more})
    assert response.status_code == 200
    return response.content.decode()


def test_found_by_title_text_and_comment_the_title_first(world, make):
    here, by = world.units.school, world.people.principal
    make.measure("Rydde loft", here, by.position, description="Stablet sykkelutstyr skal bort")
    make.measure("Nye sykkelstativ", here, by.position)
    comment(world.things.internal.as_item, "Husk sykkelen!", by=by)
    assert titles(by, "sykkel") == ["Nye sykkelstativ", "Rydde loft", "Internkontroll"]


@pytest.mark.parametrize("model", [Plan, PriorityArea, Goal, Strategy, Assignment, Measure])
def test_every_kind_of_planning_is_found_by_its_title_and_by_what_it_says(world, model):
    said = model.searched[0]
    more = {"type": PlanType.objects.get(code="unit_plan"), "first_year": 2027} if model is Plan else {}
    fixed = {"unit": world.units.school, "responsible": world.people.principal.position, "kind": model.kind_name()}
    named = model.objects.create(title="Sykkelbyen", state=model.flow.start, **fixed, **more)
    model.objects.create(title="Noe annet", state=model.flow.start, **fixed, **more, **{said: "Flere skal sykle"})
    assert titles(world.people.teacher, "sykkelby", kind=model.kind_name()) == [named.title]
    assert titles(world.people.teacher, "sykle", kind=model.kind_name()) == ["Noe annet"]


def test_the_words_are_marked_in_title_and_text(world, make, signed_in):
    make.measure("Rydde <loft>", world.units.school, world.people.principal.position, description="Gammelt loftsrom")
    page = shown(signed_in(world.people.teacher), "gammel")
    assert "<mark>Gammelt</mark> loftsrom" in page
    assert "Rydde &lt;loft&gt;" in page


def test_narrowed_by_state(world, make):
    here, by = world.units.school, world.people.principal
    make.measure("Gjerde sent", here, by.position, due=TODAY - timedelta(days=1))
    make.measure("Gjerde ferdig", here, by.position, state="done", ended="2026-01-01T00:00Z")
    assert titles(by, "gjerde", state="overdue") == ["Gjerde sent"]
    assert titles(by, "gjerde", state="ended") == ["Gjerde ferdig"]
    assert titles(by, "gjerde", state="nonsense") == titles(by, "gjerde")


def test_exempt_is_found_by_who_may_see_it_only_whatever_was_asked(world, make, signed_in):
    secret = world.things.exempt
    make.Measure.objects.filter(pk=secret.pk).update(description="Oppsigelse vurderes")
    comment(secret.as_item, "Advokat kontaktet", by=world.people.principal)
    for words in ("personalsak", "oppsigelse", "advokat", str(secret.pk), f"#{secret.pk}", "perso"):
        page = shown(signed_in(world.people.principal), words) if "#" not in words else "Personalsak"
        assert "Personalsak" in page or "<mark>Personalsak</mark>" in page
        for stranger in (world.people.teacher, world.people.councillor, world.people.guest):
            page = shown(signed_in(stranger), words)
            for told in ("Personalsak", "<mark>", "Oppsigelse", "Advokat", "data-announce"):
                assert told not in page, (told, words)
    assert finding.suggestions(world.people.teacher, "perso") == []
    assert finding.suggestions(world.people.principal, "perso") == [f"Personalsak #{secret.pk}"]


def test_support_finds_nothing_exempt(world):
    person = world.people.principal
    person.support = object()
    assert titles(person, "personalsak") == []


def test_councillor_finds_what_is_open_and_no_unit_or_person(world, signed_in):
    client = signed_in(world.people.councillor)
    assert "skolegård" in shown(client, "skolegård")
    assert "Internkontroll" not in shown(client, "internkontroll")
    assert "Rita Rektor" not in shown(client, "rektor")
    assert finding.suggestions(world.people.councillor, "solsiden") == []


def test_units_positions_and_people_are_found(world, signed_in):
    client = signed_in(world.people.teacher)
    assert "Åsen skole" in shown(client, "åsen")
    assert "Åse Ærlig" in shown(client, "ærlig")
    assert "Åsen skole" in finding.suggestions(world.people.teacher, "åsen")


def test_a_sign_that_cannot_be_kept_stops_no_suggestion(world):
    assert "Åsen skole" in finding.suggestions(world.people.teacher, "åsen\x00")


def test_a_suggestion_with_its_number_leads_straight_to_the_thing(world, signed_in):
    client = signed_in(world.people.teacher)
    (suggested,) = finding.suggestions(world.people.teacher, "internk")
    assert client.get("/sok/", {"q": suggested}).url == world.things.internal.as_item.get_absolute_url()
    assert "Internkontroll" in shown(client, str(world.things.internal.pk))


def test_a_common_word_alone_is_taken_as_the_beginning_of_others(world, make):
    make.measure("Forvaltningsrevisjon", world.units.school, world.people.principal.position)
    assert titles(world.people.principal, "for") == ["Forvaltningsrevisjon"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_a_question(typed):
    finding.question(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "'",
        ":*",
        "&",
        "!(",
        "\x00",
        "🙂",
        "a" * 10_000,
        "' OR 1=1 --",
        "%",
        "\\",
        "<script>",
        "#",
        "#999999999999999999999",
        "9" * 40,
    ],
)
def test_hostile_words_are_only_words(world, signed_in, typed):
    client = signed_in(world.people.teacher)
    assert "<script>alert" not in shown(client, typed, kind=typed, state=typed, page=typed)
    assert client.get("/sok/forslag/", {"q": typed}).status_code == 200


def test_queries_do_not_grow_with_the_hits(world, make, signed_in, capture_queries):
    client, here, by = signed_in(world.people.director), world.units.school, world.people.principal
    counts = []
    for _ in range(2):
        for number in range(12):
            made = make.measure(f"Gjerde {number}", here, by.position, description="port")
            comment(made.as_item, "grind", by=by)
        for words in ("gjerde", "port", "grind"):
            with capture_queries() as captured:
                shown(client, words)
            counts.append(len(captured))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20
