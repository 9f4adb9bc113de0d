"""Django's rules for passwords in words of our own: its catalogues lack some of them, nynorsk most."""

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class NotLikeThePerson(rules.UserAttributeSimilarityValidator):
    DEFAULT_USER_ATTRIBUTES = ("email", "name")

    def __init__(self):
        super().__init__(user_attributes=self.DEFAULT_USER_ATTRIBUTES)

    def get_error_message(self):
        return _("The password is too like your name or e-mail.")

    def get_help_text(self):
        return _("Not like your name or e-mail.")


class LongEnough(rules.MinimumLengthValidator):
    def __init__(self, min_length=12):
        super().__init__(min_length)

    def get_error_message(self):
        text = ngettext(
            "The password is too short: use at least %(number)s character.",
            "The password is too short: use at least %(number)s characters.",
            self.min_length,
        )
        return text % {"number": self.min_length}

    def get_help_text(self):
        text = ngettext("At least %(number)s character.", "At least %(number)s characters.", self.min_length)
        return text % {"number": self.min_length}


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self):
        return _("Many people use this password, and it is the first that is tried. Choose another.")

    def get_help_text(self):
        return _("Not a password that many use.")
