"""Our own figure beside those of other municipalities."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from styrhus.kit.loading import Source, Wanted, guess, kinds, run
from styrhus.scorecard.models import ComparisonGroup, Municipality, OthersFigure
from styrhus.scorecard.queries.comparison import compared
from styrhus.scorecard.standing import rank
from styrhus.scorecard.tests.conftest import a_figure, a_series

NUMBERS = st.integers(-50, 50).map(Decimal)
DIRECTION = st.sampled_from(["higher", "lower"])


@settings(max_examples=60, deadline=None)
@given(own=NUMBERS, others=st.lists(NUMBERS, max_size=12), step=st.integers(0, 20), direction=DIRECTION)
def test_a_better_figure_never_stands_lower(own, others, step, direction):
    better = own + step if direction == "higher" else own - step
    before, after = rank(own, others, direction), rank(better, others, direction)
    assert 1 <= after.place <= before.place <= len(others) + 1


def load(tmp_path, name: str, content: str, on=date(2026, 6, 1)):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    kind = kinds()["comparison"]
    return run(Wanted(kind, [Source(path, name)], on, lambda table: guess(kind, table.header), write=True))


def the_table(values: list) -> str:
    """As SSB answers: regions, one figure, one year."""
    numbers = {f"99{place:02}": place for place in range(len(values))}
    labels = {number: f"Sted {number}" for number in numbers}
    return json.dumps(
        {
            "class": "dataset",
            "version": "2.0",
            "source": "Kontoret",
            "role": {"time": ["Tid"], "geo": ["Reg"], "metric": ["ContentsCode"]},
            "id": ["Reg", "ContentsCode", "Tid"],
            "size": [len(values), 1, 1],
            "dimension": {
                "Reg": {"label": "region", "category": {"index": numbers, "label": labels}},
                "ContentsCode": {"label": "statistikkvariabel", "category": {"label": {"gjeld": "Gjeld"}}},
                "Tid": {"label": "år", "category": {"index": ["2025"]}},
            },
            "value": values,
        }
    )


@pytest.mark.django_db
def test_a_table_of_municipalities_is_compared_with_what_we_have_measured(world, an_indicator, tmp_path):
    indicator = an_indicator("none", code="gjeld", direction="lower")
    a_figure(a_series(indicator, world.units.municipality), value=30)
    outcome = load(tmp_path, "tabell.json", the_table([10, 20, 30, 40, None, ":"]))
    assert (outcome.added, outcome.refused, outcome.totals["value"]["sum"]) == (4, 0, 100)
    group = ComparisonGroup.objects.create(name="Naboer")
    group.members.set([*Municipality.objects.all(), Municipality.objects.create(number="9999", name="Uten tall")])
    found = compared(indicator, world.people.director, group=str(group.pk), on=date(2026, 6, 1))
    chosen = found.chosen
    # By hand: the quartiles of 10, 20, 30, 40 lie at 1.75, 2.5 and 3.25 of them.
    assert (chosen.lower, chosen.median, chosen.upper) == (Decimal("17.5"), 25, Decimal("32.5"))
    assert (chosen.count, chosen.missing, chosen.is_loaded) == (4, 1, False)
    assert (found.rank.place, found.rank.of, found.rank.ties) == (3, 5, 1)
    assert [(each.place, each.is_own) for each in found.placed] == [
        (1, False),
        (2, False),
        (3, True),
        (3, False),
        (5, False),
    ]
    Municipality.objects.filter(number="9900").update(is_own=True)
    assert compared(indicator, world.people.director, group=str(group.pk), on=date(2026, 6, 1)).chosen.count == 3


@pytest.mark.django_db
def test_without_a_figure_of_our_own_the_loaded_one_stands(world, an_indicator, tmp_path):
    indicator = an_indicator("none", code="gjeld")
    load(tmp_path, "tabell.json", the_table([10, 20, 30]))
    Municipality.objects.filter(number="9902").update(is_own=True)
    found = compared(indicator, world.people.director, on=date(2026, 6, 1))
    assert (found.chosen.own, found.chosen.is_loaded, found.rank.place, found.rank.of) == (30, True, 1, 3)


@pytest.mark.django_db
def test_the_same_file_changes_nothing_and_a_corrected_figure_keeps_the_old(an_indicator, tmp_path):
    an_indicator("none", code="gjeld")
    load(tmp_path, "tabell.json", the_table([10, 20]))
    again = load(tmp_path, "tabell.json", the_table([10, 20]))
    assert (again.unchanged, again.added, again.changed) == (2, 0, 0)
    corrected = load(tmp_path, "tabell.json", the_table([10, 25]))
    assert (corrected.unchanged, corrected.changed) == (1, 1)
    kept = OthersFigure.objects.filter(municipality__number="9901").order_by("pk").values_list("value", "replaced_in")
    assert [(value, replaced is None) for value, replaced in kept] == [(20, False), (25, True)]


@pytest.mark.django_db
def test_what_is_no_municipality_is_refused_with_its_reason(an_indicator, tmp_path):
    an_indicator("none", code="gjeld")
    rows = ["kommune;indikator;år;verdi", "EKG08;gjeld;2025;4", "9901 Sted;gjeld;2025;5"]
    table = "\n".join([*rows, "9901;gjeld;2025;6", "9902;gjeld;2025;.."])
    outcome = load(tmp_path, "tall.csv", table)
    assert [(each["line"], each["column"]) for each in outcome.refusals] == [(2, "kommune"), (4, "år"), (5, "verdi")]
    assert not OthersFigure.objects.exists()


@pytest.mark.django_db
def test_a_group_is_made_by_who_makes_indicators(world, signed_in):
    nearest = Municipality.objects.create(number="9901", name="Nabo")
    own = Municipality.objects.create(number="9902", name="Vår")
    client, address = signed_in(world.people.director), reverse("scorecard:new_comparison_group")
    assert client.post(address, {"name": "Naboer"}).status_code == 422
    sent = {"name": "Naboer", "members": [nearest.pk, own.pk], "own": own.pk}
    assert client.post(address, sent).status_code == 302
    assert list(ComparisonGroup.objects.get().others()) == [nearest]


@pytest.mark.django_db
def test_the_page_asks_no_more_for_many_than_for_few(
    world, signed_in, an_indicator, tmp_path, django_assert_max_num_queries
):
    indicator = an_indicator("none", code="gjeld")
    load(tmp_path, "tabell.json", the_table(list(range(1, 90))))
    client = signed_in(world.people.director)
    address = reverse("scorecard:comparison", args=[indicator.pk])
    with django_assert_max_num_queries(20):
        page = client.get(address)
    assert "Sted 9988" in page.text
    assert len(client.get(address + "?format=json").json()) == 89
    assert client.get(address + "?gruppe=x&periode=y&format=csv").text.count("\n") == 90


@pytest.mark.django_db
def test_a_group_that_is_removed_leaves_its_municipalities(world, signed_in):
    group = ComparisonGroup.objects.create(name="Naboer")
    group.members.add(Municipality.objects.create(number="9901", name="Nabo"))
    removed = signed_in(world.people.director).post(
        reverse("scorecard:remove_comparison_group", args=[group.pk]), follow=True
    )
    assert "Naboer" in removed.text and not ComparisonGroup.objects.exists() and Municipality.objects.exists()
