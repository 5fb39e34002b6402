"""Django settings of the intake desk, made from `desk.environment`."""

from __future__ import annotations

import dj_database_url
from django.utils.translation import gettext_lazy as _

from desk.environment import environment

_ENVIRONMENT = environment()

DEBUG = False
SECRET_KEY = _ENVIRONMENT.secret("desk_secret_key")
INTAKE_TOKEN = _ENVIRONMENT.secret("intake_token")
EVENTS_URL = _ENVIRONMENT.desk_events_url
EVENT_SECRET = _ENVIRONMENT.secret("intake_event_secret") if EVENTS_URL else ""
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_ENVIRONMENT.desk_hosts]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.admin",
    "django.contrib.staticfiles",
    "desk.intake",
    "helpdesk",
    "rest_framework",
    "django_cleanup",
]
MIDDLEWARE = [
    "desk.boundary.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "desk.boundary.own_origin_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "desk.boundary.StaffOnlyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "desk.boundary.whole_changes",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "desk.urls"
SITE_ID = 1

# Without the check, every thread answers one request with an error after the database was restarted.
DATABASES = {
    "default": dj_database_url.parse(_ENVIRONMENT.database_url, conn_max_age=60, conn_health_checks=True)
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # secure_delete overwrites erased rows in the file; an immediate transaction waits for the writer before
    # it instead of failing when it comes to write.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA secure_delete=ON",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
]
LOCALE_PATHS = [_ENVIRONMENT.data_dir / "desk-locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
MEDIA_URL = "media/"
MEDIA_ROOT = _ENVIRONMENT.data_dir / "desk-files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_TEMP_DIR = _ENVIRONMENT.data_dir / "desk-uploads"

LOGIN_URL = "helpdesk:login"
LOGIN_REDIRECT_URL = "helpdesk:dashboard"
LOGOUT_REDIRECT_URL = "helpdesk:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_NAME = "firstaid_desk_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
# Reached over the network, the desk speaks HTTPS alone, but for a bot on the same machine; on loopback plain HTTP.
_OVER_NETWORK = bool(_ENVIRONMENT.desk_hosts)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _OVER_NETWORK
SECURE_REDIRECT_EXEMPT = ["^intake/v1/"]
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if _OVER_NETWORK else 0
# W005, W021: what other names of the domain do is not the desk's to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if not _OVER_NETWORK:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _ENVIRONMENT.desk_hosts]

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "waitress.queue": {"level": "ERROR"}},
}

HELPDESK_REDIRECT_TO_LOGIN_BY_DEFAULT = True
HELPDESK_VIEW_A_TICKET_PUBLIC = False
HELPDESK_SUBMIT_A_TICKET_PUBLIC = False
HELPDESK_ENABLE_PASSWORD_RESET = False
HELPDESK_API_ENABLED = False
HELPDESK_ENABLE_TIME_SPENT_ON_TICKET = False
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_STAFF_ONLY_TICKET_OWNERS = True
HELPDESK_STAFF_ONLY_TICKET_CC = True
HELPDESK_SHOW_MY_TICKETS_IN_NAV_FOR_STAFF = False
HELPDESK_DEFAULT_SETTINGS = {"login_view_ticketlist": False, "use_email_as_submitter": False}
HELPDESK_VALID_EXTENSIONS = [
    ".txt", ".pdf", ".doc", ".docx", ".odt", ".jpg", ".jpeg", ".png", ".webp", ".heic", ".eml", ".csv",
]  # fmt: skip

WAITING_STATUS = 6
HELPDESK_TICKET_STATUS_CHOICES = (
    (1, _("Open")),
    (2, _("Reopened")),
    (WAITING_STATUS, _("Waiting for the person")),
    (3, _("Resolved")),
    (4, _("Closed")),
    (5, _("Duplicate")),
)
HELPDESK_TICKET_OPEN_STATUSES = (1, 2, WAITING_STATUS)
HELPDESK_TICKET_STATUS_CHOICES_FLOW = {
    1: (1, WAITING_STATUS, 3, 4, 5),
    2: (2, WAITING_STATUS, 3, 4, 5),
    WAITING_STATUS: (WAITING_STATUS, 2, 3, 4, 5),
    3: (2, WAITING_STATUS, 3, 4),
    4: (2, 4),
    5: (2, 5),
}
HELPDESK_TICKET_STATUS_CSS_CLASSES = {
    1: "danger",
    2: "warning",
    WAITING_STATUS: "info",
    3: "success",
    4: "success",
    5: "secondary",
}
