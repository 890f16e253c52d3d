"""A graph in the form that was asked for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rdflib import Graph
from rest_framework.renderers import BaseRenderer

from exchange.aggregation.catalogue.dcat.graph import PREFIXES

CONTEXT = {prefix: str(space) for prefix, space in PREFIXES.items()}


class GraphRenderer(BaseRenderer):
    """Serialises a graph; an error stays an error, as plain text."""

    charset = "utf-8"
    rdf: ClassVar[str]
    options: ClassVar[Mapping[str, Any]] = {}

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if isinstance(data, Graph):
            text: str = data.serialize(format=self.rdf, **self.options)
            return text.encode()
        return str(data).encode()


class Turtle(GraphRenderer):
    media_type, format, rdf = "text/turtle", "ttl", "turtle"


class JsonLd(GraphRenderer):
    media_type, format, rdf = "application/ld+json", "jsonld", "json-ld"
    options: ClassVar[Mapping[str, Any]] = {
        "context": CONTEXT,
        "auto_compact": False,
        "sort_keys": True,
    }


class RdfXml(GraphRenderer):
    media_type, format, rdf = "application/rdf+xml", "rdf", "pretty-xml"


RENDERERS = (Turtle, JsonLd, RdfXml)
