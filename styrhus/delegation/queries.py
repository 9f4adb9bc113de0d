"""Questions about authority: who may decide what, what stands on what, and which checks are not done."""

from datetime import date

from django.db import connection
from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from styrhus.delegation.models import Authorisation, AuthorityLevel, Power, Regulations, Source, name_of
from styrhus.items.facts import Fact
from styrhus.organisation.access import authority_of
from styrhus.organisation.models import Position, UnitKind

# A giver with more positions in the line than this is offered those that lead, and those of the own unit.
OFFERED_WHOLE = 500
_BELOW = """
WITH RECURSIVE below AS (
    SELECT a.item_ptr_id, 1 AS depth FROM delegation_authorisation a WHERE a.passed_on_from_id = %s
    UNION ALL
    SELECT a.item_ptr_id, below.depth + 1 FROM below JOIN delegation_authorisation a
        ON a.passed_on_from_id = below.item_ptr_id
) SELECT b.item_ptr_id FROM below b JOIN items_item i ON i.id = b.item_ptr_id
WHERE i.ended IS NULL ORDER BY b.depth DESC, b.item_ptr_id
"""


def council() -> Position | None:
    """The position that the council decides through: it leads the body that is part of nothing else."""
    leading = Position.objects.filter(leads=True, unit__kind=UnitKind.BODY, unit__parent=None)
    return leading.select_related("unit").order_by("until", "unit_id").first()


def is_council(position: Position) -> bool:
    return position.leads and position.unit.kind == UnitKind.BODY and position.unit.parent_id is None


def is_body(position: Position) -> bool:
    return position.unit.kind == UnitKind.BODY


def is_municipal_director(position: Position) -> bool:
    return position.leads and position.unit.kind == UnitKind.MUNICIPALITY


def in_line_of(giver: Position) -> Q:
    """The positions a giver can pass authority on to, by where they stand.

    koml. § 5-3: elected bodies delegate to other bodies and to the municipal director, an enterprise to its manager;
    in the administration it goes down the giver's own line.
    """
    if not is_body(giver):
        return Q(unit__path__startswith=giver.unit.path)
    bodies = Q(unit__kind=UnitKind.BODY) if is_council(giver) else Q(unit__path__startswith=giver.unit.path)
    leading = Q(unit__kind__in=[UnitKind.MUNICIPALITY, UnitKind.MUNICIPAL_ENTERPRISE])
    return Q(leads=True) & (bodies | leading)


def level_of(position: Position) -> int | None:
    """The level whose reservations bind a position; None for the elected.

    A position without a level of its own lies below the levels: the last one's reservations bind it too.
    """
    if is_body(position):
        return None
    if position.authority_level:
        return position.authority_level
    if is_municipal_director(position):
        return 1
    return AuthorityLevel.objects.order_by("-level").values_list("level", flat=True).first()


def level_excluding(power: Power, holder: Position) -> AuthorityLevel | None:
    """The level that keeps this power from this position. What a level does not decide, none below it decides."""
    level = level_of(holder)
    return power.excluded_from.filter(level__lte=level).order_by("level").first() if level else None


def reserved_in(power: Power, start: date, end: date | None) -> Authorisation | None:
    return power.authorisations.filter(source=Source.RESERVED).overlapping(start, end).first()


def candidates(basis: Authorisation):
    """The positions that what one holds can be passed on to: in the line, and at a level that may have it."""
    giver = basis.holder
    above = [position.pk for position in holders_above(basis)]
    found = Position.objects.filter(in_line_of(giver)).filter(Q(until=None) | Q(until__gte=date.today()))
    if basis.power.of_principle:
        found = found.filter(unit__kind=UnitKind.BODY)
    found = found.exclude(pk__in=[giver.pk, *above]).exclude(_excluded_by_level(basis.power))
    if found.count() > OFFERED_WHOLE:
        found = found.filter(Q(leads=True) | Q(unit=giver.unit_id))
    return found.select_related("unit").order_by("unit__path", "-leads", "title")


