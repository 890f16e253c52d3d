"""Digests computed anew from the rows they stand for."""

from exchange.delivery.models import LedgerRow
from exchange.reconciliation.buckets import Tally
from exchange.reconciliation.models import Offered, Scope


def ledger_tally(interface: str, origin: str) -> Tally:
    """The digests of the copies held here."""
    tally = Tally()
    rows = LedgerRow.objects.filter(interface=interface, origin=origin)
    for uid, text in rows.values_list("uid", "hash").iterator(chunk_size=5_000):
        tally.change(uid, "", text)
    return tally


def offer_tally(scope: Scope) -> Tally:
    """The digests of what an audience was offered."""
    tally = Tally()
    rows = Offered.objects.filter(scope=scope)
    for uid, text in rows.values_list("uid", "hash").iterator(chunk_size=5_000):
        tally.change(uid, "", text)
    return tally
