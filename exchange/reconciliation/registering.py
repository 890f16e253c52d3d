"""What reconciliation hears from delivering."""

from django.utils.translation import gettext_lazy as _

from exchange.delivery import hooks
from platform_core.notices import kinds

from .services import keeping

hooks.positioned.append(keeping.note_positions)
hooks.offered.append(keeping.note_offer)
hooks.relayed.append(keeping.note_relayed)
hooks.taken.append(keeping.note_taken)
kinds.register(reconciliation=_("Two platforms do not agree"))
