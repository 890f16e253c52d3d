"""What feeds add to delivering."""

from django.utils.translation import gettext_lazy as _

from exchange.delivery import hooks
from exchange.interfaces import hooks as standard
from platform_core.notices import kinds

from .services import applications, endings, passages, serving

hooks.admits.append(applications.way)
hooks.wants.append(passages.wanted)
hooks.relayed.append(passages.keep)
hooks.fetched.append(serving.fetched_today)
standard.subscribers.append(endings.using)
standard.ended.append(endings.end)
kinds.register(subscription=_("A subscription to data moves on"))
