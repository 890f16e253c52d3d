"""Unpack a zipped Shapefile without being blown up by it."""

from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

MOST_ENTRIES = 100
MOST_BYTES = 4 * 2**30
MOST_RATIO = 200
SMALL = 2**20  # little files may shrink as much as they like
BLOCK = 2**20
WANTED = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
NEEDED = {".shp", ".shx", ".dbf"}


def unpack(path: Path, folder: Path) -> Path:
    """The .shp of a zip file with its sisters; DomainError where it is no such."""
    try:
        with ZipFile(path) as archive:
            entries = _entries(archive)
            folder.mkdir(parents=True, exist_ok=True)
            left = MOST_BYTES
            for suffix, entry in entries.items():
                left -= _extract(archive, entry, folder / f"data{suffix}", left)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise DomainError(_("This is not a readable zip file.")) from error
    return folder / "data.shp"


def _entries(archive: ZipFile) -> dict[str, ZipInfo]:
    """The parts of the one Shapefile inside, by suffix."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise DomainError(_("The zip file holds too many files."))
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise _too_big()
    for info in infos:
        packed = max(info.compress_size, 1)
        if info.file_size > SMALL and info.file_size / packed > MOST_RATIO:
            raise _too_big()
    plain = [info for info in infos if "__MACOSX" not in info.filename]
    stems = {_stem(info) for info in plain if _suffix(info) == ".shp"}
    if len(stems) != 1:
        raise DomainError(_("The zip file must hold exactly one Shapefile."))
    stem = stems.pop()
    found = {
        _suffix(info): info
        for info in plain
        if _suffix(info) in WANTED and _stem(info) == stem
    }
    missing = sorted(NEEDED - set(found))
    if missing:
        text = _("The Shapefile lacks %(parts)s.") % {"parts": ", ".join(missing)}
        raise DomainError(text)
    return found


def _suffix(info: ZipInfo) -> str:
    return PurePosixPath(info.filename).suffix.lower()


def _stem(info: ZipInfo) -> str:
    return str(PurePosixPath(info.filename).with_suffix("")).lower()


def _too_big() -> DomainError:
    return DomainError(_("The zip file grows too large when it is unpacked."))


def _extract(archive: ZipFile, entry: ZipInfo, target: Path, left: int) -> int:
    """Write an entry, believing its bytes rather than its header; how many."""
    written = 0
    with archive.open(entry) as source, target.open("wb") as sink:
        while block := source.read(BLOCK):
            written += len(block)
            if written > left:
                raise _too_big()
            sink.write(block)
    return written
