"""Photos for the journeys."""

import io

from PIL import Image


def photo(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(stream, "JPEG")
    return stream.getvalue()
