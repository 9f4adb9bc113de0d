"""Django's permission API, answered from the units."""

from django.contrib.auth.backends import BaseBackend

from styrhus.organisation.access import allows


class UnitBackend(BaseBackend):
    def has_perm(self, user_obj, perm, obj=None):
        return allows(user_obj, perm, obj)