def _excluded_by_level(power: Power) -> Q:
    first = power.excluded_from.order_by("level").values_list("level", flat=True).first()
    if first is None:
        return Q(pk__in=[])
    last = AuthorityLevel.objects.order_by("-level").values_list("level", flat=True)[0]
    unlevelled = Q(authority_level=None) & ~Q(unit__kind=UnitKind.BODY)
    if first > 1:
        unlevelled &= ~Q(leads=True, unit__kind=UnitKind.MUNICIPALITY)
    return Q(authority_level__gte=first) | (unlevelled if last >= first else Q(pk__in=[]))


def chain_of(authorisation: Authorisation) -> list[Authorisation]:
    """From the source down to the authorisation itself."""
    chain = [authorisation]
    while chain[0].passed_on_from_id:
        above = Authorisation.objects.select_related("holder__unit", "giver__unit", "power")
        chain.insert(0, above.get(pk=chain[0].passed_on_from_id))
    return chain


def holders_above(authorisation: Authorisation) -> list[Position]:
    """Everybody the authority has come from, who therefore cannot be given it again."""
    return [each.giver for each in chain_of(authorisation) if each.giver]


def standing_on(authorisation: Authorisation) -> list[int]:
    """The keys of all that stand on it and have not ended, the lowest first."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [authorisation.pk])
        return [row[0] for row in cursor.fetchall()]


def what_stands_on_it_holds(authorisation: Authorisation) -> list[str]:
    """A guard: nothing is left standing on what is withdrawn, and what the law gives only the law takes back."""
    if authorisation.source != Source.DELEGATED:
        return [
            _("Only what is delegated can be withdrawn. What the law gives or reserves ends on a date: change that.")
        ]
    if standing_on(authorisation):
        return [_("Others stand on this authorisation. Withdraw it from its own page, which takes them along.")]
    return []


def reasons_against(wanted: Authorisation, basis: Authorisation | None) -> list[tuple[str, str]]:
    """Why this cannot be delegated: each reason with the field it belongs to. `basis` is what the giver holds."""
    rules = (_against_time, _against_passing_on, _against_holder, _against_the_council, _against_level)
    return [reason for rule in rules for reason in rule(wanted, basis)]


def _against_time(wanted, basis):
    if wanted.end and wanted.end < wanted.start:
        yield "end", _("The last day is before the first day.")
    elif basis and not basis.covers(wanted.start, wanted.end):
        yield _outside(wanted, basis)


def _outside(wanted, basis) -> tuple[str, str]:
    """Which of the two days lies outside the time of what it stands on."""
    if wanted.start < basis.start:
        return "start", _("It stands on an authorisation that begins %(day)s. Begin then or later.") % _day(basis.start)
    return "end", _("It stands on an authorisation that ends %(day)s. End then or earlier.") % _day(basis.end)


def _day(day: date | None) -> dict:
    return {"day": date_format(day) if day else ""}


def _against_passing_on(wanted, basis):
    if basis is None:
        if not is_council(wanted.giver):
            yield "power", _("The giver does not have this authority, so it cannot be delegated from there.")
    elif not basis.is_live:
        yield "", _("The authorisation has ended, so it cannot be passed on.")
    elif basis.source == Source.RESERVED:
        yield "", _reserved(basis)
    elif not basis.may_be_passed_on:
        yield "", _("It was given on the condition that it is not passed on.")


def _reserved(reserved) -> str:
    return _("The council itself decides this (%(basis)s). It cannot be delegated.") % {"basis": reserved.legal_basis}


def _against_holder(wanted, basis):
    if wanted.holder_id == wanted.giver_id:
        yield "holder", _("Nobody delegates to oneself. Choose another position.")
    elif not Position.objects.filter(in_line_of(wanted.giver), pk=wanted.holder_id).exists():
        yield "holder", _outside_the_line(wanted)
    elif basis and wanted.holder in holders_above(basis):
        yield "holder", _("The authority comes from this position, so it cannot be given back to it.")
    elif _has_it_already(wanted):
        yield "holder", _("The position has this from the same giver already in this time.")


def _outside_the_line(wanted) -> str:
    if is_body(wanted.giver):
        return _(
            "The council and its bodies delegate to other bodies or to the municipal director (kommuneloven § 5-3)."
        )
    return _("The position is outside the giver's own line. Choose one in %(unit)s.") % {"unit": wanted.giver.unit}


def _has_it_already(wanted) -> bool:
    same = Authorisation.objects.live().filter(power=wanted.power_id, giver=wanted.giver_id, holder=wanted.holder_id)
    return same.overlapping(wanted.start, wanted.end).exclude(pk=wanted.pk).exists()


def _against_the_council(wanted, basis):
    reserved = reserved_in(wanted.power, wanted.start, wanted.end)
    if reserved:
        yield "power" if basis is None else "", _reserved(reserved)
    elif wanted.power.of_principle and not is_body(wanted.holder):
        yield (
            "holder",
            _("This is a matter of principle. The municipal director decides only what is not (kommuneloven § 13-1)."),
        )


def _against_level(wanted, basis):
    level = level_excluding(wanted.power, wanted.holder)
    if level:
        yield (
            "holder",
            _("%(position)s is bound by what authority level %(level)s does not decide, and this is part of it.")
            % {"position": name_of(wanted.holder), "level": level},
        )


def reasons_against_change(found: Authorisation, end: date | None, may_be_passed_on: bool) -> list[tuple[str, str]]:
    """Why it cannot last until this day, or no longer be passed on: for what it stands on, and for what it carries."""
    if end and end < found.start:
        return [("end", _("The last day is before the first day."))]
    reasons = []
    basis = found.passed_on_from
    if basis and not basis.covers(found.start, end):
        reasons.append(
            ("end", _("It stands on an authorisation that ends %(day)s. End then or earlier.") % _day(basis.end))
        )
    carried = list(Authorisation.objects.live().filter(passed_on_from=found.pk))
    if carried and not may_be_passed_on:
        reasons.append(("may_be_passed_on", _("It has been passed on. Withdraw what stands on it first.")))
    if end and any(each.end is None or each.end > end for each in carried):
        reasons.append(("end", _("What stands on it lasts longer. End that first, or choose a later day.")))
    return reasons + _against_reserved_change(found, end)


def _against_reserved_change(found: Authorisation, end: date | None) -> list[tuple[str, str]]:
    other = {Source.DELEGATED: Source.RESERVED, Source.RESERVED: Source.DELEGATED}.get(Source(found.source))
    against = Authorisation.objects.live().filter(power=found.power_id, source=other or "")
    if not against.overlapping(found.start, end).exists():
        return []
    return [
        ("end", _("In that time the same power is both delegated and reserved to the council. Choose an earlier day."))
    ]


def held_in_the_administration(power: Power):
    """What has been delegated of a power to others than the elected."""
    held = power.authorisations.filter(source=Source.DELEGATED, ended=None)
    return held.exclude(holder__unit__kind=UnitKind.BODY)


def held_in_spite_of(level: int, powers) -> list[Authorisation]:
    """What positions at a level, or below it, have now of the powers that the level is not to decide."""
    held = Authorisation.objects.live().filter(power__in=powers, source=Source.DELEGATED)
    held = held.exclude(holder__unit__kind=UnitKind.BODY).select_related("holder__unit")
    return [each for each in held[:100] if (level_of(each.holder) or 0) >= level]


def held_by(position: Position, person, on: date):
    """What a position may decide on a date, as far as the person may see it."""
    held = Authorisation.objects.visible_to(person).in_force(on).filter(holder=position.pk)
    return held.select_related("power", "giver__unit", "holder__unit").order_by("power__theme", "power__name")


def to_check_by(position: Position, person, on: date):
    """What a position has passed on, and must check that others use as intended; the most urgent first."""
    given = Authorisation.objects.visible_to(person).in_force(on).with_last_check()
    given = given.filter(responsible=position.pk, source=Source.DELEGATED)
    return given.select_related("power", "holder__unit").order_by("due", "pk")


def checks_not_done(person, on: date):
    """Authorisations whose check is late: a finding. Offered to whoever looks over the house."""
    late = Authorisation.objects.visible_to(person).live().filter(due__lt=on)
    return late.with_last_check()


def of_closed_positions(rows, on: date):
    """A finding: what has not ended, although the position that holds it or gave it is closed. Given anew, or ended."""
    return rows.live().filter(Q(holder__until__lt=on) | Q(giver__until__lt=on))


def count_checks_not_done(person, on: date) -> dict:
    """How many checks are late, and how many of those have never been done."""
    late = Authorisation.objects.visible_to(person).live().filter(due__lt=on)
    return late.aggregate(late=Count("pk"), never=Count("pk", filter=Q(checks=None)))


def may_give_from(person, position: Position) -> bool:
    """The position is one's own, or lies within what one leads: for a body, with who writes down its decisions."""
    own = authority_of(person).own("authorisation.delegate")
    return position.pk in own or person.has_perm("authorisation.delegate", position.unit)


