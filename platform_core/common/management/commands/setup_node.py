"""Bring this node's database up to date: tables, roles, reference data."""

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand

from platform_core.common.apps import PlatformAppConfig


class Command(BaseCommand):
    help = "Migrate, then load reference data. Safe to run at every start."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
        for config in apps.get_app_configs():
            if isinstance(config, PlatformAppConfig):
                for load in config.loaders("reference"):
                    self.stdout.write(f"{config.label}: {load()}")
