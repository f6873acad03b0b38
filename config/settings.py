"""The settings, one file, driven by the environment. docs/operations.md lists every variable."""

import os
from pathlib import Path

from config.environment import flag, number, text, words

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(text("PROOFROOM_HOME", str(ROOT / "var")))

# --- the installation ---
DEMO = flag("PROOFROOM_DEMO")
INSTALLATION = text("PROOFROOM_INSTALLATION", "proofroom")  # in cookie names, since ports don't separate cookies
ADDRESS = text("PROOFROOM_ADDRESS", "http://localhost:8000")
EVALUATION = flag("PROOFROOM_EVALUATION")  # embedded services over plain http on localhost
SECRET_KEY = text("PROOFROOM_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = words("PROOFROOM_HOSTS", "localhost 127.0.0.1")
TRUSTED_PROXIES = words(
    "PROOFROOM_TRUSTED_PROXIES", ""
)  # addresses or networks; X-Forwarded-For counts from these only

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_htmx",
    "vault.apps.VaultConfig",
    "custody.apps.CustodyConfig",
    "jobs.apps.JobsConfig",
    "accounts.apps.AccountsConfig",
    "evidence.apps.EvidenceConfig",
    "evidence.media.apps.MediaConfig",
    "sharing.apps.SharingConfig",
    "audit.apps.AuditConfig",
    "home.apps.HomeConfig",
]
MIDDLEWARE = [
    "config.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.http.AccountsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "accounts.http.page_context",
            ],
        },
    }
]

# --- the database: one name, one role a process; the roles are told in docs/architecture.md ---
_DATABASE = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": text("PROOFROOM_DB_HOST", ""),
    "PORT": text("PROOFROOM_DB_PORT", ""),
    "NAME": text("PROOFROOM_DB_NAME", "proofroom"),
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": number("PROOFROOM_DB_CONN_MAX_AGE", 0),
    "CONN_HEALTH_CHECKS": True,
}
DATABASES = {
    "default": {
        **_DATABASE,
        "USER": text("PROOFROOM_DB_USER", "proofroom_web"),
        "PASSWORD": text("PROOFROOM_DB_PASSWORD", ""),
        # Migrations run as the owner, who cannot log in: the migrating role takes it up for the session.
        "OPTIONS": {"options": f"-c role={owner}"} if (owner := text("PROOFROOM_DB_SET_ROLE", "")) else {},
    },
    "sequencer": {
        **_DATABASE,
        "USER": text("PROOFROOM_DB_SEQUENCER_USER", "proofroom_sequencer"),
        "PASSWORD": text("PROOFROOM_DB_SEQUENCER_PASSWORD", ""),
        "TEST": {"MIRROR": "default"},
    },
}
if flag("PROOFROOM_DB_POOL"):
    # A kept connection saves the handshake; a stream gives its back before the first byte.
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],  # type: ignore[dict-item]
        "pool": {"min_size": 1, "max_size": number("PROOFROOM_DB_POOL_SIZE", 16), "timeout": 4},
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- objects, keys, ledger ---
S3_ENDPOINT = text("PROOFROOM_S3_ENDPOINT", "")
S3_REGION = text("PROOFROOM_S3_REGION", "us-gov-west-1")
S3_ACCESS_KEY = text("PROOFROOM_S3_ACCESS_KEY", "")
S3_SECRET_KEY = text("PROOFROOM_S3_SECRET_KEY", "")
S3_BUCKET = text("PROOFROOM_S3_BUCKET", "")
KEY_SERVICE = text("PROOFROOM_KEY_SERVICE", "local")  # local (evaluation only) or kms
KEYRING = Path(text("PROOFROOM_KEYRING", str(HOME / "keys" / "keyring.json")))
LEDGER_NAME = text("PROOFROOM_LEDGER_NAME", "")  # the log's name in checkpoints, random per installation
LEDGER_KEY = Path(text("PROOFROOM_LEDGER_KEY", str(HOME / "keys" / "ledger.key")))  # Ed25519, the sequencer's alone
LEDGER_VKEY = Path(text("PROOFROOM_LEDGER_VKEY", str(HOME / "keys" / "ledger.vkey")))  # its public half
VAULT_BUFFER_BYTES = number("PROOFROOM_VAULT_BUFFER_BYTES", 256 * 1024 * 1024)
UPLOAD_DAYS = number(
    "PROOFROOM_UPLOAD_DAYS", 7
)  # an unfinished upload waits so long; a bucket lifecycle must be longer
TRANSFERS = number("PROOFROOM_TRANSFERS", 12)  # simultaneous streams a process; below the number of threads

