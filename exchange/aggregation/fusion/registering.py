"""What fusion adds to jobs and to the lineage of tables."""

from django.utils.translation import gettext_lazy as _

from exchange.aggregation import hooks
from platform_core.jobs.registry import job

from . import selectors
from .services import running

job(running.KIND, _("Fusion"))(running.carry_out)
hooks.lineage.append(selectors.links)
