"""Rows that are for everybody whom the page admits."""

from typing import Any, NoReturn, Self

from django.db import models

from platform_core.accounts.models import User
from platform_core.common.errors import Conflict


class AdmittedQuerySet(models.QuerySet[Any]):
    """Rows of the centre, which belongs to the city as a whole."""

    def visible_to(self, user: User) -> Self:
        """All of them for who signs in: the page's permission says the rest."""
        return self.filter(pk__isnull=not user.is_authenticated)


class AppendOnly(models.Model):
    """A row that is written once; neither changed nor taken away."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Conflict("an entry of a log stays as it was written")
