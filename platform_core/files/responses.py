"""Contents over HTTP: cached by hash, resumable, never sniffed."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, parse_etags

from . import images, media, storage
from .models import Attachment

THUMB = "thumb.jpg"
RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
CHUNK = 64 * 1024


def respond(
    attachment: Attachment, request: HttpRequest | None = None, *, thumb: bool = False
) -> HttpResponseBase:
    """The content of an attachment, or its thumbnail, with safe headers."""
    thumb = thumb and attachment.is_image
    etag = f'"{attachment.blob_id}{"-thumb" if thumb else ""}"'
    headers = request.headers if request is not None else {}
    if etag in parse_etags(headers.get("If-None-Match", "")):
        return _headed(HttpResponseNotModified(), etag)
    path = _thumbnail(attachment) if thumb else storage.path_of(attachment.blob_id)
    if not path.exists():
        raise Http404
    media_type = "image/jpeg" if thumb else attachment.media_type
    part = None if thumb else _part(headers.get("Range", ""), attachment.size)
    if part is not None:
        response = _partial(path, part, attachment.size, media_type)
    else:
        response = FileResponse(path.open("rb"), content_type=media_type)
    as_attachment = not media.shown_inline(attachment.media_type)
    disposition = content_disposition_header(as_attachment, attachment.name)
    response["Content-Disposition"] = disposition or "attachment"
    return _headed(response, etag)


def _headed(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _thumbnail(attachment: Attachment) -> Path:
    path = storage.path_of(attachment.blob_id, THUMB)
    original = storage.path_of(attachment.blob_id)
    if not path.exists() and original.exists():
        storage.write(path, images.thumbnail(original.read_bytes()))
    return path


def _part(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole or for nonsense."""
    found = RANGE.fullmatch(header.strip())
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _partial(
    path: Path, part: tuple[int, int], size: int, media_type: str
) -> HttpResponseBase:
    first, last = part
    if first > last:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    body = StreamingHttpResponse(
        _slice(path, first, last), status=206, content_type=media_type
    )
    body["Content-Range"] = f"bytes {first}-{last}/{size}"
    body["Content-Length"] = str(last - first + 1)
    return body


def _slice(path: Path, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with path.open("rb") as stream:
        stream.seek(first)
        while left > 0:
            chunk = stream.read(min(CHUNK, left))
            if not chunk:
                return
            left -= len(chunk)
            yield chunk
