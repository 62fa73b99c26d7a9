"""One settings file; what differs per place comes from the environment (the table is in the README)."""

import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject
from environs import Env

from pressroom.secrets import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}
TESTING = "pytest" in sys.modules
COMMAND = sys.argv[0].endswith("manage.py")
env = Env()

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", "Press Room")
SITE_AGENCY = env.str("SITE_AGENCY", "")
SENDFILE = env.str("SENDFILE", "")
THEME = env.str("THEME", "")
if THEME and not Path(THEME).is_dir():
    raise ImproperlyConfigured(
        "THEME names no folder. It is the path of one with templates/, static/ or tokens.css."
    )
THEME_DIRS = {
    name: [Path(THEME, name)] * Path(THEME, name).is_dir() if THEME else []
    for name in ("templates", "static")
}
CLAMD_URL = env.str("CLAMD_URL", "")

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
PUBLIC_HOSTS = set(ALLOWED_HOSTS) - LOOPBACK
secret_key = env.str("SECRET_KEY", "")

if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS may not be *. Name the hosts that the site answers to.")
if DEBUG and PUBLIC_HOSTS:
    raise ImproperlyConfigured("DEBUG is on while ALLOWED_HOSTS names a public host. Switch DEBUG off.")
if PUBLIC_HOSTS and (
    len(secret_key) < 50 or secret_key.startswith("django-insecure") or len(set(secret_key)) < 5
):
    raise ImproperlyConfigured(
        "SECRET_KEY is missing, short or a known default. Set it to 50 random characters or more."
    )
if SENDFILE not in ("", "nginx"):
    raise ImproperlyConfigured("SENDFILE is either empty or nginx.")
if CLAMD_URL and not re.fullmatch(r"tcp://[^/]+:\d+|unix:///.+", CLAMD_URL):
    raise ImproperlyConfigured("CLAMD_URL is tcp://HOST:PORT or unix:///PATH of clamd's socket, or empty.")
# The first page, session or link that needs the key makes it; reading the settings writes nothing.
SECRET_KEY = secret_key or SimpleLazyObject(lambda: local_secret(DATA_DIR / "secret.key"))

INSTALLED_APPS = [
    "pressroom.apps.AdminConfig",
    "releases",  # before accounts and the queue, whose commands it completes
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_countries",
    "markdownx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "pressroom.request_ids.RequestId",
    "pressroom.middleware.RefuseUnknownHosts",
    "pressroom.middleware.RefuseUnencryptedPrograms",
    "pressroom.middleware.ChooseAddresses",
    "django.middleware.security.SecurityMiddleware",
    "pressroom.security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "releases.admin.middleware.RecordPresence",
    "django.contrib.messages.middleware.MessageMiddleware",
    "releases.admin.middleware.NeverStoreAccounts",
    "allauth.account.middleware.AccountMiddleware",
    "releases.admin.accounts.enrolment.RequireSecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "pressroom.urls"
WSGI_APPLICATION = "pressroom.wsgi.application"
APPEND_SLASH = False

FORM_RENDERER = "releases.admin.base.form_renderer.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*THEME_DIRS["templates"], BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["pressroom.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pressroom.context.site",
            ],
        },
    },
]

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
}
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", f"sqlite:///{DATA_DIR / 'pressroom.sqlite3'}", conn_max_age=0, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Each thread of a server keeps its connection: to open one and make it ready costs as much as a small
    # page.
    DATABASES["default"] |= {
        "ENGINE": "pressroom.sqlite3",
        "OPTIONS": SQLITE | DATABASES["default"].get("OPTIONS", {}),
        "CONN_MAX_AGE": 0 if TESTING or COMMAND else None,
        "TEST": {"NAME": ":memory:"},
    }
else:
    # A statement that comes back is planned once a connection: planning costs more than most of ours take.
    DATABASES["default"]["OPTIONS"] = {
        "server_side_binding": True,
        "prepare_threshold": 5,
    } | DATABASES["default"].get("OPTIONS", {})
if DATABASES["default"]["ENGINE"] != "pressroom.sqlite3" and not (TESTING or COMMAND):
    # A pool waits ever longer before it tries again to reach a database that is away; so it gives up soon, and
    # the next request tries at once. Each thread has a place in the pool, so nobody waits for another.
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 0,
        "max_size": 8,
        "timeout": 2,
        "reconnect_timeout": 1,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if TESTING
        else "django_tasks_db.DatabaseBackend"
    }
}

USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "Asia/Singapore")
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "pressroom.formats"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("zh-hans", "中文"), ("ms", "Bahasa Melayu"), ("ta", "தமிழ்")]
LOCALE_PATHS = [BASE_DIR / "releases" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = THEME_DIRS["static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "pressroom.static_files.StaticFiles"
    },
}
# A file is looked for when it is asked for; else each client of a test would look at all of them first.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# Millions of bytes of finished pages that each process of the server keeps; 0: none.
RESPONSE_STORE_MB = env.int("RESPONSE_STORE_MB", 64)

# Who may ask for figures: nobody, "loopback" (this machine, past the proxy), or who has this token.
METRICS = env.str("METRICS", "")
if METRICS not in ("", "loopback") and len(METRICS) < 32:
    raise ImproperlyConfigured("METRICS is empty, loopback, or a token of 32 characters or more.")
