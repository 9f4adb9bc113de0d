"""allauth's pages under Norwegian addresses and their own names, and ours beside them.

Left out: signing up and managing e-mail addresses, which administrators do.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from styrhus.signin import forms, lists, views

# One page of ours tells it all, where allauth has three.
to_security = RedirectView.as_view(pattern_name="account_security")

password = [
    path("", account.PasswordChangeView.as_view(form_class=forms.ChangePasswordForm), name="account_change_password"),
    path("velg/", account.PasswordSetView.as_view(form_class=forms.SetPasswordForm), name="account_set_password"),
    path(
        "glemt/",
        account.PasswordResetView.as_view(form_class=forms.ForgottenPasswordForm),
        name="account_reset_password",
    ),
    path("glemt/sendt/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.PasswordResetFromKeyView.as_view(form_class=forms.NewPasswordForm),
        name="account_reset_password_from_key",
    ),
    path("nytt/ferdig/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

two_steps = [
    path("", to_security, name="mfa_index"),
    path("kode/", second_step.AuthenticateView.as_view(form_class=forms.CodeForm), name="mfa_authenticate"),
    path("app/", app.ActivateTOTPView.as_view(form_class=forms.AddAppForm), name="mfa_activate_totp"),
    path("app/slutt/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("reservekoder/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("reservekoder/nye/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("reservekoder/fil/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

passkeys = [
    path("", to_security, name="mfa_list_webauthn"),
    path("logg-inn/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("ny/", passkey.AddWebAuthnView.as_view(form_class=forms.AddPasskeyForm), name="mfa_add_webauthn"),
    path(
        "<int:pk>/endre/",
        passkey.EditWebAuthnView.as_view(form_class=forms.RenamePasskeyForm),
        name="mfa_edit_webauthn",
    ),
    path("<int:pk>/fjern/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
]

again = [
    path("", account.ReauthenticateView.as_view(form_class=forms.PasswordAgainForm), name="account_reauthenticate"),
    path("kode/", second_step.ReauthenticateView.as_view(form_class=forms.CodeAgainForm), name="mfa_reauthenticate"),
    path("nokkel/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]

own_account = [
    path("logg-inn/", views.SignIn.as_view(), name="account_login"),
    path("logg-ut/", account.logout, name="account_logout"),
    path("logget-ut/", views.signed_out, name="signed_out"),
    # The names are allauth's.
    path("oidc/<slug:provider_id>/", views.go_to_provider, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/svar/", views.come_from_provider, name="openid_connect_callback"),
    path("sperret/", account.account_inactive, name="account_inactive"),
    path("prov-som/", views.try_as, name="try_as"),
    path("passord/", include(password)),
    path("to-trinn/", include(two_steps)),
    path("nokler/", include(passkeys)),
    path("bekreft/", include(again)),
    path("sikkerhet/", views.security, name="account_security"),
    path("okter/", to_security, name="usersessions_list"),
    path("okter/<int:pk>/avslutt/", views.end_session, name="end_session"),
    path("okter/avslutt-andre/", views.end_other_sessions, name="end_other_sessions"),
]

urlpatterns = [
    path("konto/", include(own_account)),
    path("support/", lists.SupportPage.as_view(), name="support"),
    path("support/avslutt/", views.leave_support, name="end_support_session"),
    path("support/<int:pk>/", views.support, name="start_support_session"),
    path("sikkerhetslogg/", lists.SecurityLog.as_view(), name="security_log"),
]
