"""The ledger and the budget from files: line by line, in the months that the file is about."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from styrhus.economy import kostra
from styrhus.economy.fingerprints import Fingerprint
from styrhus.economy.imports.fields import INCOME, INCOME_POSITIVE, LINES, REPORTS, VERSION
from styrhus.economy.imports.undoing import undo_extracts
from styrhus.economy.models import Book, Code, Dimension, Extract, Version
from styrhus.economy.operations.codes import new_code, place_by_code
from styrhus.economy.queries.codes import readings
from styrhus.economy.queries.months import chain, is_closed
from styrhus.economy.words import in_kroner, month_in_words, what_it_is
from styrhus.kit.loading import Control, Kind, Loader, Row
from styrhus.organisation.queries import acting_now

LOADS = "ledger.load"
ORE = 100
COLUMNS = (
    *("extract_id", "account_class", "cost_centre", "kind", "function", "project", "free"),
    *("amount", "voucher", "text"),
)
COPY = f"COPY economy_line ({', '.join(COLUMNS)}) FROM STDIN"
NAMED = {
    Dimension.COST_CENTRE: ("cost_centre", "cost_centre_name"),
    Dimension.KIND: ("kind", "kind_name"),
    Dimension.FUNCTION: ("function", "function_name"),
    Dimension.PROJECT: ("project", None),
    Dimension.FREE: ("free", None),
}


@dataclass(slots=True)
class Scope:
    """The figures of one month that the file gives: a new extract, or one that is there already, word for word."""

    extract: Extract
    stands: Extract | None
    is_known: bool
    # Why nothing can be loaded of this month; empty where it can.
    refusal: str = ""
    lines: int = 0
    total: int = 0
    fingerprint: Fingerprint = field(default_factory=Fingerprint)
    # Of all that stands in the month, from every source; empty where that is not known.
    whole: str = ""

    @property
    def is_same(self) -> bool:
        """Line by line what stands already, in whatever order and from whatever file."""
        return self.is_known or self.is_whole or self.stands_so

    @property
    def is_whole(self) -> bool:
        """Everything that the version has in the month, whatever it is made of: a budget that comes back."""
        return self.whole == str(self.fingerprint)

    @property
    def stands_so(self) -> bool:
        return self.stands is not None and self.stands.fingerprint == str(self.fingerprint)


class LedgerLoader(Loader):
    """Of the whole file it remembers the months, the codes and their sums: memory does not grow with the lines."""

    book = Book.ACCOUNTS

    def __init__(self, mapped: frozenset[str], on: date):
        super().__init__(mapped, on)
        self.scopes: dict[tuple, Scope] = {}
        self.versions: dict[tuple[int, str], Version] = {}
        # Dimension → code → (name, first year).
        self.codes: dict[str, dict[str, tuple[str, int]]] = {dimension: {} for dimension in NAMED}
        self.sums: dict[str, Counter] = {"cost_centre": Counter(), "kind": Counter()}
        self.counts: dict[str, Counter] = {"cost_centre": Counter(), "kind": Counter()}
        self.readings = readings()
        self.classes: dict[str, str] = {}
        self.incomes: Counter = Counter()

    # -- deciding

    def decide(self, rows):
        for row in rows:
            if not row.is_refused:
                self._decide(row)

    def _decide(self, row: Row) -> None:
        values = row.values
        account_class = self._class_of(row)
        scope = self._scope(row)
        amount = self._ore(row)
        if row.is_refused or scope is None:
            return
        parts = tuple(values.get(name) or "" for name in ("cost_centre", "kind", "function", "project", "free"))
        row.thing = (scope, (account_class, *parts), amount)
        self._remember(row, scope, parts, amount)
        told = values.get("voucher") or "", values.get("text") or ""
        scope.fingerprint.add(account_class, *parts, amount, *told)
        if not scope.is_known:
            row.label = f"{parts[0]} {parts[1]} {parts[2]}: {amount / ORE:.2f}"
            row.add()

    def _class_of(self, row: Row) -> str:
        """The account class that is written, or that the kind begins with. They may not say different things."""
        kind = row.values.get("kind") or ""
        if kind not in self.classes:
            reading = self.readings[Dimension.KIND].get(len(kind)) if kind.isdecimal() else None
            self.classes[kind] = reading.account_class(kind) if reading else ""
        held, written = self.classes[kind], row.values.get("account_class")
        if written and held and written != held:
            words = _("The kind %(kind)s belongs to account class %(held)s, and the file says %(written)s.")
            row.refuse("account_class", words % {"kind": kind, "held": held, "written": written})
        elif not written and held not in ("0", "1", "2", "3", "4", "5"):
            words = _("The kind “%(kind)s” does not tell the account class. Say it once for the whole file.")
            row.refuse("account_class", words % {"kind": kind})
        return written or held

    def _scope(self, row: Row) -> Scope | None:
        """The extract that the line belongs to: by book, version, year and month."""
        values = row.values
        year, month = values.get("year"), 0
        if on := values.get("date"):
            year, month = year or on.year, on.month
        if told := values.get("month"):
            year, month = told[0] or year, told[1]
        if not year:
            row.refuse("year", _("It cannot be told which year. Say it once for the whole file, or in a column."))
            return None
        key = (values.get("version"), year, month, bool(values.get("form")))
        if key not in self.scopes:
            self.scopes[key] = self._begin(*key)
        if reason := self.scopes[key].refusal:
            row.refuse("month", reason)
        return self.scopes[key]

    def _begin(self, version: str | None, year: int, month: int, is_reported: bool) -> Scope:
        book = Book.REPORTED if is_reported else self.book
        of = self._version(year, version) if version and book == Book.BUDGET else None
        extract = Extract(book=book, version=of, year=year, month=month, source=self.source, mark=self.mark)
        if of and not of.pk:
            return Scope(extract, None, is_known=False)
        same = Extract.objects.standing().filter(book=book, version=of, year=year, source=self.source)
        # What this load has written itself is no obstacle to the rest of it.
        mine = [each.extract.pk for each in self.scopes.values() if each.extract.pk]
        standing = {each.month: each for each in same.exclude(pk__in=mine)}
        stands = standing.get(month)
        refusal = _twice(month, standing.keys(), year)
        if book == Book.ACCOUNTS and is_closed(year, month):
            words = _("%(month)s %(year)s is closed. Nothing more is booked there.")
            refusal = words % {"month": month_in_words(month).capitalize(), "year": year}
        is_known = stands is not None and stands.mark == self.mark
        return Scope(extract, stands, is_known=is_known, refusal=refusal, whole=_whole(of, month))

    def _version(self, year: int, name: str) -> Version:
        if (year, name) not in self.versions:
            found = Version.objects.filter(year=year, name=name).first()
            self.versions[year, name] = found or Version(year=year, name=name)
        return self.versions[year, name]

    def _ore(self, row: Row) -> int:
        """Whole øre with the sign of the accounts."""
        exact = row.values["amount"] * ORE * (row.values.get("scale") or 1)
        amount = int(exact)
        if amount != exact:
            row.refuse("amount", _("The amount has parts of an øre. Write it with two decimals."))
        if row.values.get("direction") == INCOME:
            self.incomes[amount > 0] += 1
            if row.values.get("sign") == INCOME_POSITIVE:
                return -amount
        return amount

    def _remember(self, row: Row, scope: Scope, parts: tuple, amount: int) -> None:
        scope.lines += 1
        scope.total += amount
        for name, code in (("cost_centre", parts[0]), ("kind", parts[1])):
            self.sums[name][code] += amount
            self.counts[name][code] += 1
        year = scope.extract.year
        for dimension, (code_field, name_field) in NAMED.items():
            code = row.values.get(code_field)
            if code and (code not in (known := self.codes[dimension]) or known[code][1] > year):
                known[code] = ((name_field and row.values.get(name_field)) or "", year)

    # -- telling

    def notes(self):
        return [
            *(self._told_of(scope) for scope in self.scopes.values() if scope.stands),
            *(self._told_of_others(scope) for scope in self.scopes.values() if scope.whole and not scope.stands),
            *self._told_of_sign(),
            *self._told_of_codes(),
            *self._told_of_balance(),
        ]

    def _told_of(self, scope: Scope) -> str:
        said = {
            "what": what_it_is(scope.extract),
            "at": f"{scope.stands.at:%d.%m.%Y}" if scope.stands else "",
            "old": in_kroner(scope.stands.total) if scope.stands else "",
            "new": in_kroner(scope.total),
        }
        if scope.is_known:
            return _("%(what)s: the same file was loaded on %(at)s. Nothing is changed.") % said
        if scope.is_same:
            return _("%(what)s: the lines are the same as those loaded on %(at)s.") % said
        return _("%(what)s, loaded on %(at)s, is replaced: the sum goes from %(old)s to %(new)s.") % said

    def _told_of_others(self, scope: Scope) -> str:
        """Nothing from this source stands, but something from others does."""
        said = {"what": what_it_is(scope.extract)}
        if scope.is_whole:
            return _("%(what)s: the lines are the same as those that stand. Nothing is changed.") % said
        return _("%(what)s: lines from other sources stand there, and these are added to them.") % said

    def _told_of_sign(self) -> list[str]:
        if self.incomes[True] <= self.incomes[False] or "sign" in self.mapped:
            return []
        return [_("Income is mostly positive in the file. Say so, if it is not meant to be booked as expense.")]

    def _told_of_codes(self) -> list[str]:
        found = []
        for dimension in (Dimension.KIND, Dimension.FUNCTION):
            listed = kostra.kinds() if dimension == Dimension.KIND else kostra.functions()
            lost = [code for code in self.codes[dimension] if not kostra.read(code, self.readings[dimension], listed)]
            exceptions = Code.objects.filter(dimension=dimension, code__in=lost).exclude(kostra="")
            lost = sorted(set(lost) - set(exceptions.values_list("code", flat=True)))
            if lost:
                words = ngettext(
                    "%(dimension)s: %(n)s code has none of KOSTRA's codes: %(codes)s.",
                    "%(dimension)s: %(n)s codes have none of KOSTRA's codes: %(codes)s.",
                    len(lost),
                )
                said = {"dimension": dimension.label, "n": len(lost), "codes": ", ".join(lost[:12])}
                found.append(words % said)
        return found

    def _told_of_balance(self) -> list[str]:
        """Where the balance accounts are there too, what is booked in a month comes to nothing."""
        if not any(self.classes.get(code) == "2" for code in self.codes[Dimension.KIND]):
            return []
        words = _("%(what)s does not balance: the sum is %(sum)s, and should be 0.")
        crooked = [each for each in self.scopes.values() if each.total]
        return [words % {"what": what_it_is(each.extract), "sum": in_kroner(each.total)} for each in crooked]

    def controls(self):
        units = dict(
            Code.objects.filter(dimension=Dimension.COST_CENTRE, code__in=self.sums["cost_centre"])
            .exclude(unit=None)
            .values_list("code", "unit__name")
        )
        return [
            self._control(_("By unit or cost centre"), "cost_centre", units),
            self._control(_("By kind"), "kind", {}),
        ]

    def _control(self, heading: str, name: str, places: dict[str, str]) -> Control:
        sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        named = self.codes[NAMES[name]]
        for code, total in self.sums[name].items():
            label = places.get(code) or f"{code} {named.get(code, ('', 0))[0]}".strip()
            sums[label][0] += self.counts[name][code]
            sums[label][1] += total
        lines = [(label, count, Decimal(total) / ORE) for label, (count, total) in sorted(sums.items())]
        return Control(heading, lines)

    # -- writing

    def write(self, rows):
        added = [row for row in rows if row.thing and not row.thing[0].is_known and not row.is_refused]
        if not added:
            return
        for row in added:
            self._keep(row.thing[0])
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for row in added:
                scope, codes, amount = row.thing
                told = row.values
                copy.write_row((scope.extract.pk, *codes, amount, told.get("voucher") or "", told.get("text") or ""))

    def _keep(self, scope: Scope) -> None:
        """Writes the extract with its first line; what it replaces steps aside first."""
        extract = scope.extract
        if extract.pk:
            return
        if extract.version and not extract.version.pk:
            extract.version.save()
        # The one that stands must step aside before, and can only name its heir after.
        if scope.stands:
            Extract.objects.filter(pk=scope.stands.pk).update(undone_in=0)
        extract.by = acting_now()
        extract.version_id = extract.version.pk if extract.version else None
        extract.save()
        if scope.stands:
            Extract.objects.filter(pk=scope.stands.pk).update(undone_in=None, replaced_by=extract)

    def changes_nothing(self):
        """Every month of the file is there, line by line: such as a budget that comes back as it was sent."""
        scopes = [scope for scope in self.scopes.values() if scope.lines]
        return bool(scopes) and all(scope.is_same for scope in scopes) and not all(scope.is_known for scope in scopes)

    def finish(self):
        self._register()
        for scope in self.scopes.values():
            if scope.extract.pk:
                Extract.objects.filter(pk=scope.extract.pk).update(fingerprint=str(scope.fingerprint))
        for version in self.versions.values():
            if version.pk and self.layout:
                version.layout = {"columns": self.layout, "same": dict(self.same)}
                version.save(update_fields=["layout"])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS economy_extract_sealed IMMEDIATE")
            cursor.execute("SET CONSTRAINTS economy_extract_sealed DEFERRED")

    def _register(self) -> None:
        """Codes that are new get a row, so that none is lost: KOSTRA's code by the rule, and the name in the file."""
        for dimension, found in self.codes.items():
            known = Code.objects.filter(dimension=dimension, code__in=found)
            earliest: dict[str, Code] = {}
            for each in known.order_by("-first_year"):
                earliest[each.code] = each
            self._begin_earlier(earliest, found)
            self._name(earliest, found)
            new = [new_code(dimension, code, *found[code], self.readings) for code in found if code not in earliest]
            place_by_code(new)
            Code.objects.bulk_create(new, batch_size=1_000)

    def _begin_earlier(self, known: dict[str, Code], found: dict[str, tuple[str, int]]) -> None:
        earlier = [each for code, each in known.items() if each.first_year > found[code][1]]
        for each in earlier:
            each.first_year = found[each.code][1]
        Code.objects.bulk_update(earlier, ["first_year"], batch_size=1_000)

    def _name(self, known: dict[str, Code], found: dict[str, tuple[str, int]]) -> None:
        nameless = [each for code, each in known.items() if not each.name and found[code][0]]
        for each in nameless:
            each.name = found[each.code][0]
        Code.objects.bulk_update(nameless, ["name"], batch_size=1_000)


