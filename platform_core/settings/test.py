"""Settings of the test suite: the union of all tiers in one process."""

import tempfile
from pathlib import Path

from platform_core.tiers import CODES, load_tier

from .base import *  # noqa: F403
from .base import CORE_APPS, EXCHANGE_APPS, LIBRARY_APPS, SYSTEM_APPS, TEMPLATES

PLATFORM_TIER = "municipal"
NODE_CODE = "M37020001"
NODE_NAME = "青岛市城市运行管理服务平台"
SECRET_KEY = "only-for-tests"  # noqa: S105
ROOT_URLCONF = "municipal.urls"
TIER_APPS = tuple(dict.fromkeys(app for code in CODES for app in load_tier(code).apps))
INSTALLED_APPS = [*LIBRARY_APPS, *CORE_APPS, *SYSTEM_APPS, *EXCHANGE_APPS, *TIER_APPS]
VAR_DIR = Path(tempfile.mkdtemp(prefix="platform-test-"))
FILES_ROOT = VAR_DIR / "files"
EXCHANGE_KEY_FILE = VAR_DIR / "node.key"
EXCHANGE_FOLDER = VAR_DIR / "exchange"
ARCHIVE_ROOT = VAR_DIR / "archive"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()
EXCHANGE_ALLOW_PRIVATE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_COOKIE_NAME = "sessionid"
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
AXES_ENABLED = False
UNDEFINED_MARK = "undefined-template-variable"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UNDEFINED_MARK + "(%s)"
