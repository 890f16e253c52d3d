"""The background work of connectors."""

from django.utils.translation import gettext_lazy as _

from exchange.interfaces import selectors as standard
from platform_core.jobs.registry import job
from platform_core.jobs.work import Work
from platform_core.notices import kinds

from .models import Run
from .services import carrying, running, sending, uploads

kinds.register(connector=_("A flow of a connector broke off"))


@job(running.KIND, _("Run of a flow"))
def run_flow(work: Work) -> None:
    """Carry the rows of one run, in or out."""
    rows = Run.objects.select_related(
        "flow__source", "flow__table__current", "version__by", "by"
    )
    run = rows.get(uid=work.params["run"])
    carry = sending.carry if run.flow.outgoing else carrying.carry
    carry(run, work)
    run.refresh_from_db()
    work.note = run.error or ""


@job(uploads.KIND, _("File for a table"))
def take_file(work: Work) -> None:
    """Take the rows of a file that somebody brought."""
    uploads.take(standard.table(work.params["table"]), work)
