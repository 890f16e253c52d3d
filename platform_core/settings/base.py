"""Settings shared by every environment; what differs comes from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ

from platform_core.tiers import load_tier

ROOT = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

# The node -------------------------------------------------------------------
PLATFORM_TIER = env("PLATFORM_TIER", default="municipal")
TIER_APPS = load_tier(PLATFORM_TIER).apps
NODE_CODE = env("NODE_CODE", default="M37020001")
NODE_NAME = env("NODE_NAME", default="城市运行管理服务平台")
NODE_URL = env("NODE_URL", default="http://127.0.0.1:8000")
VAR_DIR = Path(env("VAR_DIR", default=str(ROOT / "var" / "dev")))
FILES_ROOT = Path(env("FILES_ROOT", default=str(VAR_DIR / "files")))
EXCHANGE_KEY_FILE = Path(env("EXCHANGE_KEY_FILE", default=str(VAR_DIR / "node.key")))
EXCHANGE_KEY_SUITE = env("EXCHANGE_KEY_SUITE", default="ed25519")
# So old a signing key is to be replaced at the latest; people are told before.
EXCHANGE_KEY_DAYS = env.int("EXCHANGE_KEY_DAYS", default=365)
EXCHANGE_ALLOW_PRIVATE = env.bool("EXCHANGE_ALLOW_PRIVATE", default=False)
# Below it lie the folders that connectors may read from and write to.
ARCHIVE_ROOT = Path(env("ARCHIVE_ROOT", default=str(VAR_DIR / "archive")))
EXCHANGE_FOLDER = Path(env("EXCHANGE_FOLDER", default=str(VAR_DIR / "exchange")))
EXCHANGE_REQUESTS_PER_MINUTE = env.int("EXCHANGE_REQUESTS_PER_MINUTE", default=1200)
DEMO = env.bool("DEMO", default=False)

# Django ---------------------------------------------------------------------
SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = f"{PLATFORM_TIER}.urls"
WSGI_APPLICATION = "platform_core.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CORE_APPS = [
    "platform_core.common.apps.CommonConfig",
    "platform_core.regions.apps.RegionsConfig",
    "platform_core.audit.apps.AuditConfig",
    "platform_core.files.apps.FilesConfig",
    "platform_core.calendars.apps.CalendarsConfig",
    "platform_core.accounts.apps.AccountsConfig",
    "platform_core.processes.apps.ProcessesConfig",
    "platform_core.classification.apps.ClassificationConfig",
    "platform_core.datasets.apps.DatasetsConfig",
    "platform_core.notices.apps.NoticesConfig",
    "platform_core.api.apps.PlatformApiConfig",
    "platform_core.ui.apps.UiConfig",
    "platform_core.jobs.apps.JobsConfig",
]
SYSTEM_APPS = [
    "platform_core.systems.supervision.apps.SupervisionConfig",
    "platform_core.systems.monitoring.apps.MonitoringConfig",
    "platform_core.systems.maintenance.apps.MaintenanceConfig",
]
EXCHANGE_APPS = [
    "exchange.delivery.apps.DeliveryConfig",
    "exchange.interfaces.apps.InterfacesConfig",
    "exchange.feeds.apps.FeedsConfig",
    "exchange.reconciliation.apps.ReconciliationConfig",
    "exchange.aggregation.cleansing.apps.CleansingConfig",
    "exchange.aggregation.fusion.apps.FusionConfig",
    "exchange.operations.apps.OperationsConfig",
    "exchange.drills.apps.DrillsConfig",
    "exchange.aggregation.catalogue.apps.CatalogueConfig",
    "exchange.connectors.apps.ConnectorsConfig",
    "exchange.packages.apps.PackagesConfig",
]
LIBRARY_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "knox",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "axes",
]
INSTALLED_APPS = [*LIBRARY_APPS, *CORE_APPS, *SYSTEM_APPS, *EXCHANGE_APPS, *TIER_APPS]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "platform_core.common.logs.TraceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "platform_core.accounts.middleware.PasswordChangeMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "platform_core.ui.middleware.PageMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "platform_core.ui.context.platform",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Storage --------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query that a wrong estimate makes look dear takes longer than it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": (
        {
            "BACKEND": "platform_core.common.caching.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": NODE_CODE,
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Sign-in --------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "platform_core.accounts.backends.RoleBackend",
    "guardian.backends.ObjectPermissionBackend",
]
GUARDIAN_RAISE_403 = True
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
    {"NAME": "platform_core.accounts.validators.CharacterKindsValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "ui:home"
LOGOUT_REDIRECT_URL = "accounts:login"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = f"session_{NODE_CODE}"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=8 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"csrf_{NODE_CODE}"
AXES_FAILURE_LIMIT = env.int("LOCKOUT_FAILURES", default=5)
AXES_COOLOFF_TIME = env.float("LOCKOUT_HOURS", default=0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "platform_core.accounts.views.locked"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it
AXES_CLIENT_IP_CALLABLE = "platform_core.accounts.signin.address_of"
PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # reverse proxies in front

# Language and time ----------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = f"language_{NODE_CODE}"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "platform_core.ui.formats"
TIME_ZONE = "Asia/Shanghai"

# Static files and uploads ---------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(ROOT / "staticfiles")))
FILE_MAX_BYTES = env.int("FILE_MAX_BYTES", default=20 * 1024 * 1024)
EXCHANGE_PACKAGE_MAX_BYTES = env.int(
    "EXCHANGE_PACKAGE_MAX_BYTES", default=512 * 1024 * 1024
)
FILE_MAX_PIXELS = env.int("FILE_MAX_PIXELS", default=60_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
# Base map as an XYZ or WMTS address with {z}/{x}/{y}; maps work without one.
MAP_TILES = env("MAP_TILES", default="")
MAP_ATTRIBUTION = env("MAP_ATTRIBUTION", default="")
CSRF_FAILURE_VIEW = "platform_core.ui.views.errors.csrf_failure"

# Text messages: an HTTP gateway that takes {"id", "to", "text"} with a bearer token
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN", default="")

# API ------------------------------------------------------------------------
REST_KNOX = {"TOKEN_TTL": timedelta(hours=env.int("TOKEN_HOURS", default=24))}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "platform_core.accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["platform_core.api.permissions.Stated"],
    "DEFAULT_FILTER_BACKENDS": ["platform_core.api.filters.GivenFilters"],
    "DEFAULT_PAGINATION_CLASS": "platform_core.api.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "platform_core.api.throttling.AnonymousThrottle",
        "platform_core.api.throttling.UserThrottle",
    ],
    "NUM_PROXIES": PROXY_COUNT,
    "DEFAULT_THROTTLE_RATES": {
        "anon": env("THROTTLE_ANONYMOUS", default="60/min"),
        "user": env("THROTTLE_USER", default="6000/min"),
        "public_geocode": env("THROTTLE_GEOCODE", default="120/min"),
        "public_report": env("THROTTLE_REPORTS", default="30/min"),
    },
    "EXCEPTION_HANDLER": "platform_core.api.errors.exception_handler",
    "PAGE_SIZE": 25,
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Urban operation management service platform",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "platform_core.api.schema.error_responses",
    ],
}

# Celery ---------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = NODE_CODE
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "exchange.operations.scheduling:PausableScheduler"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "platform_core.common.logs.formatter", "as_json": True},
        "text": {"()": "platform_core.common.logs.formatter", "as_json": False},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env("LOG_FORMAT", default="json"),
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