if METRICS:  # before prometheus_client is loaded, which looks for it then
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(DATA_DIR / "metrics"))
CLOCK_URL = env.str("CLOCK_URL", "")
if CLOCK_URL and not CLOCK_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("CLOCK_URL is an address that begins with http:// or https://.")
# Whether the worker asks other sites if the links of texts still lead somewhere.
LINK_CHECKS = env.bool("LINK_CHECKS", False)

LARGEST_FILE = env.int("LARGEST_FILE", 25_000_000)
# Bytes of all files in one form; deploy/nginx.conf lets them through, with the text beside them.
FILES_TOGETHER = 4 * LARGEST_FILE
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o640
# Bytes of a form without its files: a text that is too long comes back to its form, with the message at its
# field.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "releases.services.accounts.passwords.LocalWords"},
    {"NAME": "releases.services.accounts.breached_passwords.BreachedPasswords"},
    {
        "NAME": "releases.services.accounts.members.RecordedPasswords",
        "OPTIONS": {"min_length": 12},
    },
]
# A file of passwords that leaked elsewhere, one a line.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", "")
if BREACHED_PASSWORDS and not (
    Path(BREACHED_PASSWORDS).is_file() and Path(BREACHED_PASSWORDS).stat().st_size
):
    raise ImproperlyConfigured("BREACHED_PASSWORDS names no file with passwords, one a line.")
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "releases.services.accounts.permissions.RoleBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "releases.admin.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # of accounts that are made here; a change of address is confirmed
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_UNIQUE_EMAIL = False  # a press office has addresses that several people read
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = False  # `login_throttle` counts in the database, for all processes together
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"login": "releases.admin.accounts.forms.SignInForm"}
SOCIALACCOUNT_ADAPTER = "releases.admin.accounts.adapters.ProviderAdapter"
MFA_ADAPTER = "releases.admin.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "releases.admin.accounts.forms.CodeForm",
    "reauthenticate": "releases.admin.accounts.forms.RepeatedCodeForm",
}
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Whether approvers, administrators and superusers need a second factor at the desk.
SECOND_FACTOR = env.bool("SECOND_FACTOR", bool(PUBLIC_HOSTS))

HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# No other host of the same domain can set a cookie of such a name.
PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{PREFIX}sessionid", f"{PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{PREFIX}language"
SESSION_ENGINE = "releases.models.session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
CSRF_FAILURE_VIEW = "releases.admin.site.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SECURE_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],  # no page has a script; tools that judge one fetch robots.txt from within it
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_CSP_ADMIN = SECURE_CSP | {"script-src": ["'self'"], "font-src": ["'self'"]}

# The organisation's provider of OpenID Connect, as https://CLIENT:SECRET@HOST/PATH.
OPENID_URL = env.str("OPENID_URL", "")
SOCIALACCOUNT_PROVIDERS = {}
if OPENID_URL:
    provider = urlsplit(OPENID_URL)
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "openid",
                "name": provider.hostname,
                "client_id": unquote(provider.username or ""),
                "secret": unquote(provider.password or ""),
                "settings": {"server_url": f"https://{provider.netloc.rpartition('@')[2]}{provider.path}"},
            }
        ]
    }
    # The button to sign in leads from our form to the provider, and Chromium asks the policy about that.
    SECURE_CSP_ADMIN["form-action"] = ["'self'", f"https://{provider.netloc.rpartition('@')[2]}"]

MARKDOWNX_URLS_PATH = "/admin/markdownx/markdownify/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/markdownx/upload/"

# Without EMAIL_URL no mail is sent, and nothing is kept to be sent.
EMAIL_URL = env.str("EMAIL_URL", "")
email = env.dj_email_url("EMAIL_URL", "")
EMAIL_BACKEND = email.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = email.get("EMAIL_HOST"), email.get("EMAIL_PORT")
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = email.get("EMAIL_HOST_USER"), email.get("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS, EMAIL_USE_SSL = email.get("EMAIL_USE_TLS", False), email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = email.get("EMAIL_FILE_PATH")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"noreply@{urlsplit(SITE_URL).hostname}")
if EMAIL_HOST_PASSWORD and not (EMAIL_USE_TLS or EMAIL_USE_SSL or EMAIL_HOST in LOOPBACK):
    raise ImproperlyConfigured(
        "EMAIL_URL would send its password unencrypted. Write submission:// instead of smtp://, or ?ssl=True."
    )
if EMAIL_URL and "EMAIL_BACKEND" not in email:
    raise ImproperlyConfigured("EMAIL_URL can't be read. It looks like submission://user:password@host:587.")

LOG_FORMAT = env.str("LOG_FORMAT", "line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured("LOG_FORMAT is either line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "pressroom.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s",
        },
        "json": {
            "()": "pressroom.logs.JSONFormatter",
            "format": "%(levelname)s %(name)s %(message)s",
            "timestamp": True,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

FROM_ENVIRONMENT = tuple(env.dump())
"""The names of the settings that were asked of the environment: a backup says which of them were set."""
