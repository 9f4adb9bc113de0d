"""A register's filters under a name of one's own."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from styrhus.items.models import SavedView
from styrhus.items.operations import save_view

pytestmark = pytest.mark.django_db
REGISTER = "planning:measures"


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.people.teacher)


def url(register=REGISTER, query="state=running"):
    return reverse("items:save_view") + f"?register={register}&query={query.replace('&', '%26')}"


def test_a_view_is_kept_and_shown_in_its_register(client, world):
    response = client.post(url(query="state=running&sort=title"), {"name": "I gang"})
    assert response["Location"] == reverse(REGISTER) + "?state=running&sort=title"
    page = client.get(reverse(REGISTER), {"state": "running", "sort": "title"})
    assert [view.name for view in page.context["saved_views"]] == ["I gang"]
    assert page.content.decode().count('aria-current="true"') >= 1


def test_a_view_is_ones_own(client, world, signed_in):
    client.post(url(), {"name": "Min"})
    page = signed_in(world.people.principal).get(reverse(REGISTER))
    assert list(page.context["saved_views"]) == []


def test_the_same_name_again_replaces_it(world):
    for query in ("state=planned", "state=running"):
        save_view(world.people.teacher, REGISTER, "Min", query)
    assert SavedView.objects.get().query == "state=running"


@pytest.mark.parametrize("name", ["", "   "])
def test_a_view_needs_a_name(world, name):
    with pytest.raises(ValidationError):
        save_view(world.people.teacher, REGISTER, name, "")


@pytest.mark.parametrize("name", ["", "a" * 500, "nul\x00", "<script>"])
def test_odd_names_are_no_error(client, name):
    assert client.post(url(), {"name": name}).status_code in (200, 302, 422)


@pytest.mark.parametrize(
    "register", ["", "nonsense", "no:such", "items:step", "account_logout", "set_language", "home", "a" * 99, "%00"]
)
def test_what_is_no_register_keeps_no_view(client, register):
    assert client.get(url(register)).status_code == 404
    assert client.post(url(register), {"name": "Min"}).status_code == 404
    assert not SavedView.objects.exists()


def test_a_query_cannot_lead_out_of_the_register(client):
    for query in ("//evil.example", "\r\nLocation: https://evil.example", "#", "%0d%0aX: 1"):
        response = client.post(url(query=query), {"name": "Min"})
        assert response["Location"].startswith(reverse(REGISTER) + "?")
        assert "X" not in response.headers


def test_a_view_is_forgotten_by_its_owner_only(client, world, signed_in):
    mine = save_view(world.people.teacher, REGISTER, "Min", "")
    forget = reverse("items:forget_view", args=[mine.pk])
    assert signed_in(world.people.principal).post(forget).status_code == 404
    assert client.get(forget).status_code == 405
    assert client.post(forget).status_code == 302
    assert not SavedView.objects.exists()
