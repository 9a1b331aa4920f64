"""Django's settings, derived from the environment (config.environment) and the keys in the home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ as addresses
from csp.constants import NONE, SELF

from shuoshi.config import environment, logs
from shuoshi.kernel import keys

MIB = 1024 * 1024

VALUES = environment.read()
HOME = VALUES.home
PACKAGE = Path(__file__).resolve().parent.parent
KEYS = HOME / "keys"
FILES = HOME / "files"
MAIL_HOSTS = VALUES.listed("SHUOSHI_MAILHOSTS")  # of notices.ways.line
HOOK_HOSTS = VALUES.listed("SHUOSHI_HOOKHOSTS")  # of channels.platforms.telling
WECHAT_API = VALUES["SHUOSHI_WECHATAPI"]  # of notices.wechat
COPIES = VALUES.place("SHUOSHI_COPIES") or str(HOME / "copies")

DEBUG = VALUES.switch("SHUOSHI_DEBUG")
LAN = VALUES.switch("SHUOSHI_LAN")  # plain http beyond loopback: pages show a banner
HTTPS = VALUES.switch("SHUOSHI_HTTPS")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *VALUES.listed("SHUOSHI_HOSTS")]
SECRET_KEY = keys.read(KEYS, "session").hex()

CERTIFICATE = environment.own_certificate(VALUES)
AUTHORITY = HOME / "tls"  # of kernel.authority
_NAMED = VALUES.listed("SHUOSHI_HOSTS") or ["localhost"]
_SCHEME = "https" if HTTPS else "http"
_BEHIND = VALUES["SHUOSHI_PROXY"] or (HTTPS and CERTIFICATE is None)  # then residents write no port
_PORT = "" if _BEHIND or (_SCHEME, VALUES["PORT"]) in {("http", "80"), ("https", "443")} else f":{VALUES['PORT']}"
PUBLIC_ADDRESS = f"{_SCHEME}://{_NAMED[0]}{_PORT}"  # of links sent

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "shuoshi.kernel",
    "shuoshi.people",
    "shuoshi.organization",
    "shuoshi.knowledge",
    "shuoshi.matters",
    "shuoshi.notices",
    "shuoshi.channels",
    "shuoshi.meetings",
    "shuoshi.listing",
    "shuoshi.portal",
    "shuoshi.desk",
    "shuoshi.demo",
    "shuoshi.config.first_run",
]

MIDDLEWARE = [
    "shuoshi.kernel.web.reading.LettersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shuoshi.config.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "shuoshi.kernel.web.sessions.SessionMiddleware",
    "shuoshi.kernel.web.choices.ChoiceMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shuoshi.config.first_run.middleware.FirstRunMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shuoshi.config.limits.BodyLimitMiddleware",
    "shuoshi.kernel.web.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "shuoshi.config.urls"
WSGI_APPLICATION = "shuoshi.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "shuoshi.kernel.web.site.surroundings",
                "shuoshi.desk.frame.surroundings",
            ],
        },
    },
]

# Database. SQLite: a reader that turns writer meets no lock it cannot take (IMMEDIATE); commits survive a power cut (FULL).
# trusted_schema stays on: the SQLite of Debian 12 counts its JSON functions as unsafe, and JSON columns check themselves.
_SQLITE_PRAGMAS = ";".join(
    f"PRAGMA {pragma}"
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "recursive_triggers=ON",  # else INSERT OR REPLACE walks past the delete trigger of the events
        "foreign_keys=ON",
        "secure_delete=ON",
    )
)
_POSTGRES_LIMITS = (
    "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"
    " -c jit=off"  # compiling a statement of ours takes a hundred times as long as answering it
    " -c plan_cache_mode=force_generic_plan"  # so does planning: what is kept by its name (kernel.planned) is planned once
)


def _database(address: str) -> dict[str, Any]:
    """The one database: PostgreSQL at `address` with a pool, or SQLite in the home."""
    if not address:
        options = {"transaction_mode": "IMMEDIATE", "timeout": 5, "init_command": _SQLITE_PRAGMAS}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "shuoshi.sqlite3", "OPTIONS": options}
    config: dict[str, Any] = addresses.Env.db_url_config(address)
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise environment.BadSetting("DATABASE_URL must begin with postgres://, or be empty for SQLite.")
    config["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": 10, "timeout": 10},
        "options": _POSTGRES_LIMITS,
        **config.get("OPTIONS", {}),
    }
    return config


DATABASES = {"default": _database(VALUES["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "desk:sign_in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What a request may carry. A form of 20,000 Chinese characters is 180 kB as it travels; forms take five files of 10 MiB.
BODY_LIMIT = 60 * MIB
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MIB  # of fields; files do not count
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # a flood, refused words and all; sixty are read, the forms take fewer and say so
FILE_UPLOAD_HANDLERS = ["shuoshi.kernel.web.upload_handlers.InMemory", "shuoshi.kernel.web.upload_handlers.OnDisk"]
FILE_UPLOAD_TEMP_DIR = HOME / "tmp"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Cookies and headers. `same-origin` also on tracking: under `no-referrer` browsers send `Origin: null` with a form, and
# the forgery check could not tell ours from another's; the query code is never in an address anyway.
_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "shuoshi.kernel.web.refusals.csrf_failed"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$", r"^certificate/", r"^static/"]  # who does not trust us yet learns how
# Of one of our own a phone must be able to read, by plain http, how to trust the next one.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS and CERTIFICATE is None else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "blob:"],
        "media-src": [SELF, "blob:"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = logs.config()
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS, secure cookies and the redirect to https follow SHUOSHI_HTTPS
    "security.W005",
    "security.W008",
    "security.W010",
    "security.W016",
    "security.W021",
]
