"""Django's settings of the workspace. One process serves one home; what can be told from outside is read in `environment`."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from assay_web.database import database_of
from assay_web.environment import (
    cookie_prefix,
    read_address,
    read_count,
    read_engine,
    read_flag,
    read_home,
    read_mail_server,
    read_secret_keys,
)
from assay_web.logs import read_log_form
from assay_web.static_files import digest_of

ASSAY_HOME = read_home()
ADDRESS = read_address()
_HERE = Path(__file__).parent
_COOKIES = cookie_prefix(ASSAY_HOME, ADDRESS)

DEBUG = False
SECRET_KEY, *SECRET_KEY_FALLBACKS = read_secret_keys(ASSAY_HOME)
ALLOWED_HOSTS = [ADDRESS.host, *(["127.0.0.1", "[::1]"] if ADDRESS.is_loopback else [])]
CSRF_TRUSTED_ORIGINS = [ADDRESS.origin]
ROOT_URLCONF = "assay_web.urls"
WSGI_APPLICATION = "assay_web.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "assay_web.records",
    "assay_web.people",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "assay_web.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "assay_web.zone.company_time",
    "assay_web.access.AccessMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assay_web.shell.shell",
            ],
            "builtins": ["assay_web.page.tags", "assay_web.workspace.register_tags"],
            "string_if_invalid": "",
        },
    }
]

DATABASES = {"default": database_of(ASSAY_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {
            "MAX_ENTRIES": 100_000
        },  # limits are counted here: many tries must not push out the count of one
    }
}

# What does background work; jobs themselves are rows of `records.jobs`
TASKS = {"default": {"BACKEND": read_engine()}}

SCHEDULED = read_flag("ASSAY_SCHEDULE", default=True)
"""Whether the worker asks for each day's collection by itself."""

MAIL = read_mail_server()
"""Where mail is handed in, and who sends it; None without: then links are copied, and what is told stands on the pages alone."""

# Who someone is
AUTH_USER_MODEL = "records.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "assay_web.people.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
}
MFA_ADAPTER = "assay_web.people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Assay"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ADDRESS.is_secure  # `people.passkeys` asks for the very origin
MFA_TOTP_TOLERANCE = (
    1  # steps of 30 s, for clocks that differ; `services.second_factors` takes each step once
)
ALLAUTH_TRUSTED_PROXY_COUNT = read_count("ASSAY_TRUSTED_PROXIES", 0, most=5)

# Sessions and cookies
SESSION_ENGINE = "assay_web.services.sessions"
SESSION_COOKIE_NAME = f"{_COOKIES}-session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = ADDRESS.is_secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_COOKIES}-csrf"
CSRF_COOKIE_SECURE = ADDRESS.is_secure
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "assay_web.page.errors.refused_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What browsers are told
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ADDRESS.is_secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = ADDRESS.is_secure
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ADDRESS.is_secure and ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
X_FRAME_OPTIONS = "DENY"

# Files: their address changes when they do, so browsers keep them for good
STATIC_URL = f"/static/{digest_of(_HERE / 'static')}/"
STATIC_ROOT = _HERE / "static"
WHITENOISE_IMMUTABLE_FILE_TEST = "."

# Words and times
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# What people send
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "assay_web.logs.JsonLines"},
    },
    "filters": {"without tokens": {"()": "assay_web.people.log_lines.WithoutTokens"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": read_log_form(),
            "filters": ["without tokens"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
