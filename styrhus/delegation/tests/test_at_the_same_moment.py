"""Two at once with the same authority, or the same draft: the second is told, and nothing breaks."""

import pytest
from django.db import transaction
from django.urls import reverse

from styrhus.delegation.models import Authorisation, Regulations
from styrhus.delegation.operations import adopt, draft, withdraw

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_somebody_else_just_withdrew_is_told(hall, world, signed_in, meanwhile):
    given = hall.down()
    client, url = signed_in(world.people.area_director), reverse("delegation:withdraw", args=[given.manager.pk])
    with transaction.atomic():
        withdraw(given.manager, by=world.people.area_director, note="Slutter")
        thread, answered = meanwhile(lambda: client.post(url, {"note": "Slutter i stillingen"}))
        assert answered == []
    thread.join(20)
    assert answered[0].status_code == 422
    assert "Slutter i stillingen" in answered[0].content.decode()
    assert Authorisation.objects.get(pk=given.manager.pk).events.filter(step="withdraw").count() == 1


def test_what_somebody_else_just_adopted_is_told(hall, signed_in, meanwhile):
    version = draft(Regulations(title="Reglement", text="# Ett\n\nTekst"), by=hall.secretary)
    client, url = signed_in(hall.secretary), reverse("delegation:adopt_regulations", args=[version.pk])
    with transaction.atomic():
        version.decision = "PS 1/26"
        adopt(version, by=hall.secretary)
        thread, answered = meanwhile(lambda: client.post(url, {"decision": "PS 2/26", "adopted_on": "2026-01-01"}))
        assert answered == []
    thread.join(20)
    assert answered[0].status_code == 422
    assert "PS 2/26" in answered[0].content.decode()
    assert Regulations.objects.get(pk=version.pk).decision == "PS 1/26"
