"""Keep what people upload, attach it to objects and hand it out."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.files.base import File
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, DomainError

from . import images, media, responses, storage
from .images import Taken
from .models import Attachment, Blob

NAME_LENGTH = 150
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
Upload = File | IO[bytes]
Uploader = AbstractBaseUser | AnonymousUser | None


def store(upload: Upload, *, by: Uploader = None, purpose: str = "") -> Attachment:
    """Check and keep an upload; pictures lose everything but the picture."""
    content = _read(upload)
    media_type = media.media_type_of(content)
    taken = Taken()
    if media_type in media.IMAGES:
        content, taken = images.clean(content, media_type)
    sha256 = storage.save(content)  # before the transaction, which holds locks
    with transaction.atomic():
        blob, _made = Blob.objects.get_or_create(
            sha256=sha256, defaults={"size": len(content), "media_type": media_type}
        )
        return Attachment.objects.create(
            blob=blob,
            name=safe_name(getattr(upload, "name", "") or "", media_type),
            purpose=purpose,
            uploaded_by_id=by.pk if by is not None else None,
            taken_at=taken.at,
            lon=taken.lon,
            lat=taken.lat,
        )


def store_all(
    uploads: Iterable[Upload], *, field: str, by: Uploader = None, purpose: str = ""
) -> list[Attachment]:
    """Keep the uploads of a form's field; what is refused is named beside it."""
    return [_named(one, field, by, purpose) for one in uploads]


def _named(upload: Upload, field: str, by: Uploader, purpose: str) -> Attachment:
    try:
        return store(upload, by=by, purpose=purpose)
    except DomainError as error:
        text = f"{getattr(upload, 'name', '')}: {error.message}"
        raise DomainError(text, code=error.code, fields={field: text}) from error


def again(attachment: Attachment, *, by: AbstractBaseUser | None = None) -> Attachment:
    """The same content once more, free to be attached to something else."""
    return Attachment.objects.create(
        blob_id=attachment.blob_id,
        name=attachment.name,
        uploaded_by_id=by.pk if by is not None else None,
    )


def attach(
    attachments: Iterable[Attachment], obj: models.Model, *, purpose: str = ""
) -> None:
    """Tie free attachments to an object; one that is tied elsewhere is refused."""
    given = [attachment.pk for attachment in attachments]
    if not given:
        return
    free = Attachment.objects.filter(pk__in=given, target_type="")
    values = {"target_type": obj._meta.label_lower, "target_id": str(obj.pk)}
    if purpose:
        values["purpose"] = purpose
    with transaction.atomic(savepoint=False):
        if free.update(**values) != len(set(given)):
            raise Conflict(_("A file is attached to something else already."))


def of(obj: models.Model, purpose: str | None = None) -> models.QuerySet[Attachment]:
    """The attachments of an object, oldest first."""
    found = Attachment.objects.filter(
        target_type=obj._meta.label_lower, target_id=str(obj.pk)
    ).select_related("blob")
    return found if purpose is None else found.filter(purpose=purpose)


def of_many(
    model: type[models.Model], keys: Iterable[object]
) -> dict[str, list[Attachment]]:
    """The attachments of many objects in one query, by primary key as text."""
    rows = Attachment.objects.filter(
        target_type=model._meta.label_lower, target_id__in=[str(key) for key in keys]
    ).select_related("blob")
    found: dict[str, list[Attachment]] = {}
    for row in rows:
        found.setdefault(row.target_id, []).append(row)
    return found


def wire(attachment: Attachment) -> dict[str, Any]:
    """What another platform is told about a file."""
    return {
        "name": attachment.name,
        "size": attachment.size,
        "media_type": attachment.media_type,
        "sha256": attachment.blob_id,
    }


def keep(content: bytes) -> Blob:
    """Keep a content of another platform as it is: its hash is its name.

    It must be of a type that may be kept, and a picture must be one.
    """
    media_type = media.media_type_of(content)
    if media_type in media.IMAGES:
        images.clean(content, media_type)
    sha256 = storage.save(content)
    facts = {"size": len(content), "media_type": media_type}
    return Blob.objects.get_or_create(sha256=sha256, defaults=facts)[0]


def held(names: Iterable[str]) -> set[str]:
    """Those of these contents that are here."""
    found = Blob.objects.filter(sha256__in=list(names))
    return set(found.values_list("sha256", flat=True))


def content(sha256: str) -> bytes | None:
    """A content by its name; None where it is not here."""
    if not held([sha256]):
        return None
    try:
        return storage.path_of(sha256).read_bytes()
    except FileNotFoundError:
        return None


def open_named(
    given: Mapping[str, Any], request: HttpRequest | None = None
) -> HttpResponseBase | None:
    """Hand out a file that a record names; None while its content is not here."""
    blob = Blob.objects.filter(sha256=given["sha256"]).first()
    if blob is None:
        return None
    name = safe_name(str(given.get("name") or ""), blob.media_type)
    return responses.respond(Attachment(blob=blob, name=name), request)


def open_attachment(
    attachment: Attachment, request: HttpRequest | None = None, *, thumb: bool = False
) -> HttpResponseBase:
    """Hand a file out; the caller has checked that the reader may have it."""
    return responses.respond(attachment, request, thumb=thumb)


def safe_name(name: str, media_type: str) -> str:
    """A name without folders and control characters, with the content's suffix."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    stem = PurePosixPath(UNSAFE.sub("_", plain)).stem.strip(". ") or "file"
    suffix = media.SUFFIXES[media_type]
    return stem[: NAME_LENGTH - len(suffix)] + suffix


def _read(upload: Upload) -> bytes:
    limit: int = settings.FILE_MAX_BYTES
    content: bytes = upload.read(limit + 1)
    if not content:
        raise DomainError(_("The file is empty."), code="file_empty")
    if len(content) > limit:
        raise DomainError(
            _("The file is larger than %(size)d MB.") % {"size": limit // 2**20},
            code="file_size",
        )
    return content
