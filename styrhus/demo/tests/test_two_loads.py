"""Two demonstrations tell the same story: what a guide says of one is true of every other."""

from datetime import date

import pytest
from django.test import override_settings

from styrhus.demo.loading import load
from styrhus.demo.tests.said import undone

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.long]


def test_two_loads_tell_the_same(tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        first, second = undone(lambda: load(date.today())), undone(lambda: load(date.today()))
    assert first == second
