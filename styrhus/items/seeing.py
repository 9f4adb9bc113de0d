"""Who sees a thing, as one database expression: every page asks it, so it is not put together anew from models."""

from django.db.models import BooleanField, F, Func

from styrhus.organisation.access import authority_of

NOT_EXEMPT, OPEN, NOBODY = "{openness} <> 'exempt'", "{openness} = 'open'", "false"
HELD = "{responsible} = ANY(%s)"
NAMED = "{id} IN (SELECT item_id FROM items_reader WHERE person_id = %s)"
REACHED = "({openness} = 'exempt' AND {unit} IN (SELECT id FROM organisation_unit WHERE path LIKE %s))"
REACHED_IN_A_FIELD = (
    "({openness} = 'exempt' AND {field} = %s AND {unit} IN (SELECT id FROM organisation_unit WHERE path LIKE %s))"
)


class SeenBy(Func):
    """Whether a person sees a row of items today.

    Open and internal: every employee. Exempt: who answers for it, who is named as reader, and roles that reach it.
    """

    output_field = BooleanField()
    columns = ("openness", "responsible", "unit", "field")

    def __init__(self, person):
        super().__init__(*(F(column) for column in self.columns))
        self.rules = list(_rules(person))

    def as_sql(self, compiler, connection, function=None, template=None, arg_joiner=None, **_context):
        asked = self.get_source_expressions()
        columns = {name: compiler.compile(column)[0] for name, column in zip(self.columns, asked, strict=True)}
        # The item's own key. Where a kind is asked Django would name the kind's, and the database then join the two
        # tables of everything before it decides.
        columns["id"] = f"{compiler.quote_name(asked[0].alias)}.id"
        words = " OR ".join(rule.format(**columns) for rule, _values in self.rules)
        return f"({words})", tuple(value for _rule, values in self.rules for value in values)


def _rules(person):
    """Each way of seeing a thing, with its values; one of them must hold."""
    if not person.is_active:
        # Nobody signed in, or someone who has left.
        yield NOBODY, ()
        return
    authority = authority_of(person)
    yield NOT_EXEMPT if authority.having("item.view_internal") else OPEN, ()
    if getattr(person, "support", None):
        # Someone helping with the screen never sees what is exempt.
        return
    if authority.positions:
        yield HELD, [sorted(authority.positions)]
    # Who prepares for a position does not see its exempt things by that: they go to named people.
    yield NAMED, [person.pk]
    for grant in authority.having("item.view_exempt"):
        below = f"{grant.path}%"
        yield (REACHED_IN_A_FIELD, [grant.field, below]) if grant.field else (REACHED, [below])
