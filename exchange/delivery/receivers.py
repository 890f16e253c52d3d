"""The platform's one signal: what was announced goes out without delay."""

from typing import Any

from django.dispatch import receiver

from platform_core.datasets.signals import published

from .services import housekeeping


@receiver(published)
def start_pump(**kwargs: Any) -> None:
    """Announced changes leave right after their commit."""
    housekeeping.kick_after_commit()
