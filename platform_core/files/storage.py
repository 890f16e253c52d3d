"""Contents on disk, under their hash, written whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def path_of(sha256: str, variant: str = "") -> Path:
    """Where a content is kept; a variant of it stands beside it."""
    root = Path(settings.FILES_ROOT)
    name = f"{sha256}.{variant}" if variant else sha256
    return root / sha256[:2] / sha256[2:4] / name


def save(content: bytes) -> str:
    """Keep a content and return its SHA-256; the same content is kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        write(path, content)
    return sha256


def write(path: Path, content: bytes) -> None:
    """Write beside the place, then move there: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
