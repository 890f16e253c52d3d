"""Choices of the notices."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """How loudly a notice speaks."""

    INFO = "info", _("Information")
    WARNING = "warning", _("Warning")
    URGENT = "urgent", _("Urgent")


class Channel(models.TextChoices):
    """How a message reaches somebody."""

    APP = "app", _("On the platform")
    SMS = "sms", _("Text message")


class TextState(models.TextChoices):
    """What became of a text message."""

    WAITING = "waiting", pgettext_lazy("text", "Waiting")
    SENT = "sent", pgettext_lazy("text", "Sent")
    FAILED = "failed", pgettext_lazy("text", "Failed")
