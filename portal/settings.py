"""Settings: safe by default, changed only through `PORTAL_*` (see docs/architecture)."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from environs import Env

from portal.core.ops.data_folder import kept_key

env = Env(prefix="PORTAL_")

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA", str(BASE_DIR / "data"))).expanduser().resolve()

DEBUG = env.bool("DEBUG", False)
HTTPS = env.bool("HTTPS", True)
ALLOW_HTTP = env.bool("ALLOW_HTTP", False)  # without TLS on hosts that others reach
SITE_NAME = env.str("SITE_NAME", "Ops Portal")
ALLOWED_HOSTS: list[str] = env.list("HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("TRUSTED_ORIGINS", [])
_host = ALLOWED_HOSTS[0].lstrip(".") if ALLOWED_HOSTS else "localhost"
ADDRESS = env.str("ADDRESS", "") or f"{'https' if HTTPS else 'http'}://{_host}"


# Nothing here makes a file (core/ops/data_folder.py does): until then there is no key, and no use.
SECRET_KEY = env.str("SECRET_KEY", "")
SECRET_KEY_FILE = None if SECRET_KEY else DATA_DIR / "secret-key"
if SECRET_KEY_FILE:
    SECRET_KEY = kept_key(SECRET_KEY_FILE)

INSTALLED_APPS = [
    "portal.core",
    "portal.accounts",
    "portal.notifications",
    "portal.search",
    "portal.architecture",
    "runbooks",
    "portal.monitoring",
    "onboarding",
    "incidents",
    "portal.desk.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "auditlog",
    "csp",
    "django_htmx",
    "markdownx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.web.requests.Counted",
    "portal.core.web.middleware.RequestIdentity",
    "portal.core.web.middleware.SlashOptional",
    "portal.core.web.middleware.ContentPolicy",
    "portal.core.web.middleware.PrivateByDefault",
    "portal.core.web.middleware.NotAllowedShown",
    "portal.core.web.probes.Probes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.signin.middleware.SignInRequired",
    "portal.accounts.signin.middleware.LocalTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.signin.middleware.Resumed",
    "portal.accounts.signin.middleware.Audited",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.core.web.context.portal",
            ],
        },
    },
]

# Database: SQLite in the data folder, or PORTAL_DATABASE_URL.
SQLITE_FILE = DATA_DIR / "portal.sqlite3"
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{SQLITE_FILE}", conn_max_age=600)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL + IMMEDIATE: concurrent read-then-write transactions wait instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    # A server that takes connections and says nothing, or that is gone without a word, is away.
    # What the address of the database says of it wins.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,  # seconds
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,  # milliseconds until what was sent has to have arrived
        **DATABASES["default"].get("OPTIONS", {}),
    }

# Shared by all workers: allauth counts failed sign-ins here. In Redis or Valkey the limits of the
# API are counted for all machines together, too (core/api/ratelimit.py).
CACHE_URL = env.str("CACHE_URL", "")
if CACHE_URL.startswith("valkey"):
    CACHE_URL = CACHE_URL.replace("valkey", "redis", 1)  # the same protocol
CACHES: dict[str, dict] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
if CACHE_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
    }

# Who signs in, and how
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.RoleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
SIMILAR = {"OPTIONS": {"user_attributes": ("username", "name", "email")}}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in (
        ("UserAttributeSimilarityValidator", SIMILAR),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 12}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {"change_password": "portal.accounts.people.forms.PasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/5m/key,20/5m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
SOCIALACCOUNT_ADAPTER = "portal.accounts.signin.adapters.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.str("OIDC_NAME", "Single sign-on")
OIDC_DEFAULT_ROLE = env.str("OIDC_DEFAULT_ROLE", "reader")
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": OIDC_NAME,
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_SERVER_URL},
                }
            ]
        }
    }

# Sessions and cookies
SESSION_ENGINE = "portal.accounts.signin.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 12) * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Guides: videos, and pictures that Chromium takes
VIDEO_MB = env.int("VIDEO_MB", 100)
VIDEO_HOSTS: list[str] = env.list("VIDEO_HOSTS", [])
CHROMIUM = env.str("CHROMIUM", "/usr/bin/chromium")

# Headers
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS redirects; health checks come without it
# PrivateByDefault keeps W002, secret_is_secret W009; W008 is the proxy's. W005 and W021 would ask
# for more of HSTS than is safe to give unasked: other hosts of the domain may need HTTP.
SILENCED_SYSTEM_CHECKS = [
    *("security.W002", "security.W005", "security.W008", "security.W009", "security.W021")
]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF, *(f"https://{host}" for host in VIDEO_HOSTS)],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The button of single sign-on posts to us and is redirected to the provider.
        "form-action": [SELF, *([_origin(OIDC_SERVER_URL)] if OIDC_SERVER_URL else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Language, time, files
LANGUAGE_CODE = "en"
USE_I18N = False
FORMAT_MODULE_PATH = "portal.formats"
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "UTC")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.core.web.staticfiles.StaticFiles"},
}
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what browsers ask for by name, such as favicon.ico
WHITENOISE_MAX_AGE = 86_400  # of files without a digest in their names: those
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "svgz", "woff", "woff2", "gz", "br")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# E-mail: without PORTAL_EMAIL_URL nothing is sent and everything waits
_mail = env.dj_email_url("EMAIL_URL", "dummy:")
EMAIL_BACKEND = _mail.get("EMAIL_BACKEND", "")
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 5  # seconds for each answer; notifications/mail.py limits the whole
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "")

# Webhooks and chat services outside the public internet: see core/outgoing
OUTGOING_ALLOW: list[str] = env.list("OUTGOING_ALLOW", [])
DEAD_MAN_URL = env.str("DEAD_MAN_URL", "")

# A status page that everybody may read, at /status/public/
PUBLIC_STATUS = env.bool("PUBLIC_STATUS", False)

# How long things are kept
KEEP_DELIVERIES_DAYS = env.int("KEEP_DELIVERIES_DAYS", 90)
KEEP_ALERTS_DAYS = env.int("KEEP_ALERTS_DAYS", 400)
KEEP_RECEIVED_DAYS = env.int("KEEP_RECEIVED_DAYS", 14)
KEEP_PINGS = env.int("KEEP_PINGS", 100)
KEEP_PINGS_DAYS = env.int("KEEP_PINGS_DAYS", 90)
KEEP_FLIPS_DAYS = env.int("KEEP_FLIPS_DAYS", 400)
ANONYMISE_PROGRESS_DAYS = env.int("ANONYMISE_PROGRESS_DAYS", 365)

# API
API_RATE = env.int("API_RATE", 600)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.accounts.signin.authentication.TokenAuthentication",
        "portal.accounts.signin.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissions"],
    "DEFAULT_RENDERER_CLASSES": ["portal.core.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.core.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.core.api.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ops Portal API",
    "VERSION": "1",
    "DESCRIPTION": (
        "The procedures of an operations team: runbooks and their runs, guides, and the catalog "
        "of services. Sign in with `Authorization: Bearer <token>`; errors are RFC 9457 problems."
    ),
    "LICENSE": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    "SERVERS": [{"url": ADDRESS, "description": "This portal."}],
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.core.api.schema.complete",
    ],
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,  # an enumeration of null: no generator knows it
    "ENUM_NAME_OVERRIDES": {
        "StateEnum": "runbooks.models.State",
        "KindEnum": "runbooks.models.Kind",
        "SectionEnum": "runbooks.models.Section",
        "ServiceKindEnum": "portal.architecture.models.ServiceKind",
        "ConfigurationKindEnum": "portal.architecture.models.ConfigurationItem.Kind",
        "RunStateEnum": "runbooks.models.RunState",
        "StepStateEnum": "runbooks.models.StepState",
        "EntryKindEnum": "runbooks.models.EntryKind",
        "StuckStateEnum": "onboarding.models.StuckState",
        "AlertStateEnum": "portal.monitoring.models.AlertState",
        "MutedByEnum": "portal.monitoring.models.MutedBy",
        "IntakeKindEnum": "portal.monitoring.models.IntakeKind",
        "IntakeStateEnum": "portal.monitoring.intakes.api.serializers.STATES",
        "OnCallStateEnum": "incidents.oncall.api.serializers.STATES",
        "SwapStateEnum": "incidents.models.SwapState",
        "PhaseEnum": "portal.monitoring.models.Phase",
        "MaintenanceStateEnum": "portal.monitoring.maintenance.api.serializers.STATES",
        "HeartbeatStateEnum": "portal.monitoring.models.HeartbeatState",
        "PingSignalEnum": "portal.monitoring.models.Signal",
        "FlipReasonEnum": "portal.monitoring.models.FlipReason",
        "DeliveryStateEnum": "portal.notifications.models.DeliveryState",
        "ChannelKindEnum": "portal.notifications.models.ChannelKind",
        "ContactKindEnum": "portal.notifications.models.ContactKind",
        "ContactStateEnum": "portal.notifications.contacts.serializers.STATES",
        "ChannelStateEnum": "portal.notifications.channels.serializers.STATES",
        "CommunicationStateEnum": "incidents.models.CommunicationState",
        "AudienceEnum": "incidents.models.AudienceName",
        "MomentEnum": "incidents.models.Moment",
        "ComponentStateEnum": "incidents.statuspage.api.STATES",
        "UrgencyEnum": "portal.notifications.models.Urgency",
        "IncidentStateEnum": "incidents.models.IncidentState",
        "IncidentSourceEnum": "incidents.models.IncidentSource",
        "TimelineKindEnum": "incidents.models.EntryKind",
        "WrittenKindEnum": "incidents.room.api.taken.KINDS",
        "ClockKindEnum": "incidents.models.ClockKind",
        "ClockStateEnum": "incidents.models.ClockState",
        "RoleEnum": "incidents.models.Role",
        "ImpactEnum": "incidents.models.Impact",
        "RuleActionEnum": "incidents.models.RuleAction",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# What is edited as plain rows; runbooks and versions note their verbs themselves.
AUDITLOG_INCLUDE_TRACKING_MODELS = (
    {
        "model": "accounts.User",
        "exclude_fields": ["password", "last_login", "hides_setup", "calendar_mark"],
        "m2m_fields": ["groups"],
    },
    {"model": "accounts.Team", "m2m_fields": ["members"]},
    {"model": "accounts.Token", "exclude_fields": ["digest", "last_used_at"]},
    {"model": "architecture.Service"},
    {"model": "architecture.Dependency"},
    {"model": "architecture.ConfigurationItem"},
    {"model": "architecture.Zone"},
    {"model": "architecture.Integration"},
    {"model": "runbooks.Template"},
)

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
# What they log below this names addresses with tokens, and what is signed with secrets.
TALKATIVE = ("httpcore2", "httpx2", "oauthlib", "requests_oauthlib", "urllib3")
HELD_AT = "WARNING" if LOG_LEVEL in ("DEBUG", "INFO") else LOG_LEVEL
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"identity": {"()": "portal.core.ops.logs.IdentityFilter"}},
    "formatters": {"json": {"()": "portal.core.ops.logs.JSONFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["identity"],
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    # What it logs is read by notifications/transports/service.py; it names addresses with tokens.
    "loggers": {
        "apprise": {"handlers": ["nowhere"], "level": "WARNING", "propagate": False},
        **{name: {"level": HELD_AT} for name in TALKATIVE},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}

# How gunicorn serves it (portal/gunicorn.py)
BIND = env.str("BIND", "127.0.0.1:8000")
WORKERS = env.int("WORKERS", 2)
THREADS = env.int("THREADS", 4)
CLIENT_SECONDS = env.int("CLIENT_SECONDS", 20)
FORWARDED_ALLOW_IPS = env.str("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# Every name above that is read from the environment, so that a misspelt one is noticed.
KNOWN_NAMES = frozenset({*env.dump(), "PORTAL_DEMO_PASSWORD"})
