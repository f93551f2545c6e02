"""All settings of Anxin, read from the environment once, with safe embedded defaults.

The embedded size needs nothing: SQLite, a filesystem broker and local media under ``var/``.
The large size is the same code with ``DATABASE_URL``, ``CELERY_BROKER_URL`` and ``CACHE_URL``.
"""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env

django_stubs_ext.monkeypatch()

env = Env()
BASE_DIR = Path(__file__).resolve().parents[2]
PACKAGE_DIR = Path(__file__).resolve().parent
VAR_DIR = Path(env.str("ANXIN_VAR", str(BASE_DIR / "var")))
env.read_env(str(BASE_DIR / ".env"), recurse=False)
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # no other user of the machine looks in

DEBUG = env.bool("DEBUG", False)
# `make demo` and the tests run with a key of their own under var/; production must name one.
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_DRAWN = not SECRET_KEY
if SECRET_KEY_DRAWN:
    key_file = VAR_DIR / "secret_key"
    if not key_file.exists():
        from django.core.management.utils import get_random_secret_key

        key_file.touch(mode=0o600)
        key_file.write_text(get_random_secret_key())
    SECRET_KEY = key_file.read_text()
# Seals identity numbers (see credit.sealing). Kept apart from SECRET_KEY, so that both can be rotated.
SEALING_KEYS: list[str] = env.list("SEALING_KEYS", [])
# Sign open data and credit reports (see credit.acts.signing): Ed25519 seeds in base64, newest first.
SIGNING_KEYS: list[str] = env.list("SIGNING_KEYS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.str("BASE_URL", "http://localhost:8000")
# Course packages (SCORM, H5P) run on an origin of their own, such as https://kejian.example.cn: another host than
# ours, sent to the same processes. Empty: packages can be uploaded and not opened.
PACKAGES_ORIGIN = env.str("PACKAGES_ORIGIN", "").rstrip("/")
if PACKAGES_ORIGIN:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(PACKAGES_ORIGIN).hostname or ""]
HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS: list[str] = env.list(
    "CSRF_TRUSTED_ORIGINS", ["{0.scheme}://{0.netloc}".format(urlsplit(BASE_URL))]
)
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
# Behind a proxy that sets (and never passes on) X-Forwarded-Proto and X-Forwarded-For.
TRUST_PROXY = env.bool("TRUST_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(TRUST_PROXY)

INSTALLED_APPS = [
    "config",
    "accounts",
    "culture",
    "indicators",
    "courses",
    "credit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.search_promotions",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.PeopleAdminConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "ninja",
    "csp",
    "django_structlog",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "config.middleware.PackagesHost",  # another origin: nothing of ours is asked there
    "config.middleware.ContentSecurity",  # first, so that no answer goes without the policy
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguage",
    "config.middleware.PrivatePages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.RequestLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.StepsInWords",
    "accounts.middleware.StaffSecondFactor",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", PACKAGE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# -- Data: one URL each --------------------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'anxin.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Parallel writers queue up instead of failing: see docs/decisions/0003.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # The last one: INSERT OR REPLACE must pass the guards on DELETE (docs/decisions/0005).
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA recursive_triggers=ON;",
    }
    DATABASES["default"]["TEST"] = {
        "NAME": str(VAR_DIR / f"test-{env.str('ANXIN_TEST_DB', 'main')}.sqlite3")
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["TEST"] = {"NAME": f"test_anxin_{env.str('ANXIN_TEST_DB', 'main')}"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared between processes in both sizes: login limits count in it.
CACHES = {"default": env.dj_cache_url("CACHE_URL", f"file://{VAR_DIR / 'cache'}")}
if "filebased" in CACHES["default"]["BACKEND"]:
    # Django's 300 entries would evict limits and used second-factor codes at random.
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 50_000

# Brotli takes most of a minute, which nobody waits for at a first look.
COMPRESSED = env.bool("STATIC_COMPRESSED", True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Evidence, imported workbooks: never under a public address, served by views that check rights.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COMPRESSED
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [PACKAGE_DIR / "static"]
MEDIA_URL = env.str("MEDIA_URL", "/media/")
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
API_MAX_BYTES = env.int("API_MAX_BYTES", 20 * 1024 * 1024)
IMPORT_MAX_BYTES = env.int(
    "IMPORT_MAX_BYTES", 150 * 1024 * 1024
)  # workbooks end at 50 MB (MOST_BOOK)
# What numbers of papers begin with, such as 云应急; empty: the district's first character and 应急.
PAPER_PREFIX = env.str("PAPER_PREFIX", "")
SCAN_MAX_BYTES = env.int("SCAN_MAX_BYTES", 10 * 1024 * 1024)

# -- Background work: real workers in both sizes, never eager ---------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    for name in ("queue", "control", "processed"):
        (VAR_DIR / "broker" / name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "polling_interval": 0.2,
    }
# Two installations on one broker must not take each other's tasks.
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "celery")
CELERY_RESULT_BACKEND = env.str("CELERY_RESULT_BACKEND", None)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = {
    "worker-alive": {"task": "config.worker_alive", "schedule": 60.0},
    "close-due-exams": {"task": "courses.close_due_attempts", "schedule": 60.0},
    "close-due-plays": {"task": "courses.close_due_plays", "schedule": 60.0},
    "find-impossible": {
        "task": "courses.find_impossible",
        "schedule": crontab(hour=3, minute=20),
    },
    "refresh-obligations": {
        "task": "courses.refresh_obligations",
        "schedule": crontab(hour=0, minute=30),
    },
    "remind-of-training": {"task": "courses.remind", "schedule": crontab(hour=7, minute=40)},
    "send-mails": {"task": "courses.send_mails", "schedule": 60.0},
    "tell-credit": {"task": "courses.tell_credit", "schedule": 60.0},
    "tell-of-learning": {"task": "courses.tell_of_learning", "schedule": 60.0},
    "forget-prints": {"task": "courses.forget_prints", "schedule": crontab(minute=25)},
    "forget-snapshots": {
        "task": "courses.forget_snapshots",
        "schedule": crontab(hour=2, minute=50),
    },
    "count-questions": {"task": "courses.count_questions", "schedule": crontab(hour=2, minute=20)},
    "forget-unfinished": {"task": "accounts.forget_unfinished", "schedule": crontab(hour=3)},
    "clear-sessions": {"task": "accounts.clear_sessions", "schedule": crontab(hour=3)},
    "rulesets-take-effect": {
        "task": "credit.rulesets_take_effect",
        "schedule": crontab(hour=0, minute=5),
    },
    "end-red-entries": {"task": "credit.end_red_entries", "schedule": crontab(hour=1, minute=0)},
    "remind-of-deadlines": {"task": "credit.remind", "schedule": crontab(hour=7, minute=30)},
    "expire-entries": {"task": "credit.expire_entries", "schedule": crontab(hour=0, minute=10)},
    "send-texts": {"task": "credit.send_texts", "schedule": 60.0},
    "publish-open-data": {
        "task": "credit.publish_open_data",
        "schedule": crontab(hour=0, minute=10),
    },
    "plan-pushes": {"task": "credit.plan_pushes", "schedule": crontab(minute=5)},
    "send-pushes": {"task": "credit.send_pushes", "schedule": 60.0},
    "remind-of-pushes": {
        "task": "credit.remind_of_pushes",
        "schedule": crontab(hour=8, minute=30),
    },
    "refresh-scores": {"task": "credit.refresh_scores", "schedule": crontab(hour=1, minute=10)},
    "send-alerts": {"task": "credit.send_alerts", "schedule": crontab(hour=7, minute=30)},
    "anchor-audit": {"task": "credit.anchor_audit", "schedule": crontab(hour=2, minute=0)},
    "tell-gaps": {"task": "credit.tell_gaps", "schedule": crontab(hour=1, minute=40)},
}
# Text messages of credit: a function of (phone, text) that raises OSError when it could not.
CREDIT_SMS = env.str("CREDIT_SMS", "accounts.sms.send")
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
TASKS = {"default": {"BACKEND": "config.tasks.CeleryBackend"}}

# -- People ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough"},
    {"NAME": "accounts.passwords.NotCommon"},
    {"NAME": "accounts.passwords.NotOnlyDigits"},
]
LOGIN_URL = "account_login"
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "anxin@localhost")
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
from accounts.settings import *  # noqa: E402, F403  # allauth's own settings, beside its code

# -- API: how often one may ask in a minute, by address and by partner -------------------------------

API_PER_MINUTE = env.int("API_PER_MINUTE", 300)
API_PER_MINUTE_PARTNER = env.int("API_PER_MINUTE_PARTNER", 3000)

# -- Learning record store (xAPI): bytes of a request with statements, and of a document -------------------

XAPI_STATEMENT_BYTES = env.int("XAPI_STATEMENT_BYTES", 2 * 1024 * 1024)
XAPI_DOCUMENT_BYTES = env.int("XAPI_DOCUMENT_BYTES", 512 * 1024)

# -- Pushes to agencies -------------------------------------------------------------------------------

PUSH_TO_LOCAL = env.bool("PUSH_TO_LOCAL", False)  # tests and demos: http and inner addresses too
PUSH_REMINDER_DAYS = env.int(
    "PUSH_REMINDER_DAYS", 3
)  # working days until an unconfirmed DEL is told

# -- Language, time ------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# -- Wagtail: nothing leaves for a foreign host ------------------------------------------------------

WAGTAIL_FINISH_WORKFLOW_ACTION = "culture.publishing.publish_approved"
WAGTAIL_SITE_NAME = "安信"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = "culture/password_required.html"  # noqa: S105
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai", "Asia/Urumqi"]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "culture.search"}}
WAGTAILIMAGES_IMAGE_FORM_BASE = "culture.uploads.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "culture.uploads.DocumentForm"
WAGTAILMEDIA = {
    "MEDIA_FORM_BASE": "culture.uploads.MediaForm",
    "AUDIO_EXTENSIONS": ["mp3", "m4a", "ogg", "wav"],
    "VIDEO_EXTENSIONS": ["mp4", "webm"],
}
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "csv", "txt"]
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []

# -- Security headers --------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", False)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "display-capture": [],
    "fullscreen": ["self"],  # videos
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview is a frame on our own origin
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# -- Logs: one JSON line an event --------------------------------------------------------------------

from config.logs import DJANGO_STRUCTLOG_IP_LOGGING_ENABLED, LOGGING  # noqa: E402, F401

# How it is known before an exam who sits it (courses/acts/identity.py). A way without a face must stay.
EXAM_IDENTITY_BACKENDS = env.list(
    "EXAM_IDENTITY_BACKENDS",
    ["courses.acts.identity.SeenCard", "courses.acts.identity.OneTimeCode"],
)
