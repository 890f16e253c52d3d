"""Content codings of the protocol, never unpacked beyond a limit.

Every answer says in `Accept-Encoding` which codings the platform takes in requests
[RFC 7694]; until then gzip is assumed, which all of them read.
"""

import gzip
import io
import zlib

import zstandard
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

from .errors import TooLarge

ACCEPTED = ("zstd", "gzip")
ACCEPT = ", ".join(ACCEPTED)
COMPRESS_FROM = 2_000
WINDOW = 1 << 23


class UnsupportedEncoding(DomainError):
    """A content coding that this platform does not read."""

    status = 415
    code = "format"


def decode(body: bytes, coding: str, limit: int) -> bytes:
    """What a body says; TooLarge as soon as it grows beyond the limit."""
    name = coding.strip().lower()
    if name in {"", "identity"}:
        content = body
    elif name in {"gzip", "x-gzip"}:
        content = _gunzip(body, limit)
    elif name == "zstd":
        content = _unzstd(body, limit)
    else:
        text = _("Bodies may be compressed with %(codings)s.")
        raise UnsupportedEncoding(text % {"codings": ACCEPT})
    if len(content) > limit:
        raise TooLarge(_("A delivery has at most 5 MB."))
    return content


def _gunzip(body: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise _broken() from error
    if not inflater.eof and len(text) <= limit:
        raise _broken()
    return text


def _unzstd(body: bytes, limit: int) -> bytes:
    tool = zstandard.ZstdDecompressor(max_window_size=WINDOW)
    try:
        with tool.stream_reader(io.BytesIO(body)) as reader:
            text: bytes = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise _broken() from error
    return text


def _broken() -> DomainError:
    return DomainError(_("The body cannot be decompressed."), code="format")


def choose(accepted: str) -> str:
    """The best coding that the other side takes and this platform has."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _sep, rest = part.strip().partition(";")
        weights[name.strip()] = rest.replace(" ", "") not in {"q=0", "q=0.0"}
    return next((name for name in ACCEPTED if weights.get(name)), "")


def encode(body: bytes, coding: str) -> bytes:
    """The body in this coding; the same bytes give the same result."""
    if coding == "zstd":
        packed: bytes = zstandard.ZstdCompressor(level=3).compress(body)
        return packed
    return gzip.compress(body, compresslevel=5, mtime=0) if coding else body
