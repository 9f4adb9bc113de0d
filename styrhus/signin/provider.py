"""OpenID Connect as this house speaks it: allauth's own, with nothing believed that is not signed and asked for.

allauth finds this module by its name. Beyond what the library does: PKCE always, a nonce, the signature checked always,
the issuer compared with the one in the settings, and nothing kept of what the provider tells.
"""

import hashlib
import secrets

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings

NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class Conversation(OpenIDConnectOAuth2Adapter):
    """What is said between us and one provider during one sign-in."""

    @property
    def openid_config(self):
        config = super().openid_config
        if not isinstance(config, dict) or any(name not in config for name in NEEDED):
            raise OAuth2Error("the provider's description of itself lacks something")
        if config["issuer"].rstrip("/") != settings.OIDC_PROVIDERS[self.provider_id].issuer:
            raise OAuth2Error("the provider calls itself something else than the settings do")
        return config

    def complete_login(self, request, app, token, **kwargs):
        """The sign-in as allauth knows it, and what the provider claims (`claims`) and signed (`id_token`)."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("no id_token")
        signed = self._decode_id_token(app, id_token)
        login = self.get_provider().sociallogin_from_response(request, signed)
        login.claims = self._told_besides(token.token, signed) | signed
        login.id_token = id_token
        login.ends_at = self.openid_config.get("end_session_endpoint", "")
        return login

    def _decode_id_token(self, app, id_token):
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )

    def _told_besides(self, access_token: str, signed: dict) -> dict:
        """What the provider tells beyond the token; an answer about somebody else is refused (OIDC Core 5.3.2)."""
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        told = self._fetch_user_info(access_token)
        if told.get("sub") != signed["sub"]:
            raise OAuth2Error("userinfo tells of somebody else")
        return told


class OpenIdConnect(OpenIDConnectProvider):
    pkce_enabled_default = True
    oauth2_adapter_class = Conversation

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        """Sends the browser to the provider. The nonce ties the token that comes back to this browser."""
        nonce = secrets.token_urlsafe(24)
        auth_params = self.get_auth_params() | {"nonce": nonce}
        return super().redirect(request, process, next_url, data, auth_params=auth_params, nonce=nonce, **kwargs)

    def get_auth_params(self):
        levels = settings.OIDC_PROVIDERS[self.app.provider_id].levels
        return {"acr_values": " ".join(levels)} if levels else {}

    def extract_uid(self, data):
        """One sum of issuer and subject: an address given to another provider later finds nobody."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data):
        return {}

    def extract_common_fields(self, data):
        return {}

    def extract_email_addresses(self, data):
        return []


provider_classes = [OpenIdConnect]