# --- the queue, a doorbell only ---
BROKER_URL = text("PROOFROOM_BROKER_URL", "")

# --- people: each number is CJIS Security Policy v5.9.5's, by control ---
AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_MIN_LENGTH = number("PROOFROOM_PASSWORD_MIN_LENGTH", 8)  # IA-5
PASSWORD_MAX_AGE_DAYS = number("PROOFROOM_PASSWORD_MAX_AGE_DAYS", 365)  # IA-5
LOCK_FAILURES = number("PROOFROOM_LOCK_FAILURES", 5)  # AC-7
LOCK_WINDOW_SECONDS = number("PROOFROOM_LOCK_WINDOW", 15 * 60)  # AC-7
ADDRESS_FAILURES = number("PROOFROOM_ADDRESS_FAILURES", 20)  # throttle of one address, before any account locks
SESSION_IDLE_SECONDS = number("PROOFROOM_SESSION_IDLE", 30 * 60)  # AC-11
SESSION_LIFE_SECONDS = number("PROOFROOM_SESSION_LIFE", 12 * 60 * 60)  # IA-11
ENROLMENT_SECONDS = number("PROOFROOM_ENROLMENT", 24 * 60 * 60)  # IA-12(5): a code told once lives for a day
BANNED_PASSWORDS = text("PROOFROOM_BANNED_PASSWORDS", "")  # IA-5: a file, one a line, beside the list we carry
SIGN_IN_SECONDS = (
    number("PROOFROOM_SIGN_IN_MS", 400) / 1000
)  # every refused sign-in takes this long, whatever the cause
STEP_UP_SECONDS = number("PROOFROOM_STEP_UP", 5 * 60)
TOTP_PERIOD_SECONDS = 30  # RFC 6238; IA-5 allows two minutes at most
TOKEN_DAYS = number("PROOFROOM_TOKEN_DAYS", 90)
BANNER = text("PROOFROOM_BANNER", "")  # AC-8; empty: the default text in templates

# Sessions are our own rows (accounts.sessions); these settings are what their cookie is made with.
SESSION_COOKIE_NAME = f"proofroom_session_{INSTALLATION}"
CSRF_COOKIE_NAME = f"proofroom_csrf_{INSTALLATION}"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in <meta>; scripts read it there
MESSAGE_STORAGE = "accounts.messages.CookieStorage"
CSRF_FAILURE_VIEW = "accounts.http.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not EVALUATION  # Safari refuses Secure cookies on http://localhost
SECURE_SSL_REDIRECT = not EVALUATION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if EVALUATION else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not EVALUATION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if header := text("PROOFROOM_PROXY_SSL_HEADER", ""):
    SECURE_PROXY_SSL_HEADER = (header, "https")
CSRF_TRUSTED_ORIGINS = [ADDRESS]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],  # hash-wasm
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],  # hls.js
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Uploads never pass through Django's file handlers, whose temporary files would hold evidence in the clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

REST_FRAMEWORK = {
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.parsing.ShallowJson"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # the middleware has already said who asks
    "DEFAULT_PERMISSION_CLASSES": [],  # `route` declares, `evidence.access` decides
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.rest.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Proofroom",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

STATIC_URL = "/static/"
STATIC_ROOT = Path(text("PROOFROOM_STATIC_ROOT", str(HOME / "static")))
STATICFILES_DIRS = [ROOT / "static"]
# Our own folder only: no page uses what packages bring, such as the browsable API.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "config.static.StaticStorage"},
}

LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "UTC"
APPEND_SLASH = True
LOGGING_CONFIG = "config.logs.configure"
LOGGING: dict[str, object] = {"level": text("PROOFROOM_LOG_LEVEL", "INFO")}
os.umask(0o077)
