"""The statements that are made of more than kinds: areas, the balance, the debt, and the year's deviation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.utils.translation import gettext as _

from styrhus.economy.models import Area, Book, Code, Dimension
from styrhus.economy.queries.statements import Asked, asked_for, columns_of, ledgers_of
from styrhus.economy.sheets import Check, Row, Sheet
from styrhus.economy.statements import SIGN, balance_sheet, chapter, statements
from styrhus.economy.words import in_kroner

BY_PLACE = """
    SELECT extract.book, extract.version_id, extract.year, balance.cost_centre, balance.function,
        sum(balance.amount)::bigint
    FROM economy_extract extract
    JOIN economy_balance balance ON balance.extract_id = extract.id
    JOIN economy_code kind ON kind.dimension = 'kind' AND kind.code = balance.kind
        AND extract.year BETWEEN kind.first_year AND coalesce(kind.last_year, 9999)
    WHERE extract.id = ANY(%s) AND balance.account_class = %s AND kind.kostra = ANY(%s)
    GROUP BY 1, 2, 3, 4, 5
"""
# The lines of the first part that the second part shares out: net appropriations, and investment.
SHARED_OUT = {"operating_appropriations": (6,), "investment_appropriations": (1, 2, 3, 4)}
NOT_PLACED = 0


class Places:
    """Where a cost centre and a function belong: by its own code, by its function, or by the nearest unit."""

    def __init__(self, areas: Sequence[Area], centres: Mapping[str, str]):
        self.areas, self.centres = areas, centres
        self.units = [(unit.path, area.pk) for area in areas for unit in area.units.all()]
        self.found: dict[tuple[str, str], int] = {}

    def of(self, cost_centre: str, function: str) -> int:
        """The key of the area; 0 where none has it."""
        key = cost_centre, function
        if key not in self.found:
            self.found[key] = self._look_up(*key)
        return self.found[key]

    def _look_up(self, cost_centre: str, function: str) -> int:
        path = self.centres.get(cost_centre, "")
        by_centre = [(code, each.pk) for each in self.areas for code in each.cost_centres]
        by_function = [(code, each.pk) for each in self.areas for code in each.functions]
        return (
            _longest(by_centre, cost_centre)
            or _longest(by_function, function)
            or _longest(self.units, path)
            or NOT_PLACED
        )


def _longest(beginnings: Sequence[tuple[str, int]], text: str) -> int:
    """The key with the longest beginning of the text."""
    fitting = [(len(start), key) for start, key in beginnings if start and text.startswith(start)]
    return max(fitting)[1] if fitting else NOT_PLACED


def second_part(name: str, year: int) -> Sheet:
    """Net by appropriation area; what no area has is a line of its own, so that it goes up with the first part."""
    statement = statements()[name]
    asked, extracts = asked_for(year)
    arts = sorted({art for line in statement.lines if line.number in SHARED_OUT[name] for art in line.arts})
    areas = list(Area.objects.of_year(year).prefetch_related("units"))
    centres = Code.objects.of_year(year).filter(dimension=Dimension.COST_CENTRE).exclude(unit=None)
    places = Places(areas, dict(centres.values_list("code", "unit__path")))
    sums: defaultdict[tuple, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        cursor.execute(BY_PLACE, [extracts, statement.account_class, arts])
        for book, version, of_year, centre, function, amount in cursor.fetchall():
            sums[book, version, of_year][places.of(centre, function)] += SIGN * amount
    shown = [each for each in asked if any(key in sums for key in each.keys)]
    amounts = {each.label: _together(sums, each) for each in shown}
    rows = [Row(str(area), [amounts[each.label].get(area.pk, 0) for each in shown]) for area in areas]
    lost = [amounts[each.label].get(NOT_PLACED, 0) for each in shown]
    if any(lost) or not areas:
        rows.append(Row(_("In no area"), lost))
    totals = [sum(amounts[each.label].values()) for each in shown]
    rows.append(Row(_("Total"), totals, is_sum=True))
    first = {each.label: each for each in columns_of(statement, asked, extracts)}
    numbers = SHARED_OUT[name]
    checks = [
        _held(each.label, total, sum(first[each.label].of(number) for number in numbers))
        for each, total in zip(shown, totals, strict=True)
    ]
    title = statement.name.replace("første del", _("second part"))
    note = "" if areas else _("The areas that the council has chosen are not written down yet.")
    return Sheet(title, statement.section, [each.label for each in shown], rows, checks, note)


def _together(sums, asked: Asked) -> dict[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    for key in asked.keys:
        for area, amount in sums.get(key, {}).items():
            found[area] += amount
    return dict(found)


def _held(label: str, total: int, first: int) -> Check:
    said = {"label": label, "total": in_kroner(total), "first": in_kroner(first), "gap": in_kroner(total - first)}
    if total == first:
        return Check(_("%(label)s goes up with the first part: %(total)s.") % said, True)
    words = _("%(label)s does not go up with the first part: %(total)s against %(first)s, a difference of %(gap)s.")
    return Check(words % said, False)


# -- the balance and the debt


@dataclass(frozen=True)
class Standing:
    """Balance accounts of the end of a year: chapter → øre with the sign of the accounts."""

    label: str
    ledger: Mapping[str, int]

    @cached_property
    def lines(self) -> dict[int, int]:
        return balance_sheet().compute(self.ledger)

    @property
    def unplaced(self) -> dict[str, int]:
        return balance_sheet().unplaced(self.ledger)


def _standings(year: int) -> list[Standing]:
    asked, extracts = asked_for(year)
    ledgers = ledgers_of(extracts, "2", by_kostra=False)
    found = []
    for each in asked:
        if each.book != Book.ACCOUNTS or each.keys[0] not in ledgers:
            continue
        by_chapter: defaultdict[str, int] = defaultdict(int)
        for kind, amount in ledgers[each.keys[0]].items():
            by_chapter[chapter(kind)] += amount
        found.append(Standing(each.label, by_chapter))
    return found


def balance(year: int) -> Sheet:
    """§ 5-8. Assets keep the sign of the accounts; equity and debt are turned."""
    sheet, standings = balance_sheet(), _standings(year)
    rows = [Row(line.name, [each.lines[line.number] for each in standings], line.is_sum) for line in sheet.lines]
    lost = sorted({code for each in standings for code in each.unplaced})
    rows += [
        Row(_("On no line: %(code)s") % {"code": code}, [each.unplaced.get(code, 0) for each in standings])
        for code in lost
    ]
    checks = [_balances(each) for each in standings]
    note = _("Which accounts stand on which line is a proposal, to be verified by the finance people.")
    return Sheet(sheet.name, sheet.section, [each.label for each in standings], rows if standings else [], checks, note)


def _balances(each: Standing) -> Check:
    assets, rest = each.lines[10], each.lines[19]
    said = {"label": each.label, "assets": in_kroner(assets), "gap": in_kroner(assets - rest)}
    if assets == rest:
        return Check(_("%(label)s: assets are equity and debt, %(assets)s.") % said, True)
    return Check(_("%(label)s: assets and equity with debt differ by %(gap)s.") % said, False)


DEBT, INSTALMENTS = 15, ("510", "511", "512")


def debt(year: int) -> Sheet:
    """Kommuneloven § 14-4: the debt at the start and the end of the year, and what has come and gone."""
    name, section = _("Development of the debt"), "kommuneloven § 14-4"
    standings = _standings(year)
    note = _("Long-term loans of the balance (chapters 41–49). New loans are what is left after instalments.")
    if len(standings) < 2:
        lacking = _("The balance of %(year)s and of the year before must both be loaded.") % {"year": year}
        return Sheet(name, section, note=lacking)
    now, before = standings[0], standings[1]
    asked, extracts = asked_for(year)
    paid = 0
    for account_class in ("0", "1"):
        booked = ledgers_of(extracts, account_class).get(asked[0].keys[0], {})
        paid += sum(booked.get(art, 0) for art in INSTALMENTS)
    opening, closing = before.lines[DEBT], now.lines[DEBT]
    rows = [
        Row(_("Loan debt at the start of the year"), [opening]),
        Row(_("New loans"), [closing - opening + paid]),
        Row(_("Instalments"), [-paid]),
        Row(_("Loan debt at the end of the year"), [closing], is_sum=True),
    ]
    return Sheet(name, section, [now.label], rows, (), note)


# -- the year's deviation

# Lines of the appropriation statements: the result before dispositions, those that law or others decide, those that
# may be cancelled (strykninger), and what is carried forward.
DEVIATIONS = {
    "operating_appropriations": ((17, 19, 20), (18, 21, 23, 22), 25),
    "investment_appropriations": ((6, 14, 19, 21, 22), (23, 20, 24, 25), 27),
}


def deviation(name: str, year: int) -> Sheet:
    """§ 5-9: accounts less the budget as it stands now, before and after what was cancelled at the end of the year."""
    statement = statements()[name]
    asked, extracts = asked_for(year)
    shown = {each.label: each for each in columns_of(statement, asked, extracts)}
    booked = next((shown.get(each.label) for each in asked if each.book == Book.ACCOUNTS and each.year == year), None)
    granted = next((shown.get(each.label) for each in asked if each.book == Book.BUDGET), None)
    title = (
        _("Total budget deviation – investment")
        if statement.account_class == "0"
        else _("Total budget deviation – operations")
    )
    if booked is None or granted is None:
        lacking = _("Both the accounts and a budget of %(year)s must be loaded.") % {"year": year}
        return Sheet(title, "§ 5-9", note=lacking)
    before, cancelled, carried = DEVIATIONS[name]
    names = {line.number: line.name for line in statement.lines}
    gap = {number: booked.of(number) - granted.of(number) for number in names}
    first = sum(gap[number] for number in before)
    rows = [
        Row(_("Deviation from the budget before cancellations"), [first], is_sum=True),
        *(Row(_("Cancelled or changed: %(line)s") % {"line": names[number]}, [gap[number]]) for number in cancelled),
        Row(_("Result after cancellations"), [first + sum(gap[number] for number in cancelled)], is_sum=True),
        Row(names[carried], [booked.of(carried)], is_sum=True),
    ]
    is_even = granted.of(carried) == 0
    words = _("The budget comes to nothing, as it should.") if is_even else _("The budget does not come to nothing.")
    note = _("Which lines belong here is a proposal, to be verified by the finance people (§ 5-9).")
    return Sheet(title, "§ 5-9", [_("Deviation")], rows, [Check(words, is_even)], note)


def further() -> dict[str, tuple[str, str]]:
    """Address → (name, section) of the statements that are made here."""
    part = _("second part")
    granted, invested = statements()["operating_appropriations"], statements()["investment_appropriations"]
    return {
        "drift-omrader": (granted.name.replace("første del", part), granted.section),
        "investering-omrader": (invested.name.replace("første del", part), invested.section),
        "balanse": (balance_sheet().name, balance_sheet().section),
        "gjeld": (_("Development of the debt"), "kommuneloven § 14-4"),
        "avvik-drift": (_("Total budget deviation – operations"), "§ 5-9"),
        "avvik-investering": (_("Total budget deviation – investment"), "§ 5-9"),
    }


def sheet_of(name: str, year: int) -> Sheet:
    """Raises KeyError for an address that is none of these."""
    makers = {
        "drift-omrader": lambda: second_part("operating_appropriations", year),
        "investering-omrader": lambda: second_part("investment_appropriations", year),
        "balanse": lambda: balance(year),
        "gjeld": lambda: debt(year),
        "avvik-drift": lambda: deviation("operating_appropriations", year),
        "avvik-investering": lambda: deviation("investment_appropriations", year),
    }
    return makers[name]()
