"""Resources of the protocol, version 1."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from exchange.delivery import texts
from exchange.delivery.enums import PROTOCOL, Suite
from exchange.delivery.hooks import Called
from exchange.delivery.models import Peer
from exchange.delivery.services import (
    enrolment,
    heartbeats,
    nodes,
    policies,
    receiving,
    reporting,
)
from platform_core.accounts.signin import address_of
from platform_core.common.access import PUBLIC
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.datasets import registry
from platform_core.datasets.registry import Dataset
from platform_core.regions.codes import node_division

from .access import json_body, plain_body, raw_body, resource, signed, verify_with


class NotFound(DomainError):
    """There is no such resource or interface."""

    status = 404
    code = "unknown_interface"


def _health(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "node": own_node(),
            "tier": settings.PLATFORM_TIER,
            "protocol": PROTOCOL,
            "time": now().isoformat(),
            "status": "ok",
        }
    )


def _enrol(request: HttpRequest) -> HttpResponse:
    policies.admit_stranger(address_of(request))
    body = raw_body(request)
    application = _application(json_body(request))
    keyid = verify_with(request, body, application.public_key, application.alg)
    serial = enrolment.may_enrol(keyid, application.code)
    return JsonResponse(enrolment.enrol(application, serial=serial), status=201)


def _application(payload: dict[str, Any]) -> enrolment.Application:
    node = payload.get("node")
    if not isinstance(node, dict):
        raise _required("node")
    given = {
        "token": payload.get("token"),
        "public_key": payload.get("public_key"),
        "code": node.get("code"),
        "tier": node.get("tier"),
        "name": node.get("name"),
    }
    for name, value in given.items():
        if not isinstance(value, str) or not value:
            raise _required(name)
    division = node.get("division")
    if division is not None and division != node_division(str(given["code"])):
        text = _("The division is not the one of the node code.")
        raise DomainError(text, code="format", fields={"node.division": text})
    alg = str(payload.get("alg") or Suite.ED25519)
    return enrolment.application(given, url=str(node.get("url") or ""), alg=alg)


def _required(name: str) -> DomainError:
    text = _("This field is required.")
    return DomainError(f"{name}: {text}", code="required", fields={name: text})


@signed
def _heartbeat(request: HttpRequest) -> HttpResponse:
    heartbeats.receive_heartbeat(_peer(request), json_body(request))
    return HttpResponse(status=204)


@signed
def _deliver(request: HttpRequest) -> HttpResponse:
    begun, peer = time.monotonic(), _peer(request)
    try:
        payload = texts.parse_delivery(plain_body(request))
        answer = receiving.receive(peer, payload)
    except DomainError:
        reporting.tell(Called(peer, False, False, _since(begun)))
        raise
    groups, results = payload["groups"], answer["results"]
    loads = reporting.taken(groups, results, len(request.body), peer.created_at)
    reporting.tell(Called(peer, False, True, _since(begun), loads))
    return JsonResponse(answer)


def _since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)


def _peer(request: HttpRequest) -> Peer:
    peer: Peer = request.peer  # type: ignore[attr-defined]
    return peer


@signed
def _interfaces(request: HttpRequest) -> HttpResponse:
    seen = policies.visible(_peer(request))
    shown = [_describe(dataset) for dataset in registry.all() if seen(dataset.code)]
    return JsonResponse(shown, safe=False)


def _describe(dataset: Dataset) -> dict[str, Any]:
    address = f"/exchange/v1/interfaces/{dataset.code}/schema"
    return {
        "code": dataset.code,
        "version": dataset.version,
        "name": str(dataset.name),
        "direction": _direction(dataset),
        "frequency": dataset.frequency,
        "share": dataset.share,
        "state": dataset.state,
        "schema": f"{address}?version={dataset.version}",
    }


def _direction(dataset: Dataset) -> str:
    """As the protocol lists it; platforms and keys are a parent's to announce."""
    both = dataset.both_ways and dataset.code != nodes.INTERFACE
    return "both" if both else dataset.direction


@signed
def _schema(request: HttpRequest, code: str) -> HttpResponse:
    if not registry.known(code) or not policies.visible(_peer(request))(code):
        raise NotFound(_("This interface is not known here."))
    text = request.GET.get("version", "")
    if text and not text.isdecimal():
        raise DomainError(_("A version is a number."), code="type")
    version = int(text) if text else registry.get(code).version
    dataset = registry.find(code, version)
    if dataset is None:
        raise NotFound(
            _("This version of the interface is not known here."),
            code="unknown_version",
        )
    return JsonResponse(dataset.schema)


def _nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise NotFound(_("There is no such resource."))


health = resource(GET=_health)
enrolments = resource(POST=_enrol)
beats = resource(POST=_heartbeat)
deliveries = resource(POST=_deliver)
interfaces = resource(GET=_interfaces)
interface_schema = resource(GET=_schema)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
nowhere = resource(**dict.fromkeys(METHODS, _nowhere))
for public in (health, enrolments, nowhere):
    public.permission_required = PUBLIC  # type: ignore[attr-defined]
