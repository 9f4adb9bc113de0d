"""The providers people may sign in by (OpenID Connect), as an operator names them in the environment."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import read, read_list

LOCAL = ("localhost", "127.0.0.1", "[::1]")
# Entra's addresses for every tenant in the world: whoever owns a tenant owns the claims that come from it.
SHARED = ("/common/", "/organizations/", "/consumers/")


@dataclass(frozen=True)
class Provider:
    """One provider and what is believed of it. `name` stands in its addresses and settings."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    label: str = ""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    # The claim that finds the person, and what it is compared with: "email" or "code" (employee number).
    claim: str = "email"
    person_field: str = "email"
    groups_claim: str = "groups"
    # Group → the numbers of the positions it gives, the first that is vacant: a position has one holder.
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    creates: bool = False
    # Levels asked for and demanded (acr), the wanted first.
    levels: tuple[str, ...] = ()
    # Claims that tell of a second step: {("amr", "mfa")}.
    second_step: frozenset[tuple[str, str]] = frozenset()
    signs_out: bool = False


def providers() -> dict[str, Provider]:
    """Every provider by name. Raises ImproperlyConfigured with the setting and what to do."""
    names = [name.lower() for name in read_list("STYRHUS_OIDC")]
    return {name: _provider(name) for name in names}


def _provider(name: str) -> Provider:
    if not (name.isascii() and name.isalnum()):
        raise ImproperlyConfigured(f"STYRHUS_OIDC names {name!r}: use letters and digits only, for example entra.")
    claim, _colon, person_field = read("STYRHUS_OIDC_*_PERSON", name).partition(":")
    provider = Provider(
        name=name,
        issuer=read("STYRHUS_OIDC_*_ISSUER", name).rstrip("/"),
        client_id=read("STYRHUS_OIDC_*_CLIENT_ID", name),
        client_secret=read("STYRHUS_OIDC_*_CLIENT_SECRET", name),
        label=read("STYRHUS_OIDC_*_LABEL", name) or name.capitalize(),
        scopes=tuple(read("STYRHUS_OIDC_*_SCOPES", name).split()),
        claim=claim,
        person_field=person_field or "email",
        groups_claim=read("STYRHUS_OIDC_*_GROUPS_CLAIM", name),
        groups=_groups(_pairs("STYRHUS_OIDC_*_GROUPS", name, read_list("STYRHUS_OIDC_*_GROUPS", name))),
        creates=read("STYRHUS_OIDC_*_CREATE", name) == "yes",
        levels=tuple(read_list("STYRHUS_OIDC_*_LEVELS", name)),
        second_step=frozenset(
            _pairs("STYRHUS_OIDC_*_SECOND_STEP", name, read_list("STYRHUS_OIDC_*_SECOND_STEP", name))
        ),
        signs_out=read("STYRHUS_OIDC_*_SIGN_OUT", name) == "yes",
    )
    _check(provider)
    return provider


def _pairs(setting: str, name: str, parts: list[str]) -> list[tuple[str, str]]:
    pairs = [part.rpartition("=") for part in parts]
    if any(not left.strip() or not right.strip() for left, _sign, right in pairs):
        raise ImproperlyConfigured(f"{setting.replace('*', name.upper())}: write each as name=value, with commas.")
    return [(left.strip(), right.strip()) for left, _sign, right in pairs]


def _groups(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for group, number in pairs:
        named[group] = (*named.get(group, ()), number)
    return named


def _check(provider: Provider) -> None:
    prefix = f"STYRHUS_OIDC_{provider.name.upper()}"
    address = urlsplit(provider.issuer)
    is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOCAL)
    if not address.hostname or not is_safe:
        raise ImproperlyConfigured(f"{prefix}_ISSUER: set it to the provider's own address, beginning with https://.")
    if any(part in f"{provider.issuer}/" for part in SHARED):
        raise ImproperlyConfigured(f"{prefix}_ISSUER: name your own tenant; the shared address lets any tenant in.")
    if not provider.client_id:
        raise ImproperlyConfigured(f"{prefix}_CLIENT_ID is missing: the provider gave it when Styrhus was registered.")
    if provider.person_field not in ("email", "code"):
        raise ImproperlyConfigured(f"{prefix}_PERSON: end it with :email or :code, for example upn:email.")
