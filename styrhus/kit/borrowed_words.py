"""Words that our pages show and that come from a library.

Django and allauth look their texts up in every catalogue, and ours comes before theirs. What they lack in bokmål or
nynorsk, or say in words a municipality does not use, is therefore named here, exactly as the library has it, so
that it is taken into `locale/` with our own.
"""

from django.utils.translation import gettext_noop

WORDS = (
    # django: forms
    gettext_noop("- Select an option -"),
    gettext_noop("This field is required."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Constraint “%(name)s” is violated."),
    # django: the name of a language is shown in that language, whatever the page is in
    gettext_noop("English"),
    # allauth: what stops a change of the second step
    gettext_noop("You cannot deactivate two-factor authentication."),
    gettext_noop("You cannot generate recovery codes without having two-factor authentication enabled."),
    gettext_noop("You cannot activate two-factor authentication until you have verified your email address."),
    gettext_noop("Invalid login."),
)
