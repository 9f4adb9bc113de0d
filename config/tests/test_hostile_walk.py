"""Sends every address what nobody would write in earnest: no page breaks, and nothing comes back as markup."""

import copy
from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.db import transaction
from django.urls import reverse
from django.urls.converters import IntConverter

from config.tests.access_table import ACCESS

# The fixture `arguments` is used by its name.
from config.tests.test_access_walk import address, addresses, arguments  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MARKUP = "'\"><script>hostile</script>"
HOSTILE = ["\x00", "9" * 300, MARKUP, "0000-00-00", "-1", ["a", "b"], "🦀\u200f\u202e", "%s{{7*7}}\\", "1e400"]
WORST = ["\x00", MARKUP]
# Whoever is the first of these to open a page is the one who sends.
SENDERS = ["municipal_director", "system_administrator", "records_manager", "council_secretary"]
# These end the visit.
NOT_WALKED = {"account_logout", "end_session", "end_other_sessions"}
# Names that registers and pages read without drawing a field for them, and one that nobody knows.
UNDRAWN = {"page", "sort", "format", "view", "q", "on", "next", "do", "kind", "unit", "unheard_of"}
# A page that is not there is 404, and a file is no page: a register must get to draw itself.
QUIET = UNDRAWN - {"page", "format"}


class Fields(HTMLParser):
    """The names of what a page lets one fill in, by the method of the form they stand in."""

    def __init__(self, response):
        super().__init__()
        self.method, self.names = "", {"get": set(), "post": set()}
        if is_page(response):
            # The frame around the page is the same everywhere.
            self.feed(response.content.decode().partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag, attributes):
        its = dict(attributes)
        if tag == "form":
            self.method = its.get("method", "get").lower()
        if self.method and tag in ("input", "select", "textarea", "button") and its.get("name"):
            self.names[self.method].add(its["name"])


def is_page(response) -> bool:
    return getattr(response, "headers", {}).get("Content-Type", "").startswith("text/html")


def forms_on(response) -> list:
    """Every form that the page was drawn with; each template it was drawn by has the same ones."""
    dicts = [values for layer in getattr(response, "context", None) or [] for values in layer]
    found = {id(value): value for values in dicts for value in values.values() if isinstance(value, forms.BaseForm)}
    return list(found.values())


def sent(client, method, url, values):
    """What came back, or what the page let out; the base is left as it was. After a POST we look where it leads."""
    try:
        with transaction.atomic():
            cookies = copy.deepcopy(client.cookies)
            response = getattr(client, method)(url, values)
            if method == "post" and response.status_code == 302 and response.url.startswith("/"):
                response = client.get(response.url)
            client.cookies = cookies
            transaction.set_rollback(True)
    except Exception as error:
        client.cookies = cookies
        return error
    return response


def fault(response):
    """What is wrong with an answer, or nothing."""
    if isinstance(response, Exception):
        return f"{type(response).__name__}: {response}"[:300]
    if response.status_code >= 500:
        return response.status_code
    return "unescaped" if is_page(response) and MARKUP.encode() in response.content else None


def hostile(names) -> list[dict]:
    """Four ways of filling in the same fields: the two worst values everywhere, then the others by turns."""
    others = [value for value in HOSTILE if value not in WORST]
    turned = [{name: others[(place + by) % len(others)] for place, name in enumerate(sorted(names))} for by in (0, 4)]
    return [*(dict.fromkeys(names, value) for value in WORST), *turned]


def almost_right(form) -> dict:
    """What the form would take, with markup in every free text: what is saved is drawn again."""
    return {form.add_prefix(name): _right(field) for name, field in form.fields.items()} | {"do": "remove"}


def _right(field):
    if hasattr(field, "choices"):
        return next((str(value) for value, _label in reversed(list(field.choices)) if value), "")
    if isinstance(field, forms.DateField):
        return date.today().isoformat()
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return "1"
    return "on" if isinstance(field, forms.BooleanField) else MARKUP


def tries_at(row, page, every_name) -> list[tuple[str, dict]]:
    """(method, what is sent) for one address: what the page asks for, and what it may read unasked."""
    fields = Fields(page).names
    tries = [("get", values) for values in (hostile(fields["get"] | QUIET) if fields["get"] else [])]
    tries += [("get", dict.fromkeys(UNDRAWN, value)) for value in WORST if row.get != 405 and not tries]
    if row.post in (None, 405):
        return tries
    tries += [("post", values) for values in hostile(fields["post"] or every_name)]
    return tries + [("post", almost_right(form)) for form in forms_on(page)]


def faults_at(client, name, url, tries) -> list[str]:
    met = [(method, values, fault(sent(client, method, url, values))) for method, values in tries]
    return [f"{method} {name}: {found} {values}"[:500] for method, values, found in met if found]


def opened_by(sender) -> list[str]:
    """The addresses that the sender opens and none of the senders before; the first one also what nobody opens."""
    before = SENDERS[: SENDERS.index(sender)]
    new = [name for name, row in ACCESS.items() if sender in row.opens and not row.opens.intersection(before)]
    rest = [name for name, row in ACCESS.items() if not row.opens.intersection(SENDERS)]
    return [name for name in new + (rest if not before else []) if name not in NOT_WALKED]


@pytest.mark.long
@pytest.mark.parametrize("sender", SENDERS)
def test_no_page_breaks_on_what_it_is_sent(world, make, signed_in, arguments, sender):  # noqa: F811
    client = signed_in(make.holder(sender, world.units.municipality))
    patterns = addresses()
    urls = {name: address(name, patterns[name], arguments) for name in opened_by(sender)}
    pages = {name: sent(client, "get", url, {}) for name, url in urls.items()}
    every_name = set().union(*(Fields(page).names["post"] for page in pages.values()), UNDRAWN)
    wrong = []
    for name, url in urls.items():
        wrong += faults_at(client, name, url, tries_at(ACCESS[name], pages[name], every_name))
    assert wrong == []


def test_no_address_breaks_on_a_number_that_is_too_long(world, signed_in, arguments):  # noqa: F811
    client, wrong = signed_in(world.people.administrator), []
    for name, pattern in addresses().items():
        too_long = {key: 10**40 for key, each in pattern.pattern.converters.items() if isinstance(each, IntConverter)}
        if too_long:
            url = reverse(name, kwargs=arguments(name) | too_long)
            wrong += faults_at(client, name, url, [("get", {}), ("post", {})])
    assert wrong == []
