"""What a user keeps about pages."""

from django.conf import settings
from django.db import models

from platform_core.common.models import TimeStamped


class SavedView(TimeStamped):
    """A list's filters, columns and order under a name of the user's own."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views"
    )
    page = models.CharField(max_length=200)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="ui_saved_view_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
