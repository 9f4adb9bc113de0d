"""The base that is measured: made once per volume, kept in .bench-data."""

import os
from datetime import date
from pathlib import Path

# Units, people and measures; oslo is five times asker. A register is promised at 200,000 items.
VOLUMES = {"asker": (250, 8_000, 200_000), "oslo": (1_250, 40_000, 1_000_000)}
PLANS = {"asker": 150, "oslo": 750}
# Goals of one action programme, and the measures that follow from them.
GOALS = {"asker": (1_500, 20_000), "oslo": (7_500, 100_000)}
INDICATORS = {"asker": 3_000, "oslo": 15_000}


def choose(volume: str) -> Path:
    """Points the program at a volume's own data folder; called before Django's settings are read."""
    folder = Path(__file__).resolve().parents[1] / ".bench-data" / volume
    os.environ |= {
        "STYRHUS_ENVIRONMENT": "demo",
        "STYRHUS_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }
    return folder


def fill(volume: str) -> None:
    """Migrates and fills an empty base. A filled one is left as it is, but for what an older program did not fill."""
    from django.core.management import call_command
    from django.db import connection

    from styrhus.assurance.operations import keep_week
    from styrhus.delegation.models import Authorisation
    from styrhus.demo.loading import load
    from styrhus.demo.volume import delegate_to_leaders
    from styrhus.demo.volume import fill as fill_volume
    from styrhus.demo.volume_contents import aim_much
    from styrhus.demo.volume_plans import plan_much
    from styrhus.demo.volume_scorecard import CODE, measure_much
    from styrhus.planning.models import Goal, Measure, Plan
    from styrhus.scorecard.models import Indicator

    call_command("migrate", verbosity=0)
    units, people, measures = VOLUMES[volume]
    if not Measure.objects.exists():
        load(date.today())
        fill_volume(units=units, people=people, measures=measures)
    elif Authorisation.objects.count() < people // 4:
        delegate_to_leaders(people, date.today())
    if Plan.objects.count() < PLANS[volume]:
        plan_much(PLANS[volume] - Plan.objects.count(), date.today())
    if not Goal.objects.filter(title__startswith="Delmål 1:").exists():
        aim_much(*GOALS[volume], date.today())
    if not Indicator.objects.filter(code__startswith=CODE).exists():
        measure_much(INDICATORS[volume], date.today())
    # As every night.
    keep_week(date.today())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def director():
    """Someone who sees and leads everything: the dearest reader."""
    from styrhus.organisation.models import Person

    held = "appointments__position__roles__role"
    return Person.objects.filter(**{held: "municipal_director"}).order_by("pk").first()
