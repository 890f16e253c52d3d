"""The published catalogue is DCAT: valid by shapes, and understood by others."""

from pathlib import Path

import pytest
from django.urls import reverse
from pyshacl import validate
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS

from exchange.aggregation.catalogue.enums import EU
from exchange.aggregation.catalogue.models import Edition
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import published
from tests.factories.interfaces import TableFactory

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own reader and writer of JSON-LD, and pyshacl, still call these.
    pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning"),
]
SHAPES = Path(__file__).with_name("shapes.ttl")
FORMS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
FREE = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
HYDRA = "http://www.w3.org/ns/hydra/core#"


def fetch(client, accept="text/turtle", **query):
    answer = client.get(
        reverse("catalogue-api:dcat"), query, headers={"Accept": accept}
    )
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith(accept)
    return Graph().parse(data=answer.content, format=FORMS[accept])


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(roles=["bureau_leader"]))
    return client


def verdict(graph):
    good, _report, text = validate(graph, shacl_graph=str(SHAPES), advanced=False)
    return "" if good else text


@pytest.mark.function("DA-04", "DA-17", at="catalogue-api:dcat")
def test_entries_validate_as_dcat(reader):
    table = TableFactory(code="t_dcat_all")
    published(
        title="井盖",
        table=table,
        formats=["json", "csv", "xlsx", "xml", "geojson", "pdf"],
        covers_from="2026-01-01",
        covers_to="2026-12-31",
        email="a@example.org",
    )
    published(share="free", level="1", frequency="IRREG", keywords=[])
    published(share="conditional", condition="按申请审批", level="3")
    published(share="none", level="4")
    graph = fetch(reader)
    assert verdict(graph) == ""
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 4


@pytest.mark.parametrize(
    "broken", [DCTERMS.title, DCTERMS.publisher, DCTERMS.spatial, DCAT.accessURL]
)
def test_the_shapes_find_what_is_missing(reader, broken):
    published()
    graph = fetch(reader)
    graph.remove((None, broken, None))
    assert f"->{broken.n3(graph.namespace_manager)}" in verdict(graph)


def test_all_forms_say_the_same(reader):
    published(table=TableFactory(code="t_dcat_forms"))
    graphs = [fetch(reader, accept) for accept in FORMS]
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_a_stranger_finds_resources_with_sparql(reader):
    open_one = published(title="公园", share="free", level="1", frequency="MONTHLY")
    published(title="井盖", share="free", level="2")
    graph = fetch(reader, "application/ld+json")
    rows = graph.query(
        """
        PREFIX dcat: <http://www.w3.org/ns/dcat#>
        PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?title ?often ?theme ?place WHERE {
          ?set a dcat:Dataset ; dct:title ?title ; dct:accessRights ?rights ;
               dct:accrualPeriodicity ?often ; dcat:theme/skos:notation ?theme ;
               dct:spatial/dct:identifier ?place .
        }
        """,
        initBindings={"rights": URIRef(FREE)},
    )
    assert [tuple(map(str, row)) for row in rows] == [
        ("公园", f"{EU}/frequency/MONTHLY", "209", open_one.division_id)
    ]


def test_what_is_not_shared_has_no_way_to_it(reader):
    published(share="none", level="2")
    graph = fetch(reader)
    assert (None, RDF.type, DCAT.Distribution) not in graph


def test_a_table_with_an_interface_is_a_service(reader):
    published(table=TableFactory(code="t_dcat_one"))
    graph = fetch(reader)
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert (service, DCTERMS.identifier, Literal("standard.t_dcat_one")) in graph
    (address,) = graph.objects(service, DCAT.endpointURL)
    assert str(address).endswith("/exchange/v1/interfaces/standard.t_dcat_one/changes")


def test_more_than_a_hundred_come_in_pages(reader):
    first = published()
    copies = []
    for number in range(104):
        copy = Edition.objects.get(pk=first.pk)
        resource = copy.resource
        resource.pk, resource.uid, resource.code = None, None, f"209004/9{number:05}"
        resource.uid = type(resource)._meta.get_field("uid").get_default()
        resource.save()
        copy.pk, copy.resource, copy.code = None, resource, resource.code
        copies.append(copy)
    Edition.objects.bulk_create(copies)
    one, two = fetch(reader), fetch(reader, page=2)
    sets = [set(graph.subjects(RDF.type, DCAT.Dataset)) for graph in (one, two)]
    assert list(map(len, sets)) == [100, 5]
    assert not sets[0] & sets[1]
    ((_s, _p, following),) = one.triples((None, URIRef(HYDRA + "next"), None))
    assert str(following).endswith("?page=2")
    assert (None, URIRef(HYDRA + "next"), None) not in two
    assert Literal(105) in set(two.objects(None, URIRef(HYDRA + "totalItems")))
    assert reader.get(reverse("catalogue-api:dcat") + "?page=3").status_code == 404


def test_an_unknown_form_is_refused(reader):
    answer = reader.get(reverse("catalogue-api:dcat"), headers={"Accept": "image/png"})
    assert answer.status_code == 406


def test_strangers_get_nothing_and_level_4_stays_inside(client):
    published(level="4", share="none")
    address = reverse("catalogue-api:dcat")
    assert client.get(address).status_code in {401, 403}
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    assert not set(fetch(client).subjects(RDF.type, DCAT.Dataset))


def test_plain_json_follows_the_facets(reader):
    published(title="公园", share="free")
    published(title="井盖", share="conditional", condition="按申请审批")
    rows = reader.get(reverse("catalogue-api:resources"), {"share": "free"}).json()
    assert [row["title"] for row in rows["results"]] == ["公园"]
