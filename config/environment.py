"""Every setting an operator can choose, read from the environment once, here.

`SETTINGS` is the table that `docs/operations.md` prints; a test compares the two.
"""

import os
from dataclasses import dataclass

PRODUCTION, DEMO, DEVELOPMENT, TEST = "production", "demo", "development", "test"


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("STYRHUS_ENVIRONMENT", PRODUCTION, "production, demo, development or test"),
    Setting("STYRHUS_DATA", ".data in a checkout", "The data folder: own database, files, backups"),
    Setting("DATABASE_URL", "", "postgresql://… of a server of yours; empty: the program starts its own"),
    Setting("STYRHUS_SECRET_KEY", "", "Signs sessions; at least 50 characters; required in production"),
    Setting("STYRHUS_HOSTS", "localhost,127.0.0.1,[::1]", "Host names the program answers to, with commas"),
    Setting("STYRHUS_URL", "", "Public address (https://…), used in mail; required in production"),
    Setting("STYRHUS_BIND", "127.0.0.1", "Address the web server listens on"),
    Setting("PORT", "8000", "Port the web server listens on"),
    Setting("STYRHUS_WEB_PROCESSES", "2", "Web processes"),
    Setting("STYRHUS_WORKERS", "2", "Jobs run at the same time by the worker"),
    Setting("STYRHUS_LEADER_TITLE", "", "What the head of the administration is called; empty: Kommunedirektør"),
    Setting("STYRHUS_PROXY", "", "yes when a proxy sets X-Forwarded-Proto and X-Forwarded-For"),
    Setting(
        "STYRHUS_MAIL_URL",
        "",
        "smtp://user:password@host:587 (smtps:// for TLS from the start); empty: no mail",
    ),
    Setting("STYRHUS_MAIL_FROM", "styrhus@localhost", "Sender of mail"),
    Setting("STYRHUS_FILES_BUCKET", "", "S3 bucket for files; empty: the data folder (needs styrhus[s3])"),
    Setting("STYRHUS_UPLOAD_LIMIT_MB", "50", "Largest file that may be uploaded, in MB"),
    Setting("STYRHUS_VIRUS_SCAN", "", "Command that reads a file on standard input and fails on a virus"),
    Setting("STYRHUS_DATABASE_ACCOUNT", "styrhus", "Account the own database runs under when started as root"),
    Setting("STYRHUS_BACKUP_RECIPIENTS", "", "age public keys that backups are encrypted for, with commas"),
    Setting("STYRHUS_BACKUP_PASSPHRASE", "", "Passphrase for backups, where no keys are used"),
    Setting("STYRHUS_PASSWORDS", "yes", "no: passwords and passkeys open for system administrators only"),
    # One row of each for every provider: ENTRA in the place of * for the provider “entra”.
    Setting("STYRHUS_OIDC", "", "Providers to sign in by (OpenID Connect), with commas: entra,ansattporten"),
    Setting("STYRHUS_OIDC_*_ISSUER", "", "The provider's address (https://…), as it stands in its tokens"),
    Setting("STYRHUS_OIDC_*_CLIENT_ID", "", "What the provider calls Styrhus"),
    Setting("STYRHUS_OIDC_*_CLIENT_SECRET", "", "The secret the provider gave with it"),
    Setting("STYRHUS_OIDC_*_LABEL", "", "What the button calls the provider: Entra ID"),
    Setting("STYRHUS_OIDC_*_SCOPES", "openid profile email", "Scopes asked for, with spaces"),
    Setting(
        "STYRHUS_OIDC_*_PERSON",
        "email",
        "Claim that finds the person, and its kind: email (only when verified), upn:email, employeeid:code",
    ),
    Setting("STYRHUS_OIDC_*_GROUPS_CLAIM", "groups", "Claim that holds the person's groups"),
    Setting(
        "STYRHUS_OIDC_*_GROUPS",
        "",
        "Groups that give a position: group=position number, with commas; one named twice gives the first vacant",
    ),
    Setting("STYRHUS_OIDC_*_CREATE", "", "yes: a person who is not known is made, without any position"),
    Setting("STYRHUS_OIDC_*_LEVELS", "", "Levels asked for and demanded (acr), with commas"),
    Setting("STYRHUS_OIDC_*_SECOND_STEP", "", "Claims that tell of a second step there: amr=mfa, with commas"),
    Setting("STYRHUS_OIDC_*_SIGN_OUT", "", "yes: signing out here signs out at the provider too"),
)

_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def read(name: str, of: str = "") -> str:
    """The value of one setting of the table, its default when it is not set; `of` stands in the place of a star."""
    return os.environ.get(name.replace("*", of.upper())) or _DEFAULTS[name]


def read_list(name: str, of: str = "") -> list[str]:
    return [part.strip() for part in read(name, of).split(",") if part.strip()]