def adopted_regulations() -> Regulations | None:
    return Regulations.objects.filter(state=Regulations.ADOPTED).order_by("-number").first()


def adopted_as_facts(since: date, until: date) -> list[Fact]:
    """For the legal clock: when the council adopted the regulations (koml. § 5-14)."""
    adopted = Regulations.objects.filter(adopted_on__gte=since, adopted_on__lte=until)
    rows = adopted.values_list("pk", "adopted_on", "title")
    return [Fact("adopted", on, "delegation_regulations", pk, title) for pk, on, title in rows if on]


def not_delegated(power: Power | None, person, on: date) -> dict[str, list[Authorisation]]:
    """What the law gives, and what the council keeps to itself, on a date: by its source."""
    found = Authorisation.objects.visible_to(person).in_force(on).filter(source__in=[Source.BY_LAW, Source.RESERVED])
    found = found.filter(power=power) if power else found
    rows = list(found.select_related("power", "holder__unit").order_by("power__name", "holder__unit__path"))
    return {source: [each for each in rows if each.source == source] for source in (Source.BY_LAW, Source.RESERVED)}


def decision_is_named(version: Regulations) -> list[str]:
    """A guard: regulations are adopted from their own page, which asks for the decision and re-issues."""
    return [] if version.adopted_on else [_("Adopt the draft from its own page: the decision must be named.")]


