"""A page of the catalogue as an RDF graph.  [W3C DCAT 3, DQV; DCAT-AP 3.0]"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, PROV, SKOS, XSD
from rdflib.term import Identifier

from exchange.aggregation.catalogue.enums import EU, Category, Format, Level, Share
from exchange.aggregation.catalogue.models import Edition
from exchange.aggregation.hooks import Quality
from exchange.interfaces.enums import OFFERED
from platform_core.ui import exports

DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
IANA = "https://www.iana.org/assignments/media-types/"
PREFIXES = {
    "dcat": DCAT,
    "dct": DCTERMS,
    "dqv": DQV,
    "foaf": FOAF,
    "org": ORG,
    "prov": PROV,
    "skos": SKOS,
    "vcard": VCARD,
    "hydra": HYDRA,
    "xsd": XSD,
}
# Format: its name in the EU list of file types, and its media type.
FORMATS = {
    Format.JSON: ("JSON", "application/json"),
    Format.CSV: ("CSV", "text/csv"),
    Format.XLSX: ("XLSX", exports.XLSX),
    Format.XML: ("XML", "application/xml"),
    Format.GEOJSON: ("GEOJSON", "application/geo+json"),
    Format.PDF: ("PDF", "application/pdf"),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that is measured of a data set."""

    code: str
    name: str
    definition: str
    datatype: URIRef


