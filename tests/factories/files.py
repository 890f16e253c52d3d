"""Uploads made in memory, and attachments of them."""

import io

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from platform_core.files.models import Attachment
from platform_core.files.services import store


def picture(
    size: tuple[int, int] = (64, 48), form: str = "JPEG", color="steelblue", **options
) -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, color).save(stream, form, **options)
    return stream.getvalue()


def upload(content: bytes | None = None, name: str = "照片.jpg") -> SimpleUploadedFile:
    """What a form hands over."""
    return SimpleUploadedFile(name, picture() if content is None else content)


class AttachmentFactory(factory.Factory):
    """`AttachmentFactory(by=user, name="a.jpg")`: stored like any upload."""

    class Meta:
        model = Attachment

    content = factory.Sequence(
        # Steps that JPEG tells apart, so that each content is another one.
        lambda n: picture(color=(n * 32 % 256, n // 8 * 32 % 256, n // 64 * 32 % 256))
    )
    name = "照片.jpg"
    by = None
    purpose = ""

    @classmethod
    def _create(cls, model_class, *args, content, name, by, purpose):
        return store(upload(content, name), by=by, purpose=purpose)
