"""Settings of a developer's machine and of the demo."""

from .base import *  # noqa: F403
from .base import SECRET_KEY, VAR_DIR, env

VAR_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = SECRET_KEY or "only-for-development-never-in-production-0123456789"
WHITENOISE_USE_FINDERS = True
EXCHANGE_ALLOW_PRIVATE = env.bool("EXCHANGE_ALLOW_PRIVATE", default=True)
