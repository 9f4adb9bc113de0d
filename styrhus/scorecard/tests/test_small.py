"""Few people behind a figure: it is not shown, and it cannot be found by taking what is shown from a total."""

from hypothesis import given
from hypothesis import strategies as st

from styrhus.scorecard.small import kept_back, withheld

LIMIT = 5
GROUPS = st.dictionaries(st.integers(0, 40), st.integers(0, 30), max_size=12)
PATHS = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(lambda keys: "/" + "/".join(map(str, keys)) + "/")
FIGURES = st.dictionaries(PATHS, st.integers(0, 12), max_size=15).map(lambda found: sorted(found.items()))


@given(GROUPS)
def test_no_small_group_is_shown(people):
    hidden = kept_back(people, LIMIT)
    assert all(count >= LIMIT for key, count in people.items() if count and key not in hidden)


@given(GROUPS)
def test_what_is_kept_back_is_never_one_group_alone_or_few_people_unless_there_is_no_more_to_keep(people):
    hidden = kept_back(people, LIMIT)
    shown = [count for key, count in people.items() if count and key not in hidden]
    if hidden and shown:
        assert len(hidden) >= 2 and sum(people[key] for key in hidden) >= LIMIT


def test_large_groups_are_all_shown():
    assert kept_back({"a": 5, "b": 100}, LIMIT) == set()


def test_the_smallest_of_the_others_is_kept_back_with_a_single_small_group():
    assert kept_back({"a": 3, "b": 40, "c": 9}, LIMIT) == {"a", "c"}


def test_below_a_unit_that_is_kept_back_everything_is():
    hidden = withheld([("/1/2/3/", 2), ("/1/2/4/", 1), ("/1/5/", 30), ("/1/6/", 50)], LIMIT)
    assert hidden == {"/1/2/", "/1/2/3/", "/1/2/4/", "/1/5/"}


@given(FIGURES)
def test_nowhere_in_the_tree_is_a_group_left_to_be_worked_out(figures):
    hidden = withheld(figures, LIMIT)
    places = {path for path, _count in figures} | hidden
    people = {place: sum(count for path, count in figures if path.startswith(place)) for place in places}
    for place, count in people.items():
        if count and place not in hidden and people.get(_above(place), count) is not None:
            assert count >= LIMIT
        if place not in hidden:
            assert not any(place.startswith(above) for above in hidden)


def _above(place):
    return place.rstrip("/").rpartition("/")[0] + "/"
