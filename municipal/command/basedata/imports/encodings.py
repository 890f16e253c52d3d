"""Which encoding a file is in, and where it is not what it claims to be."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from municipal.command.basedata.enums import Encoding
from platform_core.common.errors import DomainError

BLOCK = 2**20
NAMES = {Encoding.UTF8: "utf-8-sig", Encoding.GB18030: "gb18030"}


def find(path: Path, declared: str = Encoding.AUTO, *, skip: int = 0) -> str:
    """The codec of a file; DomainError with the row where a declared one fails."""
    in_utf8 = first_fault(path, NAMES[Encoding.UTF8], skip)
    if declared == Encoding.UTF8:
        if in_utf8 is not None:
            raise _fault("UTF-8", in_utf8)
        return NAMES[Encoding.UTF8]
    if declared == Encoding.AUTO and in_utf8 is None:
        return NAMES[Encoding.UTF8]
    in_gb = first_fault(path, NAMES[Encoding.GB18030], skip)
    if in_gb is not None:
        raise _fault("GB18030", in_gb)
    row = _first_beyond_ascii(path, skip) if in_utf8 is None else None
    if row is not None:
        raise DomainError(
            _("The file is UTF-8, not GB18030 (row %(row)d).") % {"row": row},
            code="encoding",
        )
    return NAMES[Encoding.GB18030]


def _fault(name: str, row: int) -> DomainError:
    text = _("Row %(row)d is not %(encoding)s: choose another encoding.")
    return DomainError(text % {"row": row, "encoding": name}, code="encoding")


def rows(path: Path) -> int:
    """How many lines a file has."""
    return sum(block.count(b"\n") for block in _blocks(path))


def first_fault(path: Path, codec: str, skip: int = 0) -> int | None:
    """The first row that cannot be read in an encoding, None if all can."""
    decoder = codecs.getincrementaldecoder(codec)()
    before = 0
    try:
        for block in _blocks(path, skip):
            decoder.decode(block)
            before += block.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # the object holds what was left of the block before as well
        seen = error.object[: error.start].count(b"\n")
        return before + seen + 1
    return None


def _first_beyond_ascii(path: Path, skip: int) -> int | None:
    before = 1
    for block in _blocks(path, skip):
        if not block.isascii():
            place = next(index for index, byte in enumerate(block) if byte > 127)
            return before + block[:place].count(b"\n")
        before += block.count(b"\n")
    return None


def _blocks(path: Path, skip: int = 0) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(skip)
        while block := stream.read(BLOCK):
            yield block
