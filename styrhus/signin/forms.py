"""allauth's forms in the words of the house, and those of support."""

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from styrhus.signin.models import SupportSession
from styrhus.signin.tasks import send_password_link

DIFFERENT = _("The two passwords are not the same. Type both again.")


def _name(form, **labels) -> None:
    """Gives fields their labels; a placeholder beside a label only says the same again, and goes away when you type."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)


class _NewPassword(forms.Form):
    """Two fields for a new password, and what is asked of it."""

    def name_new_password(self):
        _name(self, password1=_("New password"), password2=_("New password once more"))
        self.fields["password1"].help_text = lazystr(" ".join(map(str, password_validators_help_texts())))

    def add_error(self, field, error):
        # allauth hands over its own sentence here, and has none in nynorsk; the fields' own errors come wrapped.
        differs = field == "password2" and not isinstance(error, forms.ValidationError)
        super().add_error(field, DIFFERENT if differs else error)


class SignInForm(account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, login=_("E-mail"), password=_("Password"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangePasswordForm(_NewPassword, account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, oldpassword=_("The password you have now"))
        self.name_new_password()


class SetPasswordForm(_NewPassword, account.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.name_new_password()


class NewPasswordForm(_NewPassword, account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.name_new_password()


class ForgottenPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, email=_("E-mail"))

    def save(self, request, **kwargs):
        """Asks the queue to send a link. The same work is done for an unknown e-mail, so that time tells nothing."""
        email = self.cleaned_data["email"]
        send_password_link.defer(email=email, site=request.build_absolute_uri("/"), language=get_language())
        return email


class PasswordAgainForm(account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, password=_("Password"))


class CodeForm(second_step.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, code=_("Code"))


class CodeAgainForm(second_step.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, code=_("Code"))


class AddAppForm(app.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, code=_("The code the app shows"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(passkey.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name(self, name=_("Name of the passkey"), passwordless=_("Sign in with this alone, without a password"))
        self.initial |= {"name": "", "passwordless": True}
        self.fields["name"].help_text = _("So that you know it again: my phone, the key on my key ring …")
        self.fields["name"].widget.attrs |= {"maxlength": 60, "autocomplete": "off"}

    def clean_name(self):
        return self.cleaned_data["name"].strip()[:60] or str(_("Passkey"))


class RenamePasskeyForm(passkey.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"), max_length=60)


class SupportForm(forms.ModelForm):
    class Meta:
        model = SupportSession
        fields = ["reason"]
        labels = {"reason": _("Why you need to see this")}
        help_texts = {"reason": _("The person sees what you write here. It is kept in the security log.")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
