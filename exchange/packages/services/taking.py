"""Bringing a package in: checked at the door, tried, taken in the background."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from exchange.delivery.models import NodeKey, Peer
from exchange.packages import layout, sealing
from exchange.packages.enums import Direction, Kind, State
from exchange.packages.models import Package, Part
from exchange.packages.reading import Reader
from platform_core.audit import services as audit
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.ids import uuid7

from . import keeping, making, receipts

TRY = "packages.try"
TAKE = "packages.take"
SETTLE = "packages.settle"


@dataclass(frozen=True, slots=True)
class Brought:
    """A package that was brought, and whether it had been brought before."""

    package: Package
    known: bool


def bring(*, upload: IO[bytes], by: Any) -> Brought:
    """Check a file and keep it; the same one again changes nothing.

    Records are tried next and taken when somebody says so, a receipt is settled at
    once. DomainError says in a code of the protocol why a file was refused.
    """
    name = Path(str(getattr(upload, "name", "") or "package.zip")).name
    draft = Path(settings.FILES_ROOT) / "packages" / f".{uuid7()}"
    try:
        sha256 = _keep(upload, draft)
        with Reader(draft) as package:
            peer, key = sealing.sender(package)
            package.check()
            return _enter(package, peer, key, File(draft, name, sha256), by)
    except DomainError as error:
        told = {"file": name[:150], "code": error.code, "reason": str(error.message)}
        audit.record("package.refused", by=by, data=told)
        raise
    finally:
        draft.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class File:
    """What was uploaded."""

    path: Path
    name: str
    sha256: str


def _keep(upload: IO[bytes], draft: Path) -> str:
    """Write the upload to the disk, no further than a package may be; its digest."""
    draft.parent.mkdir(parents=True, exist_ok=True)
    upload.seek(0)
    found, size = hashlib.sha256(), 0
    with draft.open("wb") as target:
        while block := upload.read(keeping.BLOCK):
            size += len(block)
            if size > layout.most_packed():
                text = _("The file is larger than %(size)d MB.")
                most = {"size": layout.most_packed() // 2**20}
                raise layout.too_large(text % most)
            found.update(block)
            target.write(block)
    return found.hexdigest()


def _enter(given: Reader, peer: Peer, key: NodeKey, file: File, by: Any) -> Brought:
    """Note a package that is what it says, or find the one that it is again."""
    answered = receipts.answered(given, peer)
    known = _known(given, peer)
    if known is not None:
        return _again(known, given, file, by)
    try:
        with transaction.atomic():
            package = _create(given, peer, key, file, by)
            package.answers = answered
            package.save(update_fields=["answers"])
            _begin(package, by)
            file.path.replace(package.path)
            told = {"peer": peer.code, "kind": package.kind, "sha256": file.sha256}
            audit.record("package.brought", package, by=by, data=told)
    except IntegrityError:
        return _again(_known(given, peer), given, file, by)
    return Brought(package, known=False)


def _known(given: Reader, peer: Peer) -> Package | None:
    number = given.manifest["package"]
    return Package.objects.filter(
        peer=peer, direction=Direction.IN, number=number
    ).first()


def _again(known: Package | None, given: Reader, file: File, by: Any) -> Brought:
    """Say that it was brought before; another content under its number is refused."""
    if known is None or known.digest != given.digest:
        text = _("Another package with this number was brought already.")
        raise Conflict(text, code="replay", fields={"file": text})
    with transaction.atomic():
        if not known.has_file and known.state != State.DONE:
            file.path.replace(known.path)
            known.removed_at, known.sha256 = None, file.sha256
            _begin(known, by)
        audit.record("package.brought_again", known, by=by)
    return Brought(known, known=True)


def _create(given: Reader, peer: Peer, key: NodeKey, file: File, by: Any) -> Package:
    manifest = given.manifest
    counts = manifest["counts"]
    package = Package.objects.create(
        number=UUID(manifest["package"]),
        direction=Direction.IN,
        kind=manifest["kind"],
        state=State.TRYING,
        peer=peer,
        interfaces=[_share(one) for one in manifest.get("interfaces", [])],
        name=get_valid_filename(file.name)[-150:],
        size=file.path.stat().st_size,
        sha256=file.sha256,
        digest=given.digest,
        keyid=key.keyid,
        groups=counts.get("groups", 0),
        records=counts.get("records", 0),
        files=len(given.named("blobs")),
        missing=counts.get("missing", 0),
        made_at=parse_datetime(manifest["made_at"]),
        by=by,
    )
    Part.objects.bulk_create(_parts(given, package))
    return package


def _share(one: dict[str, Any]) -> dict[str, Any]:
    names = ("interface", "version", "groups", "records")
    return {name: one[name] for name in names}


def _parts(given: Reader, package: Package) -> list[Part]:
    folder = "deliveries" if package.kind == Kind.RECORDS else "answers"
    listed = given.named(folder)
    if not all({"batch", "groups", "records"} <= set(one) for one in listed):
        raise layout.broken(_("A delivery in the package names no batch."))
    return [
        Part(
            package=package,
            number=number,
            batch=UUID(one["batch"]),
            name=one["name"],
            groups=one["groups"],
            records=one["records"],
        )
        for number, one in enumerate(listed, 1)
    ]


def _begin(package: Package, by: Any) -> None:
    """Records are tried first; a receipt says only what has happened."""
    facts = {"peer": package.peer.code}
    if package.kind == Kind.RECEIPT:
        keeping.begun(package, State.TAKING)
        keeping.send(package, SETTLE, _("Receipt of %(peer)s") % facts, by)
    else:
        keeping.begun(package, State.TRYING)
        keeping.send(package, TRY, _("Trial of a package of %(peer)s") % facts, by)


@transaction.atomic
def take(*, package: Package, by: Any) -> Package:
    """Take the records of a package that was tried; once."""
    package = Package.objects.select_for_update().get(pk=package.pk)
    if package.direction != Direction.IN or package.kind != Kind.RECORDS:
        raise Conflict(_("Only records that were brought can be taken."))
    if package.state == State.DONE:
        raise Conflict(_("The package was taken already; nothing changes."))
    if package.state != State.TRIED:
        raise Conflict(_("The package was not tried yet, or is being worked on."))
    if not package.has_file:
        raise Conflict(_("The file was removed; bring it again."))
    sealing.check_line(package.peer)
    keeping.begun(package, State.TAKING)
    title = _("Package of %(peer)s") % {"peer": package.peer.code}
    keeping.send(package, TAKE, title, by)
    audit.record("package.take_begun", package, by=by)
    return package


@transaction.atomic
def again(*, package: Package, by: Any) -> Package:
    """Go on with a package whose work broke off, where it stood."""
    package = Package.objects.select_for_update().get(pk=package.pk)
    if package.state != State.FAILED:
        raise Conflict(_("Only work that broke off can go on."))
    facts = {"peer": package.peer.code}
    if package.direction == Direction.OUT:
        keeping.begun(package, State.MAKING)
        keeping.send(package, making.KIND, _("Package for %(peer)s") % facts, by)
    elif (
        package.parts.exclude(answered_at=None).exists()
        and package.kind == Kind.RECORDS
    ):
        keeping.begun(package, State.TAKING)
        keeping.send(package, TAKE, _("Package of %(peer)s") % facts, by)
    else:
        _begin(package, by)
    audit.record("package.goes_on", package, by=by)
    return package


@transaction.atomic
def discard(*, package: Package, by: Any) -> Package:
    """Give up a package that was lost, or that nobody wants to take."""
    package = Package.objects.select_for_update().get(pk=package.pk)
    given = package.direction == Direction.OUT and package.kind == Kind.RECEIPT
    if given or package.state not in {State.READY, State.TRIED, State.FAILED}:
        raise Conflict(_("Only a package that waits can be given up."))
    if package.parts.exclude(answered_at=None).exists():
        raise Conflict(_("Some of it was taken already; let it go on."))
    if package.direction == Direction.OUT:
        making.dissolve(package)
    keeping.remove_file(package)
    keeping.ended(package, State.DISCARDED)
    audit.record("package.discarded", package, by=by)
    return package
