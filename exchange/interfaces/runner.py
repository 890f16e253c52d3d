"""The background work of the data standard."""

from django.utils.translation import gettext_lazy as _

from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

from .models import Archive, Table
from .services import archiving


@job(archiving.KIND, _("Archive of a table"))
def archive(work: Work) -> None:
    """Archive what one table keeps no longer."""
    archiving.archive(Table.objects.get(code=work.params["table"]), work)


@job(archiving.RESTORE, _("Rows back from the archive"))
def restore(work: Work) -> None:
    """Bring the rows of one file back."""
    rows = Archive.objects.select_related("table")
    archiving.restore(rows.get(uid=work.params["archive"]), work)
