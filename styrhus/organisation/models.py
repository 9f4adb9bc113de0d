"""Who answers for what: units, positions, the people in them and the roles a position carries."""

from datetime import date

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from styrhus.kit.sorting import NorwegianKey
from styrhus.organisation.roles import FIELDS, ROLES, roles_offered


class UnitKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    SERVICE_AREA = "service_area", _("Service area")
    SUPPORT_DEPARTMENT = "support_department", _("Support department")
    OPERATING_UNIT = "operating_unit", _("Operating unit")
    DEPARTMENT = "department", _("Department")
    MUNICIPAL_ENTERPRISE = "municipal_enterprise", _("Municipal enterprise")
    BODY = "body", _("Political body")


FEW_UNITS = 200


class UnitQuerySet(models.QuerySet):
    def below(self, unit):
        """The unit itself and every unit under it."""
        return self.filter(path__startswith=unit.path)

    def named(self):
        """For a condition: their keys where they are few, else the question.

        A database that is told the keys goes straight to what lies in these units; of a question it guesses how many.
        """
        keys = self.order_by().values_list("pk", flat=True)
        few = list(keys[: FEW_UNITS + 1])
        return few if len(few) <= FEW_UNITS else keys

    def above(self, unit):
        """Every unit from the top down to the unit itself, in that order."""
        return self.filter(pk__in=unit.path_ids()).order_by("path")

    def living(self, on: date):
        """Those that are there on a date: begun, and not closed before it."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class Unit(models.Model):
    """A node of the organisation tree. A municipal enterprise is its own root: outside the director's line."""

    # Public bodies have names of more than two hundred characters.
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=30, choices=UnitKind)
    organisation_number = models.CharField(_("organisation number"), max_length=9, blank=True)
    # What other systems call it: an import finds the same unit again by this, and nothing else.
    code = models.CharField(_("code"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("part of"), related_name="children", null=True, blank=True
    )
    # "/1/5/9/": kept by a database trigger, so that "this unit and all below" is one indexed prefix.
    path = models.CharField(max_length=400, editable=False, default="")
    since = models.DateField(_("since"), default=date.today)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        indexes = [
            models.Index(fields=["path"], name="unit_path_prefix", opclasses=["text_pattern_ops"]),
            # Positions are read in the order of the units, and only as many as a page has.
            models.Index(fields=["path"], name="unit_by_path"),
            # Every register offers all units by name: to sort them by a key worked out anew is what would cost.
            models.Index(NorwegianKey("name"), "id", name="unit_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="unit_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="unit_has_a_name"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="unit_code_used_once"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organisation:unit", args=[self.pk])

    def path_ids(self) -> list[int]:
        return [int(part) for part in self.path.split("/") if part]

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2

    def is_closed(self, on: date) -> bool:
        return self.until is not None and self.until < on


class UnitPeriodQuerySet(models.QuerySet):
    def on(self, on: date):
        """One period for each unit that was there on a date."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class UnitPeriod(models.Model):
    """What a unit was called and where it stood, from one date to another, both included.

    Written by a database trigger on the units alone, so that no import or bulk update slips past (see `effective`).
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="periods")
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=30, choices=UnitKind)
    organisation_number = models.CharField(max_length=9, blank=True)
    code = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = UnitPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        indexes = [models.Index(fields=["since"], name="unit_periods_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="unit_period_is_not_empty"
            ),
            ExclusionConstraint(
                name="one_period_of_a_unit_at_a_time",
                expressions=[
                    (Func(F("unit"), F("unit"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("since"),
                            F("until"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return self.name


class Succession(models.Model):
    """Which unit answers from a date for what a closed unit answered for."""

    old = models.ForeignKey(Unit, models.CASCADE, related_name="successions")
    new = models.ForeignKey(Unit, models.CASCADE, related_name="inheritances")
    on = models.DateField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="succeeded_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="unit_does_not_succeed_itself"),
        ]

    def __str__(self):
        return f"{self.old} → {self.new}"


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email, password=None, **fields):
        person = self.model(email=email.lower(), **fields)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save()
        return person

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Someone who may sign in. What a person may do follows from the positions held, never from the person."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    # The number the payroll system knows the person by.
    code = models.CharField(_("employee number"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    joined = models.DateTimeField(auto_now_add=True)

    # The support session, on the person that a request carries while somebody helps.
    support: models.Model

    objects = PersonManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        indexes = [models.Index(NorwegianKey("name"), name="person_by_name")]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_is_in_small_letters"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="person_code_used_once"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        # Sign-in asks for addresses in small letters.
        self.email = self.email.lower()

    def get_absolute_url(self):
        return reverse("organisation:person", args=[self.pk])

    def get_full_name(self):
        return self.name

    def has_perm(self, permission, obj=None) -> bool:
        """Django's permission question, answered by the backends in order."""
        return self.is_active and any(
            backend.has_perm(self, permission, obj) for backend in get_backends() if hasattr(backend, "has_perm")
        )


class PositionQuerySet(models.QuerySet):
    def living(self, on: date):
        """Those that are not closed on a date: only they can be chosen and answer for anything."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on))

    def vacant(self, on: date):
        return self.living(on).exclude(pk__in=Appointment.objects.in_force(on).values("position"))


class Position(models.Model):
    """A post, office or function that things answer to. It exists when it is vacant too."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        OFFICE = "office", _("Office")
        FUNCTION = "function", _("Function")

    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.POST)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="positions")
    leads = models.BooleanField(_("leads the unit"), default=False)
    # Level 1 is the municipal director's function, level 2 the unit managers'; never inferred from the title.
    authority_level = models.PositiveSmallIntegerField(_("authority level"), null=True, blank=True)
    code = models.CharField(_("position number"), max_length=40, blank=True)
    since = models.DateField(_("since"), default=date.today)
    # The last day; a closed position answers for nothing and is kept for history.
    until = models.DateField(_("until"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    # As a thing of its own a position belongs to HR's field: whoever keeps that field keeps positions.
    field = "hr"

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["unit__path", "-leads", "title"]
        indexes = [models.Index(fields=["unit", "-leads", "title", "id"], name="position_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(leads=True, until__isnull=True), name="one_position_leads_a_unit"
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="position_code_used_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="position_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(authority_level__isnull=True) | Q(authority_level__gte=1),
                name="authority_level_from_one",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("organisation:position", args=[self.pk])

    def holders(self, on: date):
        """The people in the position on a date, the one who answers first: deputy before permanent holder."""
        return self.appointments.in_force(on).select_related("person").order_by("kind", "start")

    def is_closed(self, on: date) -> bool:
        return self.until is not None and self.until < on

    @property
    def responsible_id(self) -> int:
        """A position answers for itself: what `allows` asks of every thing."""
        return self.pk


class PositionRole(models.Model):
    """A role that a position carries, and its reach: a part of the tree, or one field across that part."""

    position = models.ForeignKey(Position, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=40, choices=roles_offered)
    reach = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("reach"), related_name="+")
    field = models.CharField(_("field"), max_length=30, blank=True, choices=FIELDS)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["position", "role", "reach", "field"], name="role_given_once"),
            models.CheckConstraint(
                condition=~Q(role__in=[role.code for role in ROLES.values() if role.needs_field], field=""),
                name="field_role_has_a_field",
            ),
        ]

    def __str__(self):
        return self.get_role_display()

    @property
    def in_words(self) -> str:
        words = {"role": self.get_role_display(), "unit": self.reach, "field": self.get_field_display()}
        if self.field:
            return gettext("%(role)s (field: %(field)s) in %(unit)s and below") % words
        return gettext("%(role)s in %(unit)s and below") % words


def _same(field: str) -> Func:
    """An integer as a range of one: exclusion on equality without any extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def _days() -> Func:
    return Func(F("start"), F("end"), Value("[]"), function="daterange", output_field=DateRangeField())


class AppointmentQuerySet(models.QuerySet):
    def in_force(self, on: date):
        """Those that hold on a date. Nobody holds a position that is closed: it answers for nothing."""
        living = Q(position__until__isnull=True) | Q(position__until__gte=on)
        return self.running(on).filter(living)

    def running(self, on: date):
        """Those with the date between their own, whether the position is closed or not."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=on), start__lte=on)


class Appointment(models.Model):
    """A person in a position from one date to another, both included."""

    class Kind(models.TextChoices):
        # In the order in which they answer: a deputy acts while the holder is away.
        DEPUTY = "a_deputy", _("Deputy")
        TEMPORARY = "b_temporary", _("Temporary")
        PERMANENT = "c_permanent", _("Permanent")

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    position = models.ForeignKey(Position, models.PROTECT, related_name="appointments")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PERMANENT)
    start = models.DateField(_("from"), default=date.today)
    end = models.DateField(_("to"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-start"]
        indexes = [models.Index(fields=["person", "start"], name="appointment_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="appointment_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="one_holder_of_a_position_at_a_time",
                expressions=[(_same("position"), RangeOperators.OVERLAPS), (_days(), RangeOperators.OVERLAPS)],
                condition=~Q(kind="a_deputy"),
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.position}"

    @property
    def is_deputy(self) -> bool:
        return self.kind == self.Kind.DEPUTY

    def is_running(self, on: date) -> bool:
        """Not over yet: in force, or to come."""
        return self.end is None or self.end >= on

    def is_in_force(self, on: date) -> bool:
        """The one row's answer to what `in_force` asks of many."""
        return self.start <= on and (self.end is None or self.end >= on) and not self.position.is_closed(on)


class Preparer(models.Model):
    """A colleague who prepares on behalf of a position (på vegne av): changes and comments, but takes no step."""

    position = models.ForeignKey(Position, models.CASCADE, related_name="preparers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="prepares_for")
    start = models.DateField(_("from"), default=date.today)
    end = models.DateField(_("to"), null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("prepares on behalf of")
        verbose_name_plural = _("prepare on behalf of")
        ordering = ["-start"]
        indexes = [models.Index(fields=["person", "start"], name="prepared_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="preparing_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="one_prepares_once_at_a_time",
                expressions=[
                    (_same("position"), RangeOperators.OVERLAPS),
                    (_same("person"), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.position}"
