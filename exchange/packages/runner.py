"""The background work of packages."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from platform_core.jobs.registry import job
from platform_core.jobs.work import Work

from .models import Package
from .services import intake, keeping, making, receipts, taking


def _do(work: Work, run: Callable[[Package, Work], None]) -> None:
    rows = Package.objects.select_related("peer", "by", "answers")
    package = rows.get(uid=work.params["package"])
    with keeping.watched(package):
        run(package, work)
    package.refresh_from_db()
    work.note = package.summary


@job(making.KIND, _("Making of a package"))
def make(work: Work) -> None:
    """Write a package."""
    _do(work, making.make)


@job(taking.TRY, _("Trial of a package"))
def try_out(work: Work) -> None:
    """Say what would become of a package."""
    _do(work, intake.try_out)


@job(taking.TAKE, _("Taking of a package"))
def take(work: Work) -> None:
    """Take the records of a package in."""
    _do(work, intake.take)


@job(taking.SETTLE, _("Settling of a receipt"))
def settle(work: Work) -> None:
    """Take the answers of a receipt over."""
    _do(work, receipts.settle)
