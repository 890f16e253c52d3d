"""What the reception sets up for itself: lines, seats, phrases, articles, sources."""

from typing import TypeVar

from django.db import models, transaction
from django.db.models import F

from municipal.command.intake.models import Article
from platform_core.accounts.models import User
from platform_core.audit import services as audit

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def keep(*, row: Row, by: User) -> Row:
    """Store a setting that a form has checked, with what was changed."""
    before = type(row)._base_manager.filter(pk=row.pk).values().first() or {}
    touch = getattr(row, "touch", None)
    if touch:
        touch()
    row.save()
    after = type(row)._base_manager.filter(pk=row.pk).values().get()
    changed = {
        name: [str(before.get(name, "")), str(value)]
        for name, value in after.items()
        if before.get(name) != value and name != "updated_at"
    }
    audit.record(f"{row._meta.model_name}.kept", row, by=by, data=changed)
    return row


@transaction.atomic
def remove(*, row: models.Model, by: User) -> None:
    """Take a setting away that nothing refers to."""
    audit.record(f"{row._meta.model_name}.removed", row, by=by)
    row.delete()


def read_article(article: Article) -> None:
    """Count a reading; what is read most is offered first."""
    Article.objects.filter(pk=article.pk).update(read_count=F("read_count") + 1)
