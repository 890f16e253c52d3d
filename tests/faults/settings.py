"""Settings of the platforms under faults: the exchange on the core, nothing above."""

from platform_core.settings.dev import *  # noqa: F403
from platform_core.settings.dev import CORE_APPS, EXCHANGE_APPS, LIBRARY_APPS, TEMPLATES

INSTALLED_APPS = [
    *LIBRARY_APPS,
    *CORE_APPS,
    *EXCHANGE_APPS,
    "tests.faults.books.apps.BooksConfig",
]
ROOT_URLCONF = "tests.faults.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
TEMPLATES[0]["OPTIONS"]["context_processors"] = []


class WithoutMigrations(dict):
    """Tables straight from the models: these platforms live for minutes."""

    def __contains__(self, label):
        return True

    def __missing__(self, label):
        return None


MIGRATION_MODULES = WithoutMigrations()
