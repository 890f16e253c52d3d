"""Registering sources, and finding out whether they work."""

from typing import Any

from django.db import transaction

from exchange.connectors import kinds, probing, sealing
from exchange.connectors.enums import SourceState
from exchange.connectors.models import Source
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError


@transaction.atomic
def add(
    *, by: Any, kind: str, settings: dict[str, Any], secret: str = "", **facts: Any
) -> Source:
    """Register a source; its secret is stored encrypted."""
    checked = kinds.check(kind, settings)
    made = Source(kind=kind, settings=checked, sealed=sealing.close(secret), **facts)
    made.save(force_insert=True)
    audit.record("connector.source_added", made, by=by, data=_told(made))
    return made


@transaction.atomic
def change(
    *,
    source: Source,
    by: Any,
    settings: dict[str, Any],
    secret: str = "",
    **facts: Any,
) -> Source:
    """Change a source; without a new secret the old one stays."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    before = _told(source)
    source.settings = kinds.check(source.kind, settings)
    for name, value in facts.items():
        setattr(source, name, value)
    if secret:
        source.sealed = sealing.close(secret)
    source.state = SourceState.UNTESTED
    source.touch()
    source.save()
    data = {"before": before, "after": _told(source), "new_secret": bool(secret)}
    audit.record("connector.source_changed", source, by=by, data=data)
    return source


def _told(source: Source) -> dict[str, Any]:
    """What the audit log is told: everything but the secret."""
    return {
        "name": source.name,
        "kind": source.kind,
        "settings": source.settings,
        "allow_private": source.allow_private,
    }


def test(*, source: Source, by: Any) -> list[str]:
    """What the source offers, by name; the result is noted beside it."""
    try:
        offered = probing.offered(source)
    except DomainError as error:
        _note(source, SourceState.FAILING, str(error.message), by)
        raise
    _note(source, SourceState.WORKING, "", by)
    return offered


@transaction.atomic
def _note(source: Source, state: SourceState, error: str, by: Any) -> None:
    source.state, source.error, source.tested_at = state, error[:300], now()
    source.save(update_fields=["state", "error", "tested_at"])
    data = {"state": state, "error": source.error}
    audit.record("connector.source_tested", source, by=by, data=data)