def a_newer_version_holds(version: Regulations) -> list[str]:
    """A guard: regulations hold until they are replaced (koml. § 5-14)."""
    newer = Regulations.objects.filter(state=Regulations.ADOPTED, number__gt=version.number)
    return [] if newer.exists() else [_("It holds until a newer version is adopted.")]


def to_be_reissued():
    """What stands on the version that holds now, or on none: a new version takes it over."""
    stands = Q(issued_under__state=Regulations.ADOPTED) | Q(issued_under=None)
    return Authorisation.objects.live().filter(stands, source=Source.DELEGATED)


def receipts_of(version: Regulations) -> dict:
    """How many positions were asked to read and confirm, how many have, and which have not."""
    waiting = version.receipts.filter(follow_up__done=None).select_related("position__unit")
    return {
        "asked": version.receipts.count(),
        "confirmed": version.receipts.exclude(follow_up__done=None).count(),
        "waiting": waiting.order_by("position__unit__path", "position__title")[:50],
    }


def receipts_wanted_from(person, version: Regulations):
    """What this person is asked to confirm, for the positions held today."""
    mine = version.receipts.filter(follow_up__done=None, position__in=authority_of(person).positions)
    return mine.select_related("position__unit", "follow_up")


def version_before(version: Regulations) -> Regulations | None:
    """The version to compare with: the last one before it that was adopted."""
    known = Regulations.objects.filter(number__lt=version.number, adopted_on__isnull=False)
    return known.order_by("-number").first()
