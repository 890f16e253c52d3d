"""Fill this node with sample data, labelled as such."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from platform_core.common.apps import PlatformAppConfig


class Command(BaseCommand):
    help = "Load the sample data of every installed app. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        for config in apps.get_app_configs():
            if isinstance(config, PlatformAppConfig):
                for load in config.loaders("sample"):
                    self.stdout.write(f"{config.label}: {load()}")
