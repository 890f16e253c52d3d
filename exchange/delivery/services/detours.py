"""Making and ending detours."""

from datetime import timedelta

from django.db import transaction

from exchange.delivery.models import Detour, Peer
from platform_core.common.clock import now

LONGEST = timedelta(hours=1)


@transaction.atomic
def lead(*, peer: Peer, host: str, port: int, seconds: float) -> Detour:
    """Lead calls to a peer to this address, an hour at most."""
    moment = now()
    until = moment + min(timedelta(seconds=seconds), LONGEST)
    made, _new = Detour.objects.update_or_create(
        peer=peer,
        defaults={"host": host, "port": port, "until": until, "created_at": moment},
    )
    return made


def end(*, peer: Peer) -> None:
    """Calls to the peer go straight again."""
    Detour.objects.filter(peer=peer).delete()
