"""The codes of the accounts from a file: names, the units of cost centres, and KOSTRA's codes."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styrhus.economy.imports.fields import CODE, NAME, year
from styrhus.economy.models import Code, Dimension
from styrhus.economy.operations.codes import KEEPS, listed_for, new_code
from styrhus.economy.queries.codes import readings
from styrhus.kit.loading import BATCH, Field, Kind, Loader, Row
from styrhus.kit.parsing import choice, text
from styrhus.organisation.models import Unit

# What has no first year has been there as long as there are figures.
ALWAYS = 1986
OWN = ("name", "unit_id", "kostra", "last_year")


@dataclass
class Plan:
    """What becomes of a row: the code as it stands, what it will say, and from which year where that is a new one."""

    stands: Code | None
    wanted: dict[str, Any] = field(default_factory=dict)
    begins: int | None = None


class CodeLoader(Loader):
    """A row with a later first year than the code that stands, and something new to say, is a new meaning from then."""

    def __init__(self, mapped, on):
        super().__init__(mapped, on)
        self.readings = readings()
        self.seen: set[tuple[str, str, int | None]] = set()

    def decide(self, rows):
        fit = [row for row in rows if not row.is_refused]
        written = {row["unit"] for row in fit} - {None}
        self.units = dict(Unit.objects.filter(code__in=written).values_list("code", "pk"))
        codes = Code.objects.filter(code__in={row["code"] for row in fit}).order_by("first_year")
        # The newest one comes last, and stands.
        self.standing = {(each.dimension, each.code): each for each in codes}
        for row in fit:
            row.label = f"{Dimension(row['dimension']).label} {row['code']} {row['name'] or ''}".strip()
            self._refuse(row)
            if not row.is_refused:
                self._decide(row)

    def _refuse(self, row: Row) -> None:
        dimension, listed = row["dimension"], listed_for(row["dimension"])
        key = (dimension, row["code"], row["first_year"])
        if key in self.seen:
            row.refuse("code", _("The file has another row with this code."))
        self.seen.add(key)
        if row["unit"] and dimension != Dimension.COST_CENTRE:
            row.refuse("unit", _("Only a cost centre belongs to a unit."))
        elif row["unit"] and row["unit"] not in self.units:
            row.refuse("unit", _("No unit has the code “%(code)s”.") % {"code": row["unit"]})
        if row["kostra"] and row["kostra"] not in listed:
            row.refuse("kostra", _("“%(code)s” is not on KOSTRA's list.") % {"code": row["kostra"]})
        if row["last_year"] and row["first_year"] and row["last_year"] < row["first_year"]:
            row.refuse("last_year", _("It ends before it begins."))

    def _decide(self, row: Row) -> None:
        stands = self.standing.get((row["dimension"], row["code"]))
        said = {"name": row["name"], "unit_id": self.units.get(row["unit"]), "kostra": row["kostra"]}
        wanted = {name: value for name, value in (said | {"last_year": row["last_year"]}).items() if value is not None}
        row.thing = Plan(stands, wanted)
        if stands is None:
            row.add()
            return
        changes = {name: (was, now) for name, now in wanted.items() if (was := getattr(stands, name)) != now}
        if changes and row["first_year"] and row["first_year"] > stands.first_year:
            row.thing.begins = row["first_year"]
        row.change({"unit" if name == "unit_id" else name: pair for name, pair in changes.items()})

    def write(self, rows):
        plans = [(row, row.thing) for row in rows if row.outcome in ("added", "changed")]
        changed = [_said_anew(plan.stands, plan.wanted) for _row, plan in plans if plan.stands and not plan.begins]
        ended = [_ended(plan.stands, plan.begins - 1) for _row, plan in plans if plan.stands and plan.begins]
        Code.objects.bulk_update([*changed, *ended], [*OWN, "is_exception"], batch_size=BATCH)
        new = [self._new(row, plan) for row, plan in plans if plan.begins or plan.stands is None]
        Code.objects.bulk_create(new, batch_size=BATCH)

    def _new(self, row: Row, plan: Plan) -> Code:
        """What the file does not say of a new meaning is as it was before."""
        made = new_code(row["dimension"], row["code"], "", plan.begins or row["first_year"] or ALWAYS, self.readings)
        if plan.stands:
            made.name, made.unit_id, made.kostra = plan.stands.name, plan.stands.unit_id, plan.stands.kostra
        return _said_anew(made, plan.wanted)


def _said_anew(code: Code, wanted: dict[str, Any]) -> Code:
    for name, value in wanted.items():
        setattr(code, name, value)
    code.is_exception |= "kostra" in wanted
    return code


def _ended(code: Code, last_year: int) -> Code:
    code.last_year = last_year
    return code


CODES = Kind(
    "codes",
    gettext_lazy("Codes of the accounts"),
    gettext_lazy(
        "Cost centres and the units they belong to, kinds and functions and what KOSTRA calls them. A later first year "
        "makes a new meaning from then on; codes that are not in the file stay."
    ),
    (
        Field(
            "dimension",
            gettext_lazy("Dimension"),
            choice(Dimension.choices),
            required=True,
            one_for_all=True,
            help=gettext_lazy("Cost centre, kind, function, project or free dimension."),
            synonyms=("dimensjon",),
        ),
        Field("code", gettext_lazy("Code"), CODE, required=True, synonyms=("kode", "nummer")),
        Field("name", gettext_lazy("Name"), NAME, synonyms=("navn", "namn", "tekst", "betegnelse")),
        Field(
            "unit",
            gettext_lazy("Unit"),
            text(40),
            help=gettext_lazy("Of a cost centre: the code of the unit it belongs to."),
            synonyms=("enhet", "enhetskode", "eining"),
        ),
        Field("kostra", gettext_lazy("KOSTRA's code"), text(3), synonyms=("kostra", "kostrakode")),
        Field("first_year", gettext_lazy("First year"), year, synonyms=("fra", "fra år", "gyldig fra")),
        Field("last_year", gettext_lazy("Last year"), year, synonyms=("til", "til år", "gyldig til")),
    ),
    CodeLoader,
    permission=KEEPS,
)
