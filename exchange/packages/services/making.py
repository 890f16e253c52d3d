"""Making a package: in the background, written whole or not at all."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery.enums import BatchState
from exchange.delivery.models import Batch, Parcel, Peer
from exchange.delivery.services import blobs, policies, pump, sending
from exchange.delivery.services.resending import Volume
from exchange.packages import sealing
from exchange.packages.enums import Direction, State
from exchange.packages.models import Package, Part
from exchange.packages.writing import Writer
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.ids import uuid7
from platform_core.common.models import own_node
from platform_core.files import services as stored
from platform_core.jobs.work import Work

from . import choosing, keeping
from .choosing import Wish

KIND = "packages.make"
Shares = dict[tuple[str, int], dict[str, Any]]


def preview(*, peer: Peer, wish: Wish) -> Volume:
    """How much a package would hold; what was announced counts at once."""
    sealing.check_line(peer)
    pump.collect()
    return choosing.volume(peer, wish)


@transaction.atomic
def start(*, peer: Peer, wish: Wish, by: Actor) -> Package:
    """Have a package made; DomainError where nothing fits."""
    if not preview(peer=peer, wish=wish).groups:
        raise DomainError(_("There is nothing that fits."), code="empty")
    package = Package.objects.create(
        direction=Direction.OUT,
        state=State.MAKING,
        peer=peer,
        span=wish.span,
        wish=wish.as_data(),
        by_id=by.pk if by is not None else None,
    )
    title = _("Package for %(peer)s") % {"peer": peer.code}
    keeping.send(package, KIND, title, by)
    data = {"peer": peer.code, "span": wish.span, **wish.as_data()}
    audit.record("package.begun", package, by=by, data=data)
    return package


def make(package: Package, work: Work) -> None:
    """Write the file of a package; a second time it is written anew."""
    if package.has_file:
        return
    wish = Wish.of(package.span, package.wish)
    found = choosing.parcels(package.peer, wish)
    work.expect(found.count())
    shares: Shares = {}
    with Writer(keeping.draft(package)) as writer:
        parts = list(_deliveries(package, found, writer, shares, work))
        if not parts:
            raise DomainError(_("There is nothing that fits."), code="empty")
        if wish.files:
            _attach(package, parts, writer)
        _count(package, parts, shares)
        writer.finish(facts(package), sealing.sign)
    _finish(package, parts, work.by)


def _deliveries(
    package: Package, found: Any, writer: Writer, shares: Shares, work: Work
) -> Iterator[Part]:
    """Write the groups, as many together as the line would carry at once."""
    _allowed, most = policies.sendable(package.peer)
    rows = found.select_related("group").iterator(chunk_size=50)
    for number, parcels in enumerate(sending.bundles(rows, most), 1):
        sending.renew_seals(parcels)
        part = Part(
            package=package,
            number=number,
            batch=uuid7(),
            name=f"deliveries/{number:05d}.jsonl",
            groups=len(parcels),
            records=sum(parcel.group.count for parcel in parcels),
            parcels=[parcel.pk for parcel in parcels],
        )
        lines = "".join(f"{sending.as_sent(parcel)}\n" for parcel in parcels)
        counts = {"groups": part.groups, "records": part.records}
        writer.add(part.name, lines.encode(), batch=str(part.batch), **counts)
        for parcel in parcels:
            _share(shares, parcel)
        work.advance(len(parcels))
        yield part


def _share(shares: Shares, parcel: Parcel) -> None:
    """Count a group to its interface."""
    key = (parcel.group.interface, parcel.group.version)
    one = shares.setdefault(key, {"interface": key[0], "version": key[1]})
    one["groups"] = one.get("groups", 0) + 1
    one["records"] = one.get("records", 0) + parcel.group.count


def _attach(package: Package, parts: list[Part], writer: Writer) -> None:
    """Put in the files that the records name, as far as they are here."""
    missing = set()
    for part in parts:
        for name in _named(part):
            content = None if writer.has(f"blobs/{name}") else stored.content(name)
            if content is not None:
                writer.add(f"blobs/{name}", content)
                package.files += 1
            elif not writer.has(f"blobs/{name}"):
                missing.add(name)
    package.missing = len(missing)


def _named(part: Part) -> list[str]:
    rows = Parcel.objects.filter(pk__in=part.parcels).select_related("group")
    texts = (row.group.records for row in rows.order_by("pk"))
    found = (json.loads(text) for text in texts if '"sha256"' in text)
    names = (one.sha256 for records in found for one in blobs.named(records))
    return list(dict.fromkeys(names))


def _count(package: Package, parts: list[Part], shares: Shares) -> None:
    package.interfaces = [shares[key] for key in sorted(shares)]
    package.groups = sum(part.groups for part in parts)
    package.records = sum(part.records for part in parts)
    package.made_at = now()


def facts(package: Package) -> dict[str, Any]:
    """What the manifest says of a package, besides its parts."""
    made = package.made_at or now()
    told = {
        "kind": package.kind,
        "package": str(package.number),
        "sender": own_node(),
        "receiver": package.peer.code,
        "made_at": made.isoformat(),
        "interfaces": package.interfaces,
        "counts": {
            "groups": package.groups,
            "records": package.records,
            "files": package.files,
            "missing": package.missing,
        },
    }
    if package.answers is not None:
        told["answers"] = str(package.answers.number)
    return told


@transaction.atomic
def _finish(package: Package, parts: list[Part], by: Any) -> None:
    """Note what is inside: its batches wait for their answer like those on the line."""
    Part.objects.bulk_create(parts)
    for part in parts:
        batch = Batch.objects.create(
            uid=part.batch,
            peer=package.peer,
            state=BatchState.CARRIED,
            records=part.records,
        )
        inside = Parcel.objects.filter(pk__in=part.parcels)
        blobs.grant(package.peer, inside.select_related("group"))
        inside.filter(batch=None).update(batch=batch)
    keeping.publish(package)
    told = {"groups": package.groups, "records": package.records}
    audit.record("package.made", package, by=by, data=told | {"size": package.size})


def dissolve(package: Package) -> None:
    """Nobody will answer the batches of a package that was given up."""
    batches = Batch.objects.filter(uid__in=package.parts.values("batch"))
    waiting = batches.filter(state=BatchState.CARRIED)
    for batch in waiting:
        Parcel.objects.filter(batch=batch).update(batch=None)
    waiting.update(state=BatchState.DISSOLVED, finished_at=now())
