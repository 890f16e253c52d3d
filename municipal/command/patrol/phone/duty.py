"""Duty from the phone: clock in and out, positions, leave, roll calls, logs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from municipal.command.patrol.services import attendance, leading, leaves, tracks
from municipal.command.patrol.services.common import Place
from platform_core.common.errors import DomainError

from .kinds import Entry, register

OLDEST = timedelta(days=7).total_seconds()


def _place(entry: Entry) -> Place | None:
    """The position that came with it; None where the phone knew none."""
    payload = entry.payload
    if payload.get("lon") is None or payload.get("lat") is None:
        return None
    return Place.of(payload["lon"], payload["lat"], payload.get("accuracy"))


def clock_in(entry: Entry) -> Mapping[str, Any]:
    """A duty begins."""
    duty = attendance.clock_in(
        by=entry.by,
        at=entry.happened_at,
        place=_place(entry),
        clock_wrong=entry.clock_wrong,
    )
    return {
        "duty": duty.pk,
        "late": duty.late_minutes,
        "metres_outside": duty.in_metres,
    }


def clock_out(entry: Entry) -> Mapping[str, Any]:
    """A duty ends."""
    duty = attendance.clock_out(by=entry.by, at=entry.happened_at, place=_place(entry))
    return {
        "duty": duty.pk,
        "early": duty.early_minutes,
        "metres_outside": duty.out_metres,
    }


def track(entry: Entry) -> Mapping[str, Any]:
    """Positions, each as seconds before the entry was made, place and accuracy.

    So a wrong clock of the phone is put right like that of the entry itself.
    """
    points = []
    for before, lon, lat, accuracy in entry.payload["points"]:
        if not 0 <= float(before) <= OLDEST:
            raise DomainError(_("The phone sent something incomplete."))
        at = entry.happened_at - timedelta(seconds=float(before))
        points.append((at, Place.of(lon, lat, accuracy)))
    return {"kept": tracks.add(by=entry.by, points=points)}


def leave(entry: Entry) -> Mapping[str, Any]:
    """Ask for leave, or take back what was asked for."""
    payload = entry.payload
    asked = leaves.ask(
        by=entry.by,
        kind=str(payload.get("leave", "")),
        from_day=date.fromisoformat(payload["from_day"]),
        to_day=date.fromisoformat(payload["to_day"]),
        reason=str(payload.get("reason", "")),
        at=entry.happened_at,
    )
    return {"leave": asked.pk, "state": asked.state}


def roll_call(entry: Entry) -> Mapping[str, Any]:
    """Answer a roll call."""
    row = leading.answer_roll_call(
        by=entry.by,
        call=UUID(str(entry.payload["call"])),
        at=entry.happened_at,
        place=_place(entry),
    )
    return {"state": row.state, "metres_outside": row.metres}


def log(entry: Entry) -> Mapping[str, Any]:
    """Write into the work log."""
    text = str(entry.payload.get("text", ""))
    row = leading.write_log(by=entry.by, text=text, at=entry.happened_at)
    return {"log": row.pk}


def register_all() -> None:
    """Offer them to the phones."""
    register("clock_in", clock_in)
    register("clock_out", clock_out)
    register("track", track)
    register("leave", leave)
    register("roll_call", roll_call)
    register("log", log)
