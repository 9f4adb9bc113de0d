from django.db import migrations

from styrhus.items.migration_steps import child_of_item
from styrhus.trail.migration_steps import keep_trail


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial"), ("items", "0011_items_in_living_places")]
    operations = [
        *child_of_item("compliance.legaldeadline"),
        keep_trail("compliance_registeredfact"),
        keep_trail("compliance_answering"),
        keep_trail("compliance_ruleoff"),
        keep_trail("compliance_fulfilment"),
    ]
