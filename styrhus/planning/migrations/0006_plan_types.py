"""The plan system that most municipalities have; each changes it as it likes."""

from django.db import migrations

# code, level, follows up, years ahead, made anew, adopted by, legal basis, weeks of consultation, days public before
TYPES = """
planning_strategy      |1|                      |4 |once_per_council_period|municipal_council |pbl § 10-1|  |30
planning_programme     |1|planning_strategy     |  |at_plan_start          |municipal_council |pbl §§ 4-1, 11-13|6|
municipal_plan_society |1|planning_strategy     |12|every_4_years          |municipal_council |pbl §§ 11-2, 11-12 til 11-15|6|
municipal_plan_land_use|1|planning_strategy     |12|every_4_years          |municipal_council |pbl §§ 11-5, 11-12 til 11-16|6|
basis_documents        |1|planning_strategy     |4 |every_4_years          |municipal_director| | |
action_programme       |1|municipal_plan_society|4 |yearly                 |municipal_council |kommuneloven §§ 14-3, 14-4; pbl § 11-1| |14
sub_plan               |1|municipal_plan_society|12|per_planning_strategy  |municipal_council |pbl § 11-1 tredje ledd|6|
thematic_plan          |1|municipal_plan_society|8 |per_planning_strategy  |municipal_council | | |
zoning_plan            |1|municipal_plan_land_use| |on_demand              |municipal_council |pbl kap. 12|6|
cross_cutting_plan     |1|action_programme      |4 |every_4_years          |municipal_council | | |
unit_plan              |2|action_programme      |1 |yearly                 |municipal_director| | |
competence_plan        |2|unit_plan             |4 |yearly                 |unit_manager      | | |
emergency_plan         |1|sub_plan              |1 |yearly                 |municipal_council |sivilbeskyttelsesloven § 15| |
ownership_report       |1|                      |4 |once_per_council_period|municipal_council |kommuneloven § 26-1| |
"""
WITH_PROGRAMME = {"municipal_plan_society", "municipal_plan_land_use", "sub_plan"}
OBJECTIONS = {"municipal_plan_land_use", "zoning_plan"}
NOT_PUBLIC = {"unit_plan", "competence_plan", "emergency_plan"}


def fill(apps, _schema):
    plan_type = apps.get_model("planning", "PlanType")
    made = {}
    for order, line in enumerate(TYPES.strip().splitlines(), start=1):
        code, level, above, years, revision, decided_by, law, weeks, days = (part.strip() for part in line.split("|"))
        made[code] = plan_type.objects.create(
            code=code,
            level=int(level),
            above=made.get(above),
            horizon_years=int(years) if years else None,
            revision=revision,
            decided_by=decided_by,
            legal_basis=law,
            has_programme=code in WITH_PROGRAMME,
            consultation_weeks=int(weeks) if weeks else None,
            publish_days_before=int(days) if days else None,
            objections_possible=code in OBJECTIONS,
            appeal_possible=code == "zoning_plan",
            is_public=code not in NOT_PUBLIC,
            order=order * 10,
        )


def empty(apps, _schema):
    apps.get_model("planning", "PlanType").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("planning", "0005_keep_plans")]
    operations = [migrations.RunPython(fill, empty)]
