"""What operations hear from delivering."""

from celery import signals
from django.utils.translation import gettext_lazy as _

from exchange.delivery import hooks
from platform_core.notices import kinds

from .services import figures, schedules

hooks.called.append(figures.note)
kinds.register(
    exchange_alarm=_("An alarm of the exchange"),
    exchange_ending=_("A key, subscription or version ends soon"),
)
signals.task_prerun.connect(schedules.task_begins, weak=False)
signals.task_postrun.connect(schedules.task_ended, weak=False)
