"""Certificates that the other end made."""

from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from exchange.reconciliation.enums import State
from exchange.reconciliation.models import Certificate
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets.registry import IncomingRecord, Outcome

from . import verifying
from .statements import Said, check, read


def apply(record: IncomingRecord) -> Outcome:
    """Keep a certificate about records that we hold; both signatures must fit."""
    data = record.data
    if data["holder"] != own_node() or record.origin != record.sender:
        text = _("The certificate is about another platform.")
        raise DomainError(text, code="out_of_scope", fields={"holder": text})
    source, holder = read(data["source_says"]), read(data["holder_says"])
    check(source, record.origin)
    check(holder, own_node())
    wrong = verifying.contradictions(data, source, holder)
    if wrong:
        raise DomainError(wrong[0], code="bad_seal", fields={"source_says": wrong[0]})
    row = _row(record)
    _fill(row, data, source, holder)
    row.save()
    if row.state == State.DIFFERENT:
        audit.record("exchange.difference_stays", row, data={"peer": row.peer})
    return Outcome.APPLIED


def _row(record: IncomingRecord) -> Certificate:
    data = record.data
    key = {
        "day": parse_date(data["day"]),
        "origin": record.origin,
        "holder": data["holder"],
        "interface": data["interface"],
        "record_origin": data["record_origin"],
    }
    row = Certificate.objects.filter(**key).first() or Certificate(**key)
    row.uid, row.revision = record.uid, record.revision
    return row


def _fill(row: Certificate, data: dict[str, Any], source: Said, holder: Said) -> None:
    row.state = data["state"]
    row.source_says, row.holder_says = source.stored(), holder.stored()
    row.count, row.holder_count = source.digest.count, holder.digest.count
    row.found, row.healed = data["found"], data["healed"]
    row.details = data.get("details") or []
    row.finished_at = parse_datetime(data["finished_at"]) or now()
    row.touch()
