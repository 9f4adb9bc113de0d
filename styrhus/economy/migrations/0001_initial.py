"""The ledger: codes, extracts, lines and what the database makes of them."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import styrhus.trail.models
from styrhus.trail.migration_steps import keep_trail

# Lines are written with their extract, and never after. What they come to is worked out once, when it is sealed.
SEALED = """
CREATE FUNCTION economy_extract_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO economy_balance (extract_id, account_class, cost_centre, kind, function, amount, lines)
    SELECT extract_id, account_class, cost_centre, kind, function, sum(amount)::bigint, count(*)
    FROM economy_line WHERE extract_id = NEW.id
    GROUP BY extract_id, account_class, cost_centre, kind, function;
    UPDATE economy_extract SET is_sealed = true,
        lines = coalesce((SELECT sum(balance.lines) FROM economy_balance balance WHERE extract_id = NEW.id), 0),
        total = coalesce((SELECT sum(balance.amount) FROM economy_balance balance WHERE extract_id = NEW.id), 0)
    WHERE id = NEW.id;
    RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER economy_extract_sealed AFTER INSERT ON economy_extract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION economy_extract_is_sealed();

CREATE FUNCTION economy_line_is_added() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (
        SELECT FROM economy_extract WHERE is_sealed AND id IN (SELECT DISTINCT extract_id FROM new_rows)
    ) THEN
        RAISE EXCEPTION 'the extract is sealed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_append_only';
    END IF;
    RETURN NULL;
END
$body$;
CREATE TRIGGER economy_line_added AFTER INSERT ON economy_line REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION economy_line_is_added();

CREATE FUNCTION economy_line_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'a ledger line is never changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_append_only';
END
$body$;
CREATE TRIGGER economy_line_stays BEFORE UPDATE OR DELETE ON economy_line
    FOR EACH STATEMENT EXECUTE FUNCTION economy_line_stays();
