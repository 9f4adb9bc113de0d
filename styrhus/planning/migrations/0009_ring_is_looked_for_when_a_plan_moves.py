"""Only who lets a plan follow up another one waits for others who do so; any other change of a plan waits for nobody."""

from django.db import migrations

BEFORE = """
DROP TRIGGER has_no_ring ON planning_plan;
CREATE TRIGGER has_no_ring BEFORE INSERT OR UPDATE OF follows_up_id ON planning_plan
    FOR EACH ROW WHEN (NEW.follows_up_id IS NOT NULL) EXECUTE FUNCTION planning_plan_has_no_ring();
"""
NOW = """
DROP TRIGGER has_no_ring ON planning_plan;
CREATE TRIGGER has_no_ring BEFORE UPDATE OF follows_up_id ON planning_plan
    FOR EACH ROW WHEN (NEW.follows_up_id IS DISTINCT FROM OLD.follows_up_id AND NEW.follows_up_id IS NOT NULL)
    EXECUTE FUNCTION planning_plan_has_no_ring();
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0008_bound_text_stands")]
    # A plan that is new is followed up by none, and what follows up itself is refused by a constraint.
    operations = [migrations.RunSQL(NOW, BEFORE)]
