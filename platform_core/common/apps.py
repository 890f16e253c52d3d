"""The one way an app plugs into the platform: data on its AppConfig."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from celery import current_app
from django.apps import AppConfig
from django.utils.module_loading import import_string, module_has_submodule

REGISTERING_MODULES = (
    *("lookups", "datasets", "fillings", "nav", "dashboards", "checks", "schema"),
)


class PlatformAppConfig(AppConfig):
    """An app of the platform.

    `beat_schedule` joins Celery's schedule. `reference` and `sample` name
    functions without arguments, run by `setup_node` and `seed_sample` in the
    order of INSTALLED_APPS; each must be safe to run twice.
    """

    beat_schedule: dict[str, dict[str, Any]] = {}
    reference: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()

    def ready(self) -> None:
        """Register the schedule, and what the app's modules register on import."""
        current_app.conf.beat_schedule.update(self.beat_schedule)
        assert self.module is not None
        for name in REGISTERING_MODULES:
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")

    def loaders(self, kind: str) -> list[Callable[[], object]]:
        """The functions named under `reference` or `sample`."""
        return [import_string(path) for path in getattr(self, kind)]


class CommonConfig(PlatformAppConfig):
    name = "platform_core.common"
    label = "common"