SCORE = Metric(
    "quality-score",
    "质量得分",
    "完整性、有效性、及时性、唯一性、一致性的加权平均，0至100分。",
    XSD.decimal,
)
PROBLEMS = Metric(
    "open-problems", "未解决问题数", "尚未解决的数据问题数量。", XSD.integer
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the platform is found, and who runs it."""

    root: str
    node: str
    name: str

    def uri(self, kind: str, key: object) -> URIRef:
        """The name of a thing of this platform."""
        return URIRef(f"{self.root}/id/{kind}/{key}")

    def page(self, name: str, *args: object) -> URIRef:
        """The address of one of its pages."""
        return URIRef(self.root + reverse(name, args=args))


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the catalogue a document is."""

    number: int
    last: int
    total: int


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the graph, about which something is said."""

    graph: Graph
    identifier: URIRef

    def add(self, term: URIRef, value: "Identifier | Node") -> None:
        """Say one thing more."""
        self.graph.add((self.identifier, term, _plain(value)))

    def set(self, term: URIRef, value: "Identifier | Node") -> None:
        """Say it, once only."""
        self.graph.set((self.identifier, term, _plain(value)))


def _plain(value: "Identifier | Node") -> Identifier:
    return value.identifier if isinstance(value, Node) else value


class Writer:
    """Says one after the other what there is to say."""

    def __init__(self, place: Place, qualities: Mapping[str, Quality]) -> None:
        self.place, self.qualities = place, qualities
        self.graph = Graph(bind_namespaces="core")
        for prefix, space in PREFIXES.items():
            self.graph.bind(prefix, space)
        self.address = place.page("catalogue-api:dcat")
        self.catalog = self._node(self.address, DCAT.Catalog)

    def _node(self, uri: URIRef, *kinds: URIRef) -> Node:
        found = Node(self.graph, uri)
        for kind in kinds:
            found.add(RDF.type, kind)
        return found

    def write(self, editions: Iterable[Edition], page: Page) -> Graph:
        """The catalogue with the data sets of one page."""
        self._head()
        self._paging(page)
        for edition in editions:
            self._dataset(edition)
        return self.graph

    def _head(self) -> None:
        name, catalog = self.place.name, self.catalog
        catalog.add(DCTERMS.title, Literal(f"{name}数据资源目录", lang="zh"))
        about = f"{name}已发布的数据资源。"
        catalog.add(DCTERMS.description, Literal(about, lang="zh"))
        catalog.add(DCTERMS.language, URIRef(f"{EU}/language/ZHO"))
        agent = self._node(self.place.uri("node", self.place.node), FOAF.Agent)
        agent.add(FOAF.name, Literal(name, lang="zh"))
        catalog.add(DCTERMS.publisher, agent)
        catalog.add(FOAF.homepage, self._node(self._home(), FOAF.Document))

    def _home(self) -> URIRef:
        return self.place.page("catalogue:entry-list")

    def _paging(self, page: Page) -> None:
        self.catalog.add(RDF.type, HYDRA.Collection)
        self.catalog.add(HYDRA.totalItems, Literal(page.total))
        view = self._node(self._page(page.number), HYDRA.PartialCollectionView)
        self.catalog.add(HYDRA.view, view)
        steps = {HYDRA.first: 1, HYDRA.last: page.last}
        if page.number > 1:
            steps[HYDRA.previous] = page.number - 1
        if page.number < page.last:
            steps[HYDRA.next] = page.number + 1
        for step, number in steps.items():
            view.add(step, self._page(number))

    def _page(self, number: int) -> URIRef:
        return URIRef(f"{self.address}?page={number}")

    def _dataset(self, edition: Edition) -> None:
        uid = edition.resource.uid
        made = self._node(self.place.uri("dataset", uid), DCAT.Dataset)
        self.catalog.add(DCAT.dataset, made)
        made.add(DCTERMS.title, Literal(edition.title, lang="zh"))
        made.add(DCTERMS.description, Literal(edition.abstract, lang="zh"))
        made.add(DCTERMS.identifier, Literal(edition.code))
        made.add(DCAT.version, Literal(str(edition.number)))
        made.add(DCTERMS.issued, _moment(edition.issued_at))
        made.add(DCTERMS.modified, _moment(edition.published_at))
        for word in edition.keywords:
            made.add(DCAT.keyword, Literal(word, lang="zh"))
        landing = self._node(self.place.page("catalogue:entry", uid), FOAF.Document)
        made.add(DCAT.landingPage, landing)
        self._people(made, edition)
        self._rules(made, edition)
        self._coverage(made, edition)
        self._record(made, edition)
        self._quality(made, edition)
        self._ways(made, edition, landing)

    def _people(self, made: Node, edition: Edition) -> None:
        unit = edition.unit
        kinds = (FOAF.Agent, ORG.FormalOrganization)
        agent = self._node(self.place.uri("unit", unit.uid), *kinds)
        agent.set(FOAF.name, Literal(unit.name, lang="zh"))
        agent.set(SKOS.prefLabel, Literal(unit.name, lang="zh"))
        made.add(DCTERMS.publisher, agent)
        contact = self._node(
            self.place.uri("contact", edition.resource.uid), VCARD.Organization
        )
        contact.add(VCARD.fn, Literal(edition.contact))
        if edition.phone:
            digits = "".join(c for c in edition.phone if c.isdigit() or c == "+")
            contact.add(VCARD.hasTelephone, URIRef(f"tel:{digits}"))
        if edition.email:
            contact.add(VCARD.hasEmail, URIRef(f"mailto:{edition.email}"))
        made.add(DCAT.contactPoint, contact)

    def _rules(self, made: Node, edition: Edition) -> None:
        rights = self._node(URIRef(f"{EU}/access-right/{access(edition)}"))
        rights.set(RDF.type, DCTERMS.RightsStatement)
        made.add(DCTERMS.accessRights, rights)
        often = self._node(URIRef(f"{EU}/frequency/{edition.frequency}"))
        often.set(RDF.type, DCTERMS.Frequency)
        made.add(DCTERMS.accrualPeriodicity, often)
        if edition.condition:
            text = self._node(self.place.uri("condition", edition.resource.uid))
            text.add(RDF.type, DCTERMS.RightsStatement)
            text.add(DCTERMS.description, Literal(edition.condition, lang="zh"))
            made.add(DCTERMS.rights, text)
        self._themes(made, edition)

    def _themes(self, made: Node, edition: Edition) -> None:
        scheme = self._node(self.place.uri("scheme", "themes"), SKOS.ConceptScheme)
        scheme.set(DCTERMS.title, Literal("政务信息资源分类", lang="zh"))
        self.catalog.add(DCAT.themeTaxonomy, scheme)
        theme = edition.theme
        concept = self._node(self.place.uri("theme", theme.code), SKOS.Concept)
        concept.add(SKOS.prefLabel, Literal(theme.name, lang="zh"))
        if theme.name_en:
            concept.add(SKOS.prefLabel, Literal(theme.name_en, lang="en"))
        concept.set(SKOS.notation, Literal(theme.code))
        concept.set(SKOS.inScheme, scheme.identifier)
        broad = self._node(self.place.uri("theme", theme.category), SKOS.Concept)
        label = Category(theme.category).name.lower()
        broad.set(SKOS.prefLabel, Literal(label, lang="en"))
        broad.set(SKOS.inScheme, scheme.identifier)
        concept.set(SKOS.broader, broad.identifier)
        made.add(DCAT.theme, concept)

    def _coverage(self, made: Node, edition: Edition) -> None:
        division = edition.division
        area = self._node(self.place.uri("division", division.pk), DCTERMS.Location)
        area.set(DCTERMS.identifier, Literal(division.pk))
        area.set(SKOS.prefLabel, Literal(division.name, lang="zh"))
        made.add(DCTERMS.spatial, area)
        if not (edition.covers_from or edition.covers_to):
            return
        time = self._node(self.place.uri("period", edition.resource.uid))
        time.add(RDF.type, DCTERMS.PeriodOfTime)
        for term, day in (
            (DCAT.startDate, edition.covers_from),
            (DCAT.endDate, edition.covers_to),
        ):
            if day:
                time.add(term, Literal(day.isoformat(), datatype=XSD.date))
        made.add(DCTERMS.temporal, time)

    def _record(self, made: Node, edition: Edition) -> None:
        uri = self.place.uri("record", f"{edition.resource.uid}/{edition.number}")
        record = self._node(uri, DCAT.CatalogRecord)
        record.add(FOAF.primaryTopic, made)
        record.add(DCTERMS.issued, _moment(edition.issued_at))
        record.add(DCTERMS.modified, _moment(edition.published_at))
        self.catalog.add(DCAT.record, record)

    def _quality(self, made: Node, edition: Edition) -> None:
        """What was measured of the rows of its table."""
        table = edition.table
        found = self.qualities.get(table.code) if table else None
        if found is None:
            return
        for metric, value in (
            (SCORE, Decimal(f"{found.score:.2f}")),
            (PROBLEMS, found.problems),
        ):
            key = f"{edition.resource.uid}/{metric.code}"
            measured = self._node(
                self.place.uri("measurement", key), DQV.QualityMeasurement
            )
            measured.add(DQV.isMeasurementOf, self._metric(metric))
            measured.add(DQV.value, Literal(value, datatype=metric.datatype))
            measured.add(DQV.computedOn, made)
            measured.add(PROV.generatedAtTime, _moment(found.at))
            made.add(DQV.hasQualityMeasurement, measured)

    def _metric(self, metric: Metric) -> Node:
        dimension = self._node(
            self.place.uri("dimension", "data-quality"), DQV.Dimension
        )
        dimension.set(SKOS.prefLabel, Literal("数据质量", lang="zh"))
        made = self._node(self.place.uri("metric", metric.code), DQV.Metric)
        made.set(SKOS.prefLabel, Literal(metric.name, lang="zh"))
        made.set(SKOS.definition, Literal(metric.definition, lang="zh"))
        made.set(DQV.expectedDataType, metric.datatype)
        made.set(DQV.inDimension, dimension)
        return made

    def _ways(self, made: Node, edition: Edition, landing: Node) -> None:
        if edition.share == Share.NONE:
            return
        service = self._service(made, edition)
        for name in edition.formats:
            kind, media = FORMATS[Format(name)]
            uri = self.place.uri("distribution", f"{edition.resource.uid}/{name}")
            way = self._node(uri, DCAT.Distribution)
            way.add(DCTERMS.title, Literal(f"{edition.title}（{kind}）", lang="zh"))
            way.add(DCAT.accessURL, landing)
            form = self._node(URIRef(f"{EU}/file-type/{kind}"))
            form.set(RDF.type, DCTERMS.MediaTypeOrExtent)
            way.add(DCTERMS["format"], form)
            medium = self._node(URIRef(f"{IANA}{media}"))
            medium.set(RDF.type, DCTERMS.MediaType)
            way.add(DCAT.mediaType, medium)
            if service is not None and name == Format.JSON:
                way.add(DCAT.accessService, service)
            made.add(DCAT.distribution, way)

    def _service(self, made: Node, edition: Edition) -> Node | None:
        """The interface that a platform subscribes to, if the table has one."""
        table = edition.table
        if table is None or table.state not in OFFERED:
            return None
        service = self._node(self.place.uri("service", table.code), DCAT.DataService)
        service.add(DCTERMS.title, Literal(f"{table.name}接口", lang="zh"))
        service.add(DCTERMS.identifier, Literal(table.interface))
        path = reverse("exchange-feeds:changes", args=[table.interface])
        service.add(DCAT.endpointURL, URIRef(self.place.root + path))
        service.add(DCAT.servesDataset, made)
        self.catalog.add(DCAT.service, service)
        return service


def access(edition: Edition) -> str:
    """The name of the EU list of access rights."""
    if edition.share == Share.NONE:
        return "NON_PUBLIC"
    free = edition.share == Share.FREE and edition.level == Level.L1
    return "PUBLIC" if free else "RESTRICTED"


def _moment(value: Any) -> Literal:
    return Literal(value.isoformat(), datatype=XSD.dateTime)
