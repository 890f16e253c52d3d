"""The one signal of the platform: something was announced."""

from django.dispatch import Signal

published = Signal()
