"""What a peer answered, group by group and record by record."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from exchange.delivery.enums import (
    MAX_INTEGER,
    MAX_RECORDS,
    REFERENCE_RETRIES,
    BatchState,
    ParcelState,
    ProblemState,
)
from exchange.delivery.models import Batch, Parcel, Peer, ProblemRecord
from platform_core.common.clock import now

from .line import pause_after

# The receiver could not at this moment; the same group may pass later.
PASSING = frozenset({"busy", "internal", "too_many"})
WAITING = frozenset({"reference_missing", "bad_seal"})


def settle(
    peer: Peer, batch: Batch, parcels: list[Parcel], results: list[dict[str, Any]]
) -> None:
    """Take over the results of a delivery."""
    for parcel, result in zip(parcels, results, strict=True):
        _settle_parcel(peer, parcel, result)
    batch.state, batch.finished_at = BatchState.DONE, now()
    batch.answer = results
    batch.save(update_fields=["state", "finished_at", "answer"])


def _settle_parcel(peer: Peer, parcel: Parcel, result: dict[str, Any]) -> None:
    code = str(result.get("code") or "")
    parcel.code, parcel.message = code[:30], str(result.get("message") or "")[:300]
    rejected = _rejected(result)
    parcel.applied = _count(result, "applied")
    parcel.unchanged = _count(result, "unchanged")
    parcel.rejected = len(rejected)
    waits = [one for one in rejected if one.get("code") == "reference_missing"]
    if _again_later(parcel, code, bool(result.get("retry"))):
        return
    if waits and not code and _wait(parcel):
        rejected = [one for one in rejected if one not in waits]
        _set_aside(peer, parcel, rejected)
        return
    if code:
        rejected = [*rejected, *_all_records(parcel, code, rejected)]
    _finish(peer, parcel, rejected, refused=bool(code))


def _again_later(parcel: Parcel, code: str, asked: bool) -> bool:
    """Queue a refused group again where it may pass later by itself."""
    if code in PASSING or (code and asked):
        _requeue(parcel, pause_after(parcel.retries + 1))
        return True
    return code in WAITING and _wait(parcel)


def _wait(parcel: Parcel) -> bool:
    """Queue it again for what it points at may arrive; False after three tries.

    Tries that a busy peer put off are not among them.
    """
    if parcel.waits >= len(REFERENCE_RETRIES):
        return False
    pause = REFERENCE_RETRIES[parcel.waits]
    parcel.waits += 1
    _requeue(parcel, pause)
    return True


def _requeue(parcel: Parcel, seconds: int) -> None:
    """Once more a little later; until then nothing of it counts as refused."""
    parcel.batch, parcel.rejected = None, 0
    parcel.retries += 1
    parcel.due_at = now() + timedelta(seconds=seconds)
    parcel.save()


def _rejected(result: dict[str, Any]) -> list[dict[str, Any]]:
    found = result.get("rejected")
    known = found if isinstance(found, list) else []
    return [one for one in known if isinstance(one, dict)]


def _count(result: dict[str, Any], name: str) -> int:
    value = result.get(name)
    return value if isinstance(value, int) and 0 <= value <= MAX_RECORDS else 0


def _all_records(
    parcel: Parcel, code: str, named: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every record of a refused group that the answer did not name itself."""
    known = {str(one.get("uid")) for one in named}
    return [
        {**record, "code": code, "message": parcel.message}
        for record in json.loads(parcel.group.records)
        if record["uid"] not in known
    ]


def _finish(
    peer: Peer, parcel: Parcel, rejected: list[dict[str, Any]], *, refused: bool
) -> None:
    parcel.state = ParcelState.SET_ASIDE if refused else ParcelState.DELIVERED
    parcel.finished_at = now()
    parcel.rejected = len(rejected)
    parcel.save()
    _set_aside(peer, parcel, rejected)
    if not refused:
        _resolve(peer, parcel, {str(one.get("uid")) for one in rejected})


def _set_aside(peer: Peer, parcel: Parcel, rejected: Iterable[dict[str, Any]]) -> None:
    """Keep refused records as problem records, once a revision."""
    for one in rejected:
        try:
            uid, revision = UUID(str(one["uid"])), int(one["revision"])
        except (KeyError, TypeError, ValueError):
            continue
        if not 1 <= revision <= MAX_INTEGER:
            continue
        ProblemRecord.objects.update_or_create(
            peer=peer,
            interface=parcel.group.interface,
            origin=parcel.group.origin,
            uid=uid,
            revision=revision,
            defaults={
                "parcel": parcel,
                "code": str(one.get("code") or "")[:30],
                "field": str(one.get("field") or "")[:120],
                "message": str(one.get("message") or "")[:300],
                "state": ProblemState.OPEN,
                "resolved_at": None,
            },
        )


def _resolve(peer: Peer, parcel: Parcel, refused: set[str]) -> None:
    """Close problems whose record went through, or a later revision of it."""
    open_ones = ProblemRecord.objects.filter(
        peer=peer,
        state=ProblemState.OPEN,
        interface=parcel.group.interface,
        origin=parcel.group.origin,
    )
    problems = list(open_ones)
    if not problems:
        return
    taken: dict[str, int] = {}
    for record in json.loads(parcel.group.records):
        if record["uid"] not in refused:
            taken[record["uid"]] = max(taken.get(record["uid"], 0), record["revision"])
    healed = [p.pk for p in problems if taken.get(str(p.uid), 0) >= p.revision]
    if healed:
        open_ones.filter(pk__in=healed).update(
            state=ProblemState.RESOLVED, resolved_at=now()
        )


def refuse(
    peer: Peer, batch: Batch, parcels: list[Parcel], status: str, message: str
) -> None:
    """The whole delivery was refused: send its groups one by one, find the bad one."""
    batch.state, batch.finished_at = BatchState.DISSOLVED, now()
    batch.answer = {"status": status, "message": message}
    batch.save(update_fields=["state", "finished_at", "answer"])
    if len(parcels) > 1:
        Parcel.objects.filter(pk__in=[parcel.pk for parcel in parcels]).update(
            batch=None, alone=True
        )
        return
    for parcel in parcels:
        parcel.code, parcel.message = status, message[:300]
        rejected = _all_records(parcel, status, [])
        _finish(peer, parcel, rejected, refused=True)
