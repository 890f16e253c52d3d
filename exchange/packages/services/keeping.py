"""Files of packages on the disk, and the work on them in the background."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.packages import layout
from exchange.packages.enums import KEEP_FILES, State
from exchange.packages.models import Package
from exchange.packages.reading import Reader
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.jobs import services as jobs
from platform_core.jobs.work import Cancelled

BLOCK = 1 << 20


def send(package: Package, kind: str, title: str, by: Any) -> None:
    """Have the work on a package done in the background."""
    job = jobs.start(kind, by=by, title=title, params={"package": str(package.uid)})
    package.job = job.uid
    package.save(update_fields=["job"])


def draft(package: Package) -> Path:
    """Where the file is written until it is whole."""
    return package.path.with_suffix(".new")


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def publish(package: Package) -> None:
    """Put a file that is whole in its place; the package is ready to be carried."""
    written = draft(package)
    with written.open("rb") as stream:
        os.fsync(stream.fileno())
    package.sha256, package.size = digest(written), written.stat().st_size
    package.name = _name(package)
    package.state, package.ended_at = State.READY, now()
    package.save()
    written.replace(package.path)


def _name(package: Package) -> str:
    """A name that says from where to where, what and when."""
    when = (package.made_at or now()).strftime("%Y%m%d%H%M")
    short = package.number.hex[-6:]
    return f"{own_node()}-{package.peer.code}-{package.kind}-{when}-{short}.zip"


def reopened(package: Package) -> Reader:
    """The file of a package again; it may have been changed on the disk since."""
    try:
        proper = digest(package.path) == package.sha256
    except FileNotFoundError:
        proper = False
    if not proper:
        raise layout.altered(_("The file is not the one that was brought."))
    return Reader(package.path)


def begun(package: Package, state: State) -> None:
    """Work on a package begins, or goes on."""
    package.state, package.ended_at = state, None
    package.code = package.reason = ""
    package.save()


def ended(package: Package, state: State) -> None:
    """The work has come to its end."""
    package.state, package.ended_at = state, now()
    package.code = package.reason = ""
    package.save()


@contextmanager
def watched(package: Package) -> Iterator[None]:
    """Whatever breaks the work off is noted with the package."""
    try:
        yield
    except Cancelled:
        fail(package, "cancelled", _("Stopped on request."))
        raise
    except DomainError as error:
        fail(package, error.code, str(error.message))
        raise
    except Exception:
        fail(package, "internal", _("Something went wrong inside the platform."))
        raise


@transaction.atomic
def fail(package: Package, code: str, reason: str) -> None:
    """The work broke off; what was done stays done."""
    draft(package).unlink(missing_ok=True)
    package.state, package.ended_at = State.FAILED, now()
    package.code, package.reason = code[:30], reason[:300]
    package.save(update_fields=["state", "ended_at", "code", "reason"])
    audit.record("package.failed", package, by=package.by, data={"code": code})


def clean() -> int:
    """Remove files that are older than they are kept; how many."""
    old = Package.objects.filter(
        created_at__lt=now() - KEEP_FILES, removed_at=None
    ).exclude(sha256="")
    left = list(old[:200])
    for package in left:
        remove_file(package)
    return len(left)


def remove_file(package: Package) -> None:
    """Forget the contents; what was done with them stays written down."""
    package.path.unlink(missing_ok=True)
    package.removed_at = now()
    package.save(update_fields=["removed_at"])
