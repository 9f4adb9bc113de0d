from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from styrhus.trail.migration_steps import keep_trail

# What is booked in a closed month stays as it is: nothing is added, replaced or undone.
CLOSED = """
CREATE FUNCTION economy_extract_is_open() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.book = 'accounts' AND EXISTS (
        SELECT FROM economy_period WHERE year = NEW.year AND state = 'closed' AND (month = NEW.month OR NEW.month = 0)
    ) THEN
        RAISE EXCEPTION 'the period is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_is_closed';
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER economy_extract_open BEFORE INSERT OR UPDATE OF replaced_by_id, undone_in ON economy_extract
    FOR EACH ROW EXECUTE FUNCTION economy_extract_is_open();
"""
FORGET = "DROP FUNCTION economy_extract_is_open() CASCADE;"


def usual_ways(apps, schema_editor):
    """All evenly, but pay: in June holiday pay is paid, which was set aside the year before."""
    rules = apps.get_model("economy", "PhasingRule")
    rules.objects.bulk_create(
        rules(kind=kind, way=way) for kind, way in (("", "even"), ("0", "holiday"), ("09", "even"))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("delegation", "0003_two_levels"),
        ("economy", "0002_forecasts"),
        ("organisation", "0010_orders_of_units_and_positions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="what is changed")),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="why")),
                ("month", models.PositiveSmallIntegerField(default=0, verbose_name="from month")),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="decision")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decided on")),
                ("made", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("taken_in_at", models.DateTimeField(blank=True, null=True, verbose_name="taken in")),
            ],
            options={
                "verbose_name": "budget amendment",
                "verbose_name_plural": "budget amendments",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AmendmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_class", models.CharField(default="1", max_length=1, verbose_name="account class")),
                ("cost_centre", models.CharField(max_length=80, verbose_name="cost centre")),
                ("kind", models.CharField(max_length=80, verbose_name="account kind")),
                ("function", models.CharField(blank=True, max_length=80, verbose_name="function")),
                ("project", models.CharField(blank=True, max_length=80, verbose_name="project")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
            ],
            options={
                "verbose_name": "line of an amendment",
                "verbose_name_plural": "lines of amendments",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Detail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_class", models.CharField(default="1", max_length=1, verbose_name="account class")),
                ("cost_centre", models.CharField(max_length=80, verbose_name="cost centre")),
                ("kind", models.CharField(max_length=80, verbose_name="account kind")),
                ("function", models.CharField(blank=True, max_length=80, verbose_name="function")),
                ("project", models.CharField(blank=True, max_length=80, verbose_name="project")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="text")),
            ],
            options={
                "verbose_name": "budget line",
                "verbose_name_plural": "budget lines",
                "ordering": ["kind", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Frame",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField(verbose_name="frame")),
            ],
            options={
                "verbose_name": "frame",
                "verbose_name_plural": "frames",
            },
        ),
        migrations.CreateModel(
            name="PaymentRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "right",
                    models.CharField(
                        choices=[("certify", "Certify (attestation)"), ("order", "Order payment (anvisning)")],
                        max_length=10,
                        verbose_name="right",
                    ),
                ),
                ("start", models.DateField(verbose_name="from")),
                ("end", models.DateField(blank=True, null=True, verbose_name="to")),
            ],
            options={
                "verbose_name": "right to certify or order payment",
                "verbose_name_plural": "rights to certify or order payment",
                "ordering": ["unit__path", "right", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("month", models.PositiveSmallIntegerField(verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("preliminary", "Preliminary"), ("closed", "Closed for booking")],
                        default="open",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "period",
                "verbose_name_plural": "periods",
                "ordering": ["-year", "month"],
            },
        ),
        migrations.CreateModel(
            name="PhasingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=3, verbose_name="KOSTRA kind begins with")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("even", "Evenly"),
                            ("holiday", "Eleven months, for holiday pay is paid in June"),
                            ("last_year", "As last year was booked"),
                            ("own", "Own weights"),
                        ],
                        default="even",
                        max_length=10,
                        verbose_name="spread",
                    ),
                ),
                (
                    "weights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        blank=True,
                        default=list,
                        verbose_name="weights of the months",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule for the months",
                "verbose_name_plural": "rules for the months",
                "ordering": ["kind", "unit__path", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[("filled", "Filled"), ("vacant", "Vacant"), ("substitute", "Substitute")],
                        default="filled",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "full_time",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("1"),
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.001")),
                            django.core.validators.MaxValueValidator(Decimal("500")),
                        ],
                        verbose_name="full-time posts",
                    ),
                ),
                ("pay", models.BigIntegerField(verbose_name="yearly pay of a full-time post")),
                ("additions", models.BigIntegerField(default=0, verbose_name="additions in the year")),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="months of the year",
                    ),
                ),
                ("cost_centre", models.CharField(max_length=80, verbose_name="cost centre")),
                ("function", models.CharField(blank=True, max_length=80, verbose_name="function")),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "ordering": ["state", "title", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WageRates",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="year")),
                (
                    "holiday_pay",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="holiday pay, per cent",
                    ),
                ),
                (
                    "pension",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="pension, per cent",
                    ),
                ),
                (
                    "employer",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="employer's contribution, per cent",
                    ),
                ),
                ("pay_kind", models.CharField(default="10100", max_length=80, verbose_name="kind for pay")),
                (
                    "substitute_kind",
                    models.CharField(default="10200", max_length=80, verbose_name="kind for substitutes"),
                ),
                ("additions_kind", models.CharField(default="10500", max_length=80, verbose_name="kind for additions")),
                ("pension_kind", models.CharField(default="10900", max_length=80, verbose_name="kind for pension")),
                (
                    "employer_kind",
                    models.CharField(default="10990", max_length=80, verbose_name="kind for employer's contribution"),
                ),
            ],
            options={
                "verbose_name": "wage rates",
                "verbose_name_plural": "wage rates",
            },
        ),
        migrations.AddField(
            model_name="extract",
            name="fingerprint",
            field=models.CharField(blank=True, editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name="version",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="further",
                to="economy.version",
                verbose_name="builds on",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="layout",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("based_on__isnull", True), models.Q(("based_on", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="version_builds_on_another",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="authority",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="delegation.authorisation",
                verbose_name="authority",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="taken_in_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amendments",
                to="economy.version",
                verbose_name="budget version",
            ),
        ),
        migrations.AddField(
            model_name="amendmentline",
            name="amendment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="economy.amendment"
            ),
        ),
        migrations.AddField(
            model_name="detail",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="details",
                to="organisation.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="detail",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="details",
                to="economy.version",
                verbose_name="budget version",
            ),
        ),
        migrations.AddField(
            model_name="frame",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="frames",
                to="organisation.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="frame",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="frames",
                to="economy.version",
                verbose_name="budget version",
            ),
        ),
        migrations.AddField(
            model_name="paymentright",
            name="position",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payment_rights",
                to="organisation.position",
                verbose_name="position",
            ),
        ),
        migrations.AddField(
            model_name="paymentright",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payment_rights",
                to="organisation.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(fields=("year", "month"), name="one_state_of_a_period"),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__gte", 1), ("month__lte", 13)), name="period_is_a_month"
            ),
        ),
        migrations.AddField(
            model_name="phasingrule",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="organisation.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="economy.version",
                verbose_name="budget version",
            ),
        ),
        migrations.AddConstraint(
            model_name="wagerates",
            constraint=models.CheckConstraint(
                condition=models.Q(("employer__gte", 0), ("holiday_pay__gte", 0), ("pension__gte", 0)),
                name="wage_rates_are_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="amendment_says_what_it_is"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__lte", 12)), name="amendment_begins_in_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_in_at__isnull", True), ("taken_in_by__isnull", True)),
                    models.Q(
                        ("taken_in_at__isnull", False),
                        ("taken_in_by__isnull", False),
                        models.Q(
                            ("authority__isnull", False),
                            models.Q(models.Q(("decision", ""), _negated=True), ("decided_on__isnull", False)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="amendment_rests_on_a_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="amendment_line_changes_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("account_class__in", ["0", "1"])), name="amendment_is_of_the_budget"
            ),
        ),
        migrations.AddIndex(
            model_name="detail",
            index=models.Index(fields=["version", "unit"], name="details_of_a_budget"),
        ),
        migrations.AddConstraint(
            model_name="detail",
            constraint=models.CheckConstraint(
                condition=models.Q(("account_class__in", ["0", "1"])), name="a_budget_has_two_parts"
            ),
        ),
        migrations.AddConstraint(
            model_name="frame",
            constraint=models.UniqueConstraint(fields=("unit", "version"), name="one_frame_of_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="paymentright",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                name="payment_right_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentright",
            constraint=models.UniqueConstraint(
                fields=("position", "unit", "right", "start"), name="a_payment_right_is_given_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="phasingrule",
            constraint=models.UniqueConstraint(
                fields=("kind", "unit"), name="one_phasing_of_a_kind", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="phasingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("way", "own"), _negated=True), ("weights__len", 12), _connector="OR"),
                name="own_weights_are_of_twelve_months",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["version", "unit"], name="posts_of_a_budget"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__gte", 1), ("months__lte", 12)), name="post_is_paid_in_the_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("additions__gte", 0), ("pay__gte", 0)), name="pay_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(condition=models.Q(("full_time__gt", 0)), name="post_has_a_size"),
        ),
        keep_trail("economy_frame"),
        keep_trail("economy_wagerates"),
        keep_trail("economy_post"),
        keep_trail("economy_detail"),
        keep_trail("economy_phasingrule"),
        keep_trail("economy_period"),
        keep_trail("economy_amendment"),
        keep_trail("economy_amendmentline"),
        keep_trail("economy_paymentright"),
        migrations.RunSQL(CLOSED, FORGET),
        migrations.RunPython(usual_ways, migrations.RunPython.noop),
    ]
