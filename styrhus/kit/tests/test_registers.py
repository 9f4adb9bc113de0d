"""A register: filtered, sorted and paged, whatever the address says, and given out as a file."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from styrhus.kit import lists
from styrhus.kit.export import harmless

pytestmark = pytest.mark.django_db
REGISTER = "/tiltak/"
HOSTILE = [
    "",
    " ",
    "0",
    "-1",
    "abc",
    "1e9",
    "999999",
    "9" * 40,
    "²",
    "٣",
    "NaN",
    "null",
    "undefined",
    "true",
    "\x00",
    "'; DROP TABLE items_item; --",
    "%' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "${7*7}",
    "../../etc/passwd",
    "\u202eabc",
    "漢字🎉",
    "Ω≈ç√∫",
    "\r\nX-Injected: 1",
    "a" * 3_000,
    "31.02.2026",
    "0000-00-00",
    "99999-12-31",
    "-title",
    "--title",
    "title__startswith",
    "responsible",
]


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.people.teacher)


@pytest.fixture
def named(world, make):
    def some(*titles, **fields):
        for title in titles:
            make.measure(title, world.units.school, world.people.principal.position, **fields)

    return some


def titles(response) -> list[str]:
    return [thing.title for thing in response.context["page"].object_list]


def test_titles_sort_the_norwegian_way(client, named):
    named("Zoo", "Ål", "Ærlig", "Aas", "Berg", "Østre", "Bærum", "århus", "Vår", "Etne", "Åsen")
    shown = titles(client.get(REGISTER, {"sort": "title"}))
    wanted = ["Berg", "Bærum", "Etne", "Vår", "Zoo", "Ærlig", "Østre", "Ål", "århus", "Aas", "Åsen"]
    assert [title for title in shown if title in wanted] == wanted


def test_the_other_way_round_is_the_other_way_round(client, named):
    named("Berg", "Ål", "Zoo")
    up, down = titles(client.get(REGISTER, {"sort": "title"})), titles(client.get(REGISTER, {"sort": "-title"}))
    assert down == up[::-1]


def test_rows_that_are_equal_keep_one_order_over_the_pages(client, named):
    named(*["Likt"] * 60, due=date(2027, 1, 1))
    seen = []
    for page in (1, 2, 3):
        response = client.get(REGISTER, {"sort": "title", "page": page})
        seen += [thing.pk for thing in response.context["page"].object_list]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("page", ["0", "-1", "abc", "2", "999999", "9" * 40, "1.5", "\x00", ""])
def test_a_page_that_is_not_there_is_not_found(client, page):
    assert client.get(REGISTER, {"page": page}).status_code == 404


def test_the_last_page_holds_the_rest(client, named):
    named(*[f"Tiltak {number}" for number in range(24)])
    assert len(titles(client.get(REGISTER))) == 25
    assert len(titles(client.get(REGISTER, {"page": 2}))) == 29 - 25


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_of_any_filter_makes_the_page_fall(client, value):
    names = ("q", "unit", "state", "due_from", "due_to", "mine", "sort", "format", "nonsense")
    response = client.get(REGISTER, dict.fromkeys(names, value))
    assert response.status_code == 200
    assert b"<script>alert(1)" not in response.content
    assert "X-Injected" not in response.headers


@pytest.mark.parametrize("sort", ["nonsense", "responsible", "--title", "pk", "unit__path", "", "?"])
def test_a_sort_that_is_no_column_is_the_usual_order(client, sort):
    assert titles(client.get(REGISTER, {"sort": sort})) == titles(client.get(REGISTER))


def test_filters_narrow_the_list(client, world, named):
    named("Ferdig i går", state="done")
    named("For sent", due=date(2020, 1, 1))

    def found(**query):
        return set(titles(client.get(REGISTER, query)))

    assert found(q="NYTT") == {"Nytt tak", "Nytt budsjett"}
    assert found(unit=world.units.other_school.pk) == {"Nytt tak"}
    assert found(unit=world.units.harbour.pk) == {"Ny kai"}
    assert found(state="overdue") == {"For sent"}
    assert found(state="done") == {"Ferdig i går"}
    assert found(due_to="2020-01-01") == {"For sent"}
    assert "Nytt tak" in found(state="all") and "Nytt tak" in found(unit=world.units.area.pk)
    assert found(q="finnesikke") == set()


def test_what_may_not_be_seen_is_not_counted(client, world, signed_in):
    assert client.get(REGISTER).context["page"].paginator.count == 5
    assert signed_in(world.people.principal).get(REGISTER).context["page"].paginator.count == 6
    assert signed_in(world.people.councillor).get(REGISTER).context["page"].paginator.count == 1


def test_counting_stops_at_the_limit(client, named, monkeypatch):
    named("En", "To", "Tre", "Fire")
    monkeypatch.setattr(lists, "COUNT_AT_MOST", 7)
    paginator = client.get(REGISTER).context["page"].paginator
    assert (paginator.is_more, paginator.shown_count) == (True, 7)


def test_counting_to_the_limit_itself_is_not_more(client, named, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_AT_MOST", 5)
    paginator = client.get(REGISTER).context["page"].paginator
    assert (paginator.is_more, paginator.shown_count) == (False, 5)


# -- files


def as_csv(client, **query) -> tuple[bytes, list]:
    response = client.get(REGISTER, query | {"format": "csv"})
    assert response["Content-Disposition"].startswith("attachment;")
    whole = b"".join(response.streaming_content)
    return whole, list(csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_xlsx(client, **query) -> list:
    response = client.get(REGISTER, query | {"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_csv_is_what_norwegian_excel_reads(client, named):
    named('Blåbærgrøt på Ærøya; med «anførsel» og "gåsetegn"', due=date(2026, 12, 4))
    whole, rows = as_csv(client, q="Blåbær")
    assert whole.startswith(b"\xef\xbb\xbf")
    assert rows[1][0] == 'Blåbærgrøt på Ærøya; med «anførsel» og "gåsetegn"'
    assert "2026-12-04" in rows[1]
    assert len(rows[0]) == len(rows[1])


FORMULAS = ["=1+1", "+47 900", "-5", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "=cmd|'/c calc'!A0", "＝1+1"]


@pytest.mark.parametrize("title", FORMULAS)
def test_csv_never_holds_what_runs_as_a_formula(client, named, title):
    named(title)
    assert any(row[0] == f"'{title}" for row in as_csv(client)[1])


@pytest.mark.parametrize("value", ["vanlig", "a=b", "", "1-2", 5, -5, -1.5, None, date(2026, 1, 1)])
def test_what_is_no_formula_stays_as_it_is(value):
    assert harmless(value) == value


@pytest.mark.parametrize(
    "title",
    [*FORMULAS[:4], "{=1+1}", "http://evil.example/", "external:\\\\evil\\fil.xlsx", "mailto:a@b.no", "file:///x"],
)
def test_a_workbook_holds_text_as_text_neither_formula_nor_link(client, named, title):
    named(title)
    response = client.get(REGISTER, {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    cell = next(row[0] for row in sheet.iter_rows() if row[0].value == title)
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_a_workbook_holds_numbers_as_numbers_and_dates_as_dates(client, named):
    named("Måling", progress=42, due=date(2026, 12, 4))
    row = as_xlsx(client, q="Måling")[1]
    assert 42 in row
    assert date(2026, 12, 4) in [value.date() for value in row if hasattr(value, "date")]


def test_files_hold_what_the_filters_leave_and_only_what_may_be_seen(client, world, signed_in):
    assert len(as_csv(client, q="Nytt")[1]) == 3
    everything = {row[0] for row in as_csv(client, state="all")[1]} | {row[0] for row in as_xlsx(client, state="all")}
    assert "Personalsak" not in everything
    councillor = signed_in(world.people.councillor)
    assert len(as_csv(councillor)[1]) == len(as_xlsx(councillor)) == 2


def test_a_file_holds_all_pages(client, named):
    named(*[f"Tiltak {number}" for number in range(60)])
    assert len(as_csv(client)[1]) == 1 + 65
