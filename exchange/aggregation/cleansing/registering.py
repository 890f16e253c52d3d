"""What cleansing adds to jobs, notices and the other parts of the aggregation."""

from django.utils.translation import gettext_lazy as _

from exchange.aggregation import hooks
from platform_core.jobs.registry import job
from platform_core.notices import kinds

from . import selectors
from .services import running, telling

job(running.KIND, _("Cleansing"))(running.carry_out)
kinds.register(**{telling.NOTICE: _("Problems were found in data")})
hooks.repairs.append(selectors.repairs)
hooks.quality.append(selectors.qualities)
hooks.scores.append(selectors.score_over)
