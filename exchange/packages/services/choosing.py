"""What goes into a package."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from exchange.delivery.enums import ParcelState
from exchange.delivery.models import Parcel, Peer
from exchange.delivery.services import policies, resending
from exchange.delivery.services.resending import Volume
from exchange.packages.enums import Span
from platform_core.common.errors import DomainError


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to carry; no interfaces: all of them."""

    span: str = Span.WAITING
    interfaces: list[str] = field(default_factory=list)
    start: datetime | None = None
    end: datetime | None = None
    batch: UUID | None = None
    files: bool = True

    def as_data(self) -> dict[str, Any]:
        return {
            "interfaces": self.interfaces,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "batch": str(self.batch) if self.batch else None,
            "files": self.files,
        }

    @classmethod
    def of(cls, span: str, data: dict[str, Any]) -> "Wish":
        """What was kept of it."""
        return cls(
            span,
            data["interfaces"],
            parse_datetime(data["start"] or ""),
            parse_datetime(data["end"] or ""),
            UUID(data["batch"]) if data["batch"] else None,
            data["files"],
        )


def parcels(peer: Peer, wish: Wish) -> "QuerySet[Parcel]":
    """The sealed groups for a platform, those only that its rules let go there."""
    found = _spanned(peer, wish)
    allowed, _most = policies.sendable(peer)
    for codes in (wish.interfaces, allowed):
        if codes:
            found = found.filter(group__interface__in=codes)
    return found.order_by("pk")


def _spanned(peer: Peer, wish: Wish) -> "QuerySet[Parcel]":
    if wish.span == Span.WAITING:
        return Parcel.objects.filter(peer=peer, state=ParcelState.QUEUED)
    if wish.span == Span.BATCH:
        return Parcel.objects.filter(peer=peer, batch__uid=_needed("batch", wish))
    start, end = _needed("start", wish), _needed("end", wish)
    return resending.made_between(peer, start, end)


def _needed(name: str, wish: Wish) -> Any:
    value = getattr(wish, name)
    if value is None:
        text = _("This field is required.")
        raise DomainError(text, code="required", fields={name: text})
    return value


def volume(peer: Peer, wish: Wish) -> Volume:
    """How much it would be."""
    sums = parcels(peer, wish).aggregate(
        groups=Count("pk"),
        records=Sum("group__count", default=0),
        size=Sum("group__size", default=0),
    )
    return Volume(**sums)
