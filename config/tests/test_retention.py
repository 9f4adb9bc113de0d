"""Every kind of item, and every table that can be traced to a person, has a rule for how long it is kept."""

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.html import escape

from styrhus.items.models import Item
from styrhus.organisation.models import Person
from styrhus.records.rules import NEVER_DISPOSED_OF, Then, rules_of_kinds, rules_of_tables

# Not used: roles and permissions are data in code.
UNUSED = {"auth_group", "auth_permission"}


def kinds() -> set[str]:
    return {model.kind_name() for model in apps.get_models() if issubclass(model, Item) and model is not Item}


def traced_to_a_person() -> set[str]:
    """Tables that are people or point to one."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if not issubclass(model, Item)
        and (model is Person or any(field.related_model is Person for field in model._meta.local_fields))
    }


def test_every_kind_has_a_rule():
    assert kinds() - rules_of_kinds().keys() == set()


def test_every_table_that_is_traced_to_a_person_has_a_rule():
    assert traced_to_a_person() - UNUSED - rules_of_tables().keys() == set()


@pytest.mark.parametrize("rule", [*rules_of_kinds().values(), *rules_of_tables().values()], ids=lambda rule: rule.name)
def test_each_rule_says_its_basis_in_archive_law_and_in_privacy_law(rule):
    assert all(str(text).strip() for text in (rule.name, rule.archive_basis, rule.privacy_basis))
    assert rule.then in Then
    assert rule.years is not None or rule.then not in (Then.DISPOSE, Then.REMOVE)
    assert rule.since or (rule.years is None and rule.then != Then.DELETE)


@pytest.mark.django_db
def test_everyone_reads_the_rules_in_plain_words(world, signed_in):
    page = signed_in(world.people.teacher).get(reverse("records:rules"))
    shown = page.content.decode()
    assert all(escape(str(rule.name)) in shown for rule in page.context["rules"])
    assert len(page.context["rules"]) == len(rules_of_kinds()) + len(rules_of_tables())


def test_decisions_plans_reports_and_agreements_are_kept_for_ever():
    kept = {kind: rule for kind, rule in rules_of_kinds().items() if kind.rpartition(".")[2] in NEVER_DISPOSED_OF}
    assert kept
    assert {rule.then for rule in kept.values()} == {Then.KEEP}
