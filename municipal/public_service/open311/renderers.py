"""The two formats of Open311 GeoReport v2."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from rest_framework.renderers import BaseRenderer, JSONRenderer

ITEM_NAMES = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "keywords": "keyword",
}


class Open311JSON(JSONRenderer):
    """JSON: the bare list or object."""

    charset = "utf-8"


class Open311XML(BaseRenderer):
    """XML: the same data under the element names of the specification."""

    media_type = "text/xml"
    format = "xml"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        context = renderer_context or {}
        failed = context["response"].status_code >= 400
        root = "errors" if failed else context["view"].xml_root
        element = _element(root, data)
        return bytes(ET.tostring(element, encoding="utf-8", xml_declaration=True))


def _element(name: str, value: Any) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, item) for key, item in value.items())
    elif isinstance(value, list):
        child = ITEM_NAMES.get(name, "item")
        element.extend(_element(child, item) for item in value)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif value is not None:
        element.text = str(value)
    return element