"""
FORGET = """
DROP FUNCTION economy_extract_is_sealed() CASCADE;
DROP FUNCTION economy_line_is_added() CASCADE;
DROP FUNCTION economy_line_stays() CASCADE;
"""
# (dimension, length, the account class is figure number, KOSTRA's code begins at): the usual ones; each can be changed.
RULES = [
    ("kind", 3, None, 1),
    ("kind", 4, None, 1),
    ("kind", 5, 1, 2),
    ("kind", 6, 1, 2),
    ("function", 3, None, 1),
    ("function", 4, None, 1),
    ("function", 5, None, 1),
    ("function", 6, None, 1),
]


def usual_rules(apps, schema_editor):
    rule = apps.get_model("economy", "CodeRule")
    names = ("dimension", "length", "class_at", "kostra_at")
    rule.objects.bulk_create(rule(**dict(zip(names, each, strict=True))) for each in RULES)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisation", "0010_orders_of_units_and_positions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("cost_centre", "Cost centre"),
                            ("kind", "Account kind"),
                            ("function", "Function"),
                            ("project", "Project"),
                            ("free", "Free dimension"),
                        ],
                        max_length=20,
                        verbose_name="dimension",
                    ),
                ),
                ("length", models.PositiveSmallIntegerField(verbose_name="length of the code")),
                (
                    "class_at",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="the account class is figure number"
                    ),
                ),
                ("kostra_at", models.PositiveSmallIntegerField(verbose_name="KOSTRA's code begins at figure number")),
            ],
            options={
                "verbose_name": "rule for codes",
                "verbose_name_plural": "rules for codes",
                "ordering": ["dimension", "length"],
                "constraints": [
                    models.UniqueConstraint(fields=("dimension", "length"), name="one_rule_for_a_length"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kostra_at__gte", 1),
                            (
                                "length__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("kostra_at"), "+", models.Value(2)
                                ),
                            ),
                        ),
                        name="code_rule_lies_within_the_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("class_at__isnull", True),
                            models.Q(("class_at__gte", 1), ("class_at__lte", models.F("length"))),
                            _connector="OR",
                        ),
                        name="class_rule_lies_within_the_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
            ],
            options={
                "verbose_name": "budget version",
                "verbose_name_plural": "budget versions",
                "ordering": ["-year", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "name"), name="budget_version_named_once_in_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="budget_version_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "book",
                    models.CharField(
                        choices=[("accounts", "Accounts"), ("budget", "Budget"), ("reported", "Reported to KOSTRA")],
                        max_length=10,
                        verbose_name="book",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("month", models.PositiveSmallIntegerField(default=0, verbose_name="month")),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                ("mark", models.CharField(max_length=64)),
                ("lines", models.PositiveIntegerField(default=0, editable=False, verbose_name="lines")),
                ("total", models.BigIntegerField(default=0, editable=False, verbose_name="sum")),
                ("is_sealed", models.BooleanField(default=False, editable=False)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="loaded",
                    ),
                ),
                (
                    "written_in",
                    models.BigIntegerField(db_default=styrhus.trail.models.ThisTransaction(), editable=False),
                ),
                ("undone_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="economy.extract",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extracts",
                        to="economy.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "extract",
                "verbose_name_plural": "extracts",
                "ordering": ["-year", "book", "-month", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("cost_centre", "Cost centre"),
                            ("kind", "Account kind"),
                            ("function", "Function"),
                            ("project", "Project"),
                            ("free", "Free dimension"),
                        ],
                        max_length=20,
                        verbose_name="dimension",
                    ),
                ),
                ("code", models.CharField(max_length=80, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="first year")),
                ("last_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="last year")),
                ("kostra", models.CharField(blank=True, max_length=3, verbose_name="KOSTRA's code")),
                ("is_exception", models.BooleanField(default=False, verbose_name="exception from the rule")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cost_centres",
                        to="organisation.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "code of the accounts",
                "verbose_name_plural": "codes of the accounts",
                "ordering": ["dimension", "code", "first_year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="account_code_is_written"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_year__isnull", True), ("last_year__gte", models.F("first_year")), _connector="OR"
                        ),
                        name="account_code_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        fields=("dimension", "code", "first_year"), name="account_code_begins_once_in_a_year"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("last_year__isnull", True)),
                        fields=("dimension", "code"),
                        name="account_code_holds_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__isnull", True), ("dimension", "cost_centre"), _connector="OR"),
                        name="only_a_cost_centre_has_a_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kostra", ""), ("dimension__in", ["kind", "function"]), _connector="OR"),
                        name="only_kinds_and_functions_are_reported",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_class", models.CharField(max_length=1)),
                ("cost_centre", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=80)),
                ("function", models.CharField(max_length=80)),
                ("amount", models.BigIntegerField()),
                ("lines", models.PositiveIntegerField()),
                (
                    "extract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="balances",
                        to="economy.extract",
                    ),
                ),
            ],
            options={
                "verbose_name": "balance",
                "verbose_name_plural": "balances",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("extract", "cost_centre", "kind", "function", "account_class"),
                        name="one_balance_of_each_code",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_class", models.CharField(max_length=1, verbose_name="account class")),
                ("cost_centre", models.CharField(max_length=80, verbose_name="cost centre")),
                ("kind", models.CharField(max_length=80, verbose_name="kind")),
                ("function", models.CharField(max_length=80, verbose_name="function")),
                ("project", models.CharField(max_length=80, verbose_name="project")),
                ("free", models.CharField(max_length=80, verbose_name="free dimension")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("voucher", models.CharField(max_length=40, verbose_name="voucher")),
                ("text", models.CharField(max_length=400, verbose_name="text")),
                (
                    "extract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="all_lines",
                        to="economy.extract",
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger line",
                "verbose_name_plural": "ledger lines",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["extract", "cost_centre", "kind"], name="lines_by_cost_centre")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("account_class__in", ["0", "1", "2", "3", "4", "5"])),
                        name="line_has_an_account_class",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="extract",
            index=models.Index(fields=["written_in"], name="extracts_of_a_load"),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_by__isnull", True), ("undone_in__isnull", True)),
                fields=("book", "version", "year", "month", "source"),
                name="one_extract_of_a_month_stands",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.CheckConstraint(condition=models.Q(("month__lte", 13)), name="extract_is_of_a_month"),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("book", "budget"), ("version__isnull", False)),
                    models.Q(models.Q(("book", "budget"), _negated=True), ("version__isnull", True)),
                    _connector="OR",
                ),
                name="only_a_budget_has_versions",
            ),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaced_by__isnull", True),
                    models.Q(("replaced_by", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="extract_is_replaced_by_another",
            ),
        ),
        keep_trail("economy_code"),
        keep_trail("economy_coderule"),
        keep_trail("economy_version"),
        migrations.RunSQL(SEALED, FORGET),
        migrations.RunPython(usual_rules, migrations.RunPython.noop),
    ]
