"""What a run does on a platform from inside, each step in a process of its own."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from exchange.delivery.enums import ParcelState
from exchange.delivery.models import Detour, Parcel, Peer, ProblemRecord, RejectedRecord
from exchange.delivery.services import enrolment, nodes
from exchange.reconciliation.services import comparing
from platform_core.audit.models import AuditEntry
from platform_core.common.models import own_node
from platform_core.datasets.models import OutboxEntry
from platform_core.regions import loaders

from .books import services
from .books.datasets import INTERFACE
from .books.models import Effect, Entry


def tables() -> bool:
    """Empty tables, and the reference data that the exchange needs."""
    call_command("migrate", "--run-syncdb", "-v0")
    loaders.load_divisions()
    loaders.load_own_node()
    nodes.load_own()
    return True


def invite(code: str, url: str) -> str:
    """Register a child; its token."""
    enrolment.add_peer(code=code, name=code, url=url)
    return enrolment.invite(code=code)


def join(parent_url: str, token: str) -> str:
    return enrolment.join(parent_url=parent_url, token=token).code


def waiting() -> int:
    """Changes that have not been answered for by everybody."""
    unsealed = OutboxEntry.objects.filter(carrier__isnull=True).count()
    return unsealed + Parcel.objects.filter(state=ParcelState.QUEUED).count()


def books() -> list[tuple[str, int, int]]:
    """All entries as they stand here."""
    rows = Entry.objects.order_by("uid").values_list("uid", "revision", "amount")
    return [(str(uid), revision, amount) for uid, revision, amount in rows]


def twice() -> int:
    """Effects of a revision that had been there, or been overtaken, already."""
    last: dict[Any, int] = {}
    wrong = 0
    for uid, revision in Effect.objects.order_by("pk").values_list("uid", "revision"):
        wrong += revision <= last.get(uid, 0)
        last[uid] = revision
    return wrong


def put(amount: int, uid: str | None = None) -> str:
    """One entry with this amount, new or corrected; its uid."""
    return services.put(amount=amount, uid=uid)


def problems() -> list[tuple[str, str, str, str]]:
    """What peers refused: uid, code, field, state."""
    rows = ProblemRecord.objects.values_list("uid", "code", "field", "state")
    return [(str(uid), *rest) for uid, *rest in rows]


def set_aside() -> list[tuple[str, str, bool]]:
    """What was refused here: uid, code, is it still open?"""
    rows = RejectedRecord.objects.values_list("uid", "code", "resolved_at")
    return [(uid, code, at is None) for uid, code, at in rows]


def drill(scenario: str, *, sure: bool = True, seconds: int = 2) -> dict[str, Any]:
    """Play a drill as an operator would; what its report says."""
    said = io.StringIO()
    options = {"quiet": 1, "seconds": seconds, "patience": 60, "delay": 1.0}
    try:
        call_command("drill", scenario, stdout=said, yes=sure, **options)
    except CommandError as error:
        return {"refused": str(error)}
    except SystemExit:
        said.write("\n")
    text, data = (
        next(Path(line) for line in said.getvalue().splitlines() if line.endswith(end))
        for end in (".md", ".json")
    )
    report = json.loads(data.read_text())
    report["markdown"] = text.read_text()
    report["detours"] = Detour.objects.count()
    report["audited"] = list(
        AuditEntry.objects.filter(data__run=report["run"])
        .order_by("pk")
        .values_list("type", flat=True)
    )
    return report


def equal(code: str) -> bool:
    """Do both ends give the same digest of the entries?  [protocol, section 8]"""
    peer = Peer.objects.get(code=code)
    return comparing.compare(peer, INTERFACE, own_node()).equal
