"""Who someone is, by password. What they may do is the units' business."""

from allauth.account.auth_backends import AuthenticationBackend


class PasswordBackend(AuthenticationBackend):
    def has_perm(self, user_obj, perm, obj=None):
        return False