def _whole(version: Version | None, month: int) -> str:
    """The fingerprint of all that a version has in a month; empty where a part of it has none."""
    if version is None:
        return ""
    standing = Extract.objects.standing().filter(version__in=chain(version), month=month)
    written = list(standing.values_list("fingerprint", flat=True))
    if not written or not all(written):
        return ""
    found = Fingerprint()
    for each in written:
        found.take_in(each)
    return str(found)


def _twice(month: int, standing: Collection[int], year: int) -> str:
    """A year that is there as a whole is not loaded by month too, nor the other way: it would count twice."""
    if month and set(standing) == {0}:
        words = _("%(year)s is loaded as a whole from this source. Undo that first, or the months would count twice.")
        return words % {"year": year}
    if not month and standing and 0 not in standing:
        words = _("%(year)s is loaded by month from this source. Say which month, or the year would count twice.")
        return words % {"year": year}
    return ""


NAMES = {"cost_centre": Dimension.COST_CENTRE, "kind": Dimension.KIND}


class BudgetLoader(LedgerLoader):
    book = Book.BUDGET


LEDGER = Kind(
    "ledger",
    gettext_lazy("Ledger"),
    gettext_lazy(
        "What is booked, from the accounting system or as it was reported to KOSTRA. A new file of a month takes the "
        "place of the one before it from the same source."
    ),
    LINES,
    LedgerLoader,
    permission=LOADS,
    undo=undo_extracts,
    layouts=(REPORTS,),
)
BUDGET = Kind(
    "budget",
    gettext_lazy("Budget"),
    gettext_lazy(
        "A version of the budget, of a year or month by month. A new file of the same version takes the place of the "
        "one before it from the same source."
    ),
    (VERSION, *LINES),
    BudgetLoader,
    permission=LOADS,
    undo=undo_extracts,
)
