"""Reading a package of others without believing anything of it.

Names come from a short list, sizes are bounded before anything is unpacked, and every
part is what the manifest says it is, or refused.
"""

import hashlib
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from exchange.delivery import texts
from platform_core.common.errors import DomainError

from . import layout
from .enums import MAX_PARTS, MAX_RATIO, SMALL

BLOCK = 1 << 20
TAIL = struct.Struct("<4s4H2LH")
# Bytes of the directory for one part: its name, and what archivers add to it.
ENTRY = 400
LOCATOR = 20
UNREADABLE = (
    BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    zlib.error,
    struct.error,
)


class Reader:
    """An opened package whose directory, manifest and signatures have their shape."""

    def __init__(self, path: Path) -> None:
        _check_tail(path)
        try:
            self._zip = ZipFile(path)
        except (*UNREADABLE, OSError, ValueError) as error:
            raise _unreadable() from error
        try:
            self._entries = _entries(self._zip)
            self.raw = self._read(layout.MANIFEST)
            self.digest = hashlib.sha256(self.raw).hexdigest()
            self.manifest = texts.parse_object(self.raw)
            layout.check_manifest(self.manifest)
            given = texts.parse_object(self._read(layout.SIGNATURE))
            layout.check_signatures(given)
            self.signatures: list[dict[str, str]] = given["signatures"]
            self.parts: dict[str, dict[str, Any]] = self._parts()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def _parts(self) -> dict[str, dict[str, Any]]:
        """Parts by name: those in the manifest are those in the file, no others."""
        listed = {part["name"]: part for part in self.manifest["parts"]}
        inside = set(self._entries) - {layout.MANIFEST, layout.SIGNATURE}
        if len(listed) != len(self.manifest["parts"]) or set(listed) != inside:
            raise layout.altered(_("The package does not hold what its manifest says."))
        return listed

    def named(self, start: str) -> list[dict[str, Any]]:
        """Parts in one folder, in order."""
        return [self.parts[name] for name in sorted(self.parts) if _in(name, start)]

    def check(self) -> None:
        """Every part is what was signed; DomainError for the first that is not."""
        for name, part in self.parts.items():
            found, size = hashlib.sha256(), 0
            for block in self._blocks(name):
                found.update(block)
                size += len(block)
            _compare(name, part, size, found.hexdigest())

    def content(self, name: str) -> bytes:
        """A part, compared with the manifest once more."""
        found = self._read(name)
        digest = hashlib.sha256(found).hexdigest()
        _compare(name, self.parts[name], len(found), digest)
        return found

    def groups(self, name: str) -> list[dict[str, Any]]:
        """The sealed groups of a delivery, a line each."""
        lines = self.content(name).split(b"\n")
        return [texts.parse_object(line) for line in lines if line.strip()]

    def _read(self, name: str) -> bytes:
        return b"".join(self._blocks(name))

    def _blocks(self, name: str) -> Iterator[bytes]:
        left = layout.most(name)
        entry = self._entries.get(name)
        if entry is None:
            text = _("The package lacks %(name)s.")
            raise layout.broken(text % {"name": name})
        with self._open(entry) as stream:
            while block := _next(stream):
                left -= len(block)
                if left < 0:
                    raise _bomb()
                yield block

    def _open(self, entry: ZipInfo) -> IO[bytes]:
        try:
            return self._zip.open(entry)
        except UNREADABLE as error:
            raise _unreadable() from error


def _next(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(BLOCK)
    except UNREADABLE as error:
        raise _unreadable() from error


def _in(name: str, folder: str) -> bool:
    return name.startswith(f"{folder}/")


def _compare(name: str, part: dict[str, Any], size: int, digest: str) -> None:
    proper = size == part["size"] and digest == part["sha256"]
    if proper and _in(name, "blobs"):
        proper = name == f"blobs/{digest}"
    if not proper:
        text = _("%(name)s is not what the sender signed.")
        raise layout.altered(text % {"name": name})


def _check_tail(path: Path) -> None:
    """The directory of the file is small enough to be read at all."""
    size = path.stat().st_size
    if size > layout.most_packed():
        text = _("The file is larger than %(size)d MB.")
        raise layout.too_large(text % {"size": layout.most_packed() // 2**20})
    if size < TAIL.size + LOCATOR:
        raise _unreadable()
    with path.open("rb") as stream:
        stream.seek(size - TAIL.size - LOCATOR)
        before, tail = stream.read(LOCATOR), stream.read()
    mark, *_disks, count, length, _at, comment = TAIL.unpack(tail)
    # Without comment and ZIP64 these numbers are those that the archive is read by.
    if mark != b"PK\x05\x06" or comment or before.startswith(b"PK\x06\x07"):
        raise _unreadable()
    if count > MAX_PARTS + 2 or length > (MAX_PARTS + 2) * ENTRY:
        raise layout.too_large(_("The package has too many parts."))


def _entries(archive: ZipFile) -> dict[str, ZipInfo]:
    """Entries by name; no bombs, no other names, none twice, nothing encrypted."""
    infos = archive.infolist()
    if len(infos) > MAX_PARTS + 2:
        raise layout.too_large(_("The package has too many parts."))
    for info in infos:
        if info.flag_bits & 1 or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise _unreadable()
        if info.file_size > layout.most(info.orig_filename):
            raise _bomb()
    plain = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if plain > min(layout.most_unpacked(), packed * MAX_RATIO + SMALL):
        raise _bomb()
    counts = Counter(info.filename for info in infos)
    if len(counts) != len(infos):
        raise _unreadable()
    return {info.filename: info for info in infos}


def _bomb() -> DomainError:
    text = _("The package would unpack to far more than it may.")
    return layout.too_large(text)


def _unreadable() -> DomainError:
    return layout.broken(_("This is not a readable package."))
