"""Django's settings. What an operator chooses comes from `config/environment.py`; the rest is the program's own."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import oidc
from config.environment import DEMO, DEVELOPMENT, PRODUCTION, TEST, read, read_list
from styrhus.engine import places
from styrhus.engine.database import OwnDatabase

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read("STYRHUS_ENVIRONMENT")
if ENVIRONMENT not in (PRODUCTION, DEMO, DEVELOPMENT, TEST):
    raise ImproperlyConfigured(f"STYRHUS_ENVIRONMENT is {ENVIRONMENT!r}: use production, demo, development or test.")
IS_PRODUCTION = ENVIRONMENT == PRODUCTION
DEBUG = ENVIRONMENT == DEVELOPMENT
DATA_FOLDER = places.data_folder()


def _secret_key() -> str:
    if not IS_PRODUCTION:
        return places.secret_key(DATA_FOLDER)
    key = read("STYRHUS_SECRET_KEY")
    if len(key) < 50 or len(set(key)) < 8:
        raise ImproperlyConfigured(
            "STYRHUS_SECRET_KEY is missing or too weak: set it to at least 50 random characters, and keep it secret."
        )
    if places.is_demo_key(DATA_FOLDER, key):
        raise ImproperlyConfigured("STYRHUS_SECRET_KEY is the demonstration's own: make a new one for production.")
    return key


SECRET_KEY = _secret_key()
PUBLIC_URL = read("STYRHUS_URL").rstrip("/")
if IS_PRODUCTION and not PUBLIC_URL:
    raise ImproperlyConfigured("STYRHUS_URL is missing: set it to the address people use, for example https://…")
ALLOWED_HOSTS = read_list("STYRHUS_HOSTS") + ([urlsplit(PUBLIC_URL).hostname] if PUBLIC_URL else [])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "styrhus.kit",
    "styrhus.organisation",
    "styrhus.trail",
    "styrhus.jobs",
    "styrhus.items",
    "styrhus.writing",
    "styrhus.planning",
    "styrhus.scorecard",
    "styrhus.economy",
    "styrhus.compliance",
    "styrhus.reorganisation",
    "styrhus.delegation",
    "styrhus.imports",
    "styrhus.assurance",
    "styrhus.records",
    "styrhus.leadership",
    "styrhus.home",
    "styrhus.signin",
    "styrhus.reminders",
    "styrhus.demo",
]

MIDDLEWARE = [
    "styrhus.kit.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "styrhus.kit.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "styrhus.signin.middleware.Support",
    "styrhus.trail.middleware.Actor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "config.urls"
FORM_RENDERER = "styrhus.kit.forms.Renderer"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Our own templates come before a library's, so that sign-in pages wear the same look.
        "DIRS": [BASE_DIR / "styrhus" / app / "templates" for app in ("signin", "kit")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.l10n",
                "django.templatetags.static",
                "styrhus.kit.templatetags.kit",
            ],
        },
    }
]


def _database() -> dict:
    url = read("DATABASE_URL")
    settings = dj_database_url.parse(url) if url else OwnDatabase(DATA_FOLDER).django_settings()
    # What `serve` runs answers people and must not hang; a migration or an import may take the time it takes.
    patience = (
        "-c statement_timeout=60s -c idle_in_transaction_session_timeout=120s"
        if "STYRHUS_SERVED_FROM" in os.environ
        else ""
    )
    pool = {} if ENVIRONMENT == TEST else {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}
    return settings | {
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": settings.get("OPTIONS", {})
        | pool
        | {
            # A pool per process; a lock that is not had in ten seconds is an error a person can act on, not a hang.
            "options": f"-c lock_timeout=10s {patience}",
        },
        "TEST": {"NAME": "styrhus_test"},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"}}

# -- people and sign-in
LEADER_TITLE = read("STYRHUS_LEADER_TITLE")
AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = [
    "styrhus.signin.backends.PasswordBackend",
    "styrhus.organisation.backends.UnitBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "styrhus.signin.passwords.LongEnough"},
    {"NAME": "styrhus.signin.passwords.NotLikeThePerson"},
    {"NAME": "styrhus.signin.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_ENGINE = "styrhus.signin.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "styrhus_session"
CSRF_COOKIE_NAME = "styrhus_csrf"
ACCOUNT_ADAPTER = "styrhus.signin.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# The one who changes the password stays signed in; every other session ends.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# allauth's own generator would keep a second copy of the address.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# A whole town hall may sit behind one address and come by its provider at eight o'clock.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip", "provider": "600/m/ip"}
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ADAPTER = "styrhus.signin.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Styrhus"
# A code that changes while it is typed still holds: one step to each side (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
SOCIALACCOUNT_ADAPTER = "styrhus.signin.adapter.ProviderAdapter"
# Nothing of what a provider tells is kept but the sum of who it says that it is.
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_PROVIDERS = oidc.providers()
PASSWORDS_ARE_FOR_ALL = read("STYRHUS_PASSWORDS") != "no"
if not PASSWORDS_ARE_FOR_ALL and not OIDC_PROVIDERS:
    raise ImproperlyConfigured("STYRHUS_PASSWORDS is “no”, but there is no other way in: name one in STYRHUS_OIDC.")

# -- safety in the browser
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
    "report-uri": "/csp-rapport/",
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
CSRF_FAILURE_VIEW = "styrhus.kit.errors.csrf_failed"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^helse/$", r"^klar/$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if read("STYRHUS_PROXY") == "yes":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# -- language, dates and numbers
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "styrhus" / "locale" if (BASE_DIR / "styrhus" / "locale").exists() else BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["styrhus.kit.formats"]
LANGUAGE_COOKIE_NAME = "styrhus_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# -- files
NODE_MODULES = BASE_DIR / "node_modules"
VENDOR_FOLDERS = {
    "designsystemet": "@digdir/designsystemet-css/dist",
    "inter": "@fontsource-variable/inter",
    "vega": "vega/build",
    "vega-lite": "vega-lite/build",
    "vega-embed": "vega-embed/build",
}
VENDOR_FILES = {
    "designsystemet": ["src/*.css", "src/*.css.map"],
    "inter": ["files/inter-latin*-wght-normal.woff2"],
    "vega": ["vega.min.js", "vega.min.js.map"],
    "vega-lite": ["vega-lite.min.js", "vega-lite.min.js.map"],
    "vega-embed": ["vega-embed.min.js", "vega-embed.min.js.map"],
}
STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "styrhus.kit.finders.VendorFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATICFILES_DIRS = [
    (f"vendor/{name}", str(NODE_MODULES / folder))
    for name, folder in VENDOR_FOLDERS.items()
    if (NODE_MODULES / folder).exists()
]
_PACKED_STATIC = BASE_DIR / "styrhus" / "packed_static"
STATIC_ROOT = _PACKED_STATIC if _PACKED_STATIC.exists() else BASE_DIR / "build" / "static"
MEDIA_ROOT = DATA_FOLDER / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_LIMIT = int(read("STYRHUS_UPLOAD_LIMIT_MB")) * 1024 * 1024
VIRUS_SCAN = read("STYRHUS_VIRUS_SCAN")
_BUCKET = read("STYRHUS_FILES_BUCKET")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": _BUCKET, "default_acl": "private"},
        }
        if _BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        # Uploads are closed; what is served to everyone may be read by whichever account serves it.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG or ENVIRONMENT == TEST
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = DEBUG or ENVIRONMENT == TEST
WHITENOISE_AUTOREFRESH = DEBUG
# Compressing whole npm packages takes minutes; these are what pages load.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff", "woff2", "png", "jpg", "gz", "br", "zip", "ts", "json"]

# -- mail
_MAIL = urlsplit(read("STYRHUS_MAIL_URL"))
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _MAIL.hostname,
            "port": _MAIL.port or 587,
            "username": unquote(_MAIL.username or ""),
            "password": unquote(_MAIL.password or ""),
            "use_ssl": _MAIL.scheme == "smtps",
            "use_tls": _MAIL.scheme == "smtp" and _MAIL.port != 25,
            "timeout": 15,
        },
    }
    if _MAIL.hostname
    else {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("STYRHUS_MAIL_FROM")

# -- joining lists: what the contexts offer each other
STEP_GUARDS = "config.guards.GUARDS"
STEP_CONSEQUENCES = "config.guards.CONSEQUENCES"
DONE_ELSEWHERE = "config.guards.DONE_ELSEWHERE"
RETENTION = "config.retention"
PANELS = "config.panels.PANELS"
BLOCKS = "config.blocks.BLOCKS"
LINKS_SHOWN = "config.panels.LINKS_SHOWN"
FILE_KINDS = "config.loading.KINDS"
FACTS = "config.facts.FACTS"
CONTROLS = "config.controls.CONTROLS"
# The tree on a date to come, and the dates on which something is planned.
PLANNED_TREE = "styrhus.reorganisation.queries.units_as_planned"
PLANNED_DATES = "styrhus.reorganisation.queries.planned_dates"

# -- jobs
PROCRASTINATE_ON_APP_READY = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "styrhus.kit.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "styrhus": {"level": "INFO"},
        # Django's own lines name paths and addresses; the request log says what is needed, without them.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
        "django.security.csrf": {"level": "ERROR"},
    },
}
