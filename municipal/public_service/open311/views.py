"""Open311 GeoReport v2: existing clients report and follow requests unchanged."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException, NotFound
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.enums import TERMINAL
from municipal.public_service import selectors, services
from municipal.public_service.enums import Channel
from municipal.public_service.limits import ReportThrottle
from municipal.public_service.models import PublicRequest
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.regions.selectors import node_division

from . import catalogue
from .renderers import Open311JSON, Open311XML
from .serializers import NewRequest, shown

DEFAULT_SPAN = timedelta(days=90)
MOST = 1000


@extend_schema(exclude=True)
class Open311View(APIView):
    """Shared by all resources: formats, no account, errors as a list."""

    authentication_classes: Sequence[type] = ()
    permission_classes: Sequence[type] = ()
    renderer_classes = [Open311JSON, Open311XML]
    parser_classes = [FormParser, MultiPartParser, JSONParser]
    xml_root = "service_requests"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        given = request.query_params.get("jurisdiction_id") or argument(
            request, "jurisdiction_id"
        )
        if given and given not in jurisdictions(request):
            raise NotFound(_("This jurisdiction_id is not served here."))

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, DomainError):
            return Response(_domain_errors(exc), status=exc.status)
        if isinstance(exc, Http404):
            exc = NotFound()
        if not isinstance(exc, APIException):
            raise exc
        response = Response(_api_errors(exc), status=exc.status_code)
        response.exception = True
        return response


def argument(request: Request, name: str) -> str:
    """An argument in the body of a POST; empty where there is none."""
    data = request.data
    return str(data.get(name, "")) if isinstance(data, Mapping) else ""


def jurisdictions(request: Request) -> set[str]:
    """The names under which a client may address this city."""
    code = str(settings.NODE_CODE)
    return {code, node_division(code), request.get_host().split(":")[0]}


def _error(status: int, text: object) -> dict[str, object]:
    return {"code": status, "description": str(text)}


def _domain_errors(exc: DomainError) -> list[dict[str, object]]:
    details = [f"{name}: {text}" for name, text in exc.fields.items()]
    return [_error(exc.status, text) for text in [exc.message, *details]]


def _api_errors(exc: APIException) -> list[dict[str, object]]:
    if isinstance(exc.detail, dict):
        return [
            _error(exc.status_code, f"{name}: {text}")
            for name, texts in exc.detail.items()
            for text in (texts if isinstance(texts, list) else [texts])
        ]
    return [_error(exc.status_code, exc.detail)]


class ServiceList(Open311View):
    """GET services"""

    xml_root = "services"

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(catalogue.services())


class ServiceDefinition(Open311View):
    """GET services/{service_code}"""

    xml_root = "service_definition"

    def get(self, request: Request, service_code: str, **kwargs: Any) -> Response:
        problem = catalogue.find(service_code)
        if problem is None:
            raise NotFound(_("This service_code is not known."))
        return Response(catalogue.definition(problem))


class RequestList(Open311View):
    """GET and POST requests"""

    def get_throttles(self) -> list[Any]:
        if self.request.method == "POST":
            return [ReportThrottle()]
        return super().get_throttles()

    def get(self, request: Request, **kwargs: Any) -> Response:
        found = chosen(request)
        size = min(_number(request, "page_size", MOST), MOST)
        start = (_number(request, "page", 1) - 1) * size
        return Response([shown(item, request) for item in found[start : start + size]])

    def post(self, request: Request, **kwargs: Any) -> Response:
        form = NewRequest(data=request.data)
        form.is_valid(raise_exception=True)
        item = create(form.validated_data, request)
        answer = {
            "service_request_id": item.case.number,
            "service_notice": _("Follow your report with the code %(code)s.")
            % {"code": item.query_code},
            "account_id": "",
        }
        return Response([answer], status=201)


def create(data: dict[str, Any], request: Request) -> PublicRequest:
    """Turn the arguments of a client into a request."""
    problem = catalogue.find(data["service_code"])
    if problem is None:
        raise NotFound(_("This service_code is not known."))
    picked = catalogue.condition_text(
        problem, argument(request, "attribute[condition]")
    )
    lines = [data["description"] or problem.name, picked, data["media_url"]]
    return services.submit_request(
        channel=Channel.APP,
        edition=problem.edition,
        class_kind=problem.kind,
        class_code=problem.code,
        description="\n".join(line for line in lines if line),
        lon=data["long"],
        lat=data["lat"],
        address=data["address_string"],
        reporter=f"{data['last_name']}{data['first_name']}",
        phone=data["phone"] or data["email"],
        photos=[data["media"]] if data.get("media") else [],
    )


def chosen(request: Request) -> Any:
    """The requests a query asks for; without ids, those of the last 90 days."""
    query = request.query_params
    found = selectors.listed().order_by("-id")
    if numbers := query.get("service_request_id"):
        return found.filter(case__number__in=numbers.split(",")[:MOST])
    end = _moment(request, "end_date") or now()
    start = _moment(request, "start_date") or end - DEFAULT_SPAN
    found = found.filter(created_at__gte=start, created_at__lte=end)
    if codes := query.get("service_code"):
        wanted = [code.split(catalogue.SEPARATOR)[-1] for code in codes.split(",")]
        found = found.filter(case__class_code__in=wanted)
    return _with_status(found, query.get("status", ""))


def _with_status(found: Any, status: str) -> Any:
    wanted = set(status.split(",")) if status else {"open", "closed"}
    if unknown := wanted - {"open", "closed"}:
        raise DomainError(
            _("status is open or closed, not %(value)s.") % {"value": min(unknown)}
        )
    if wanted == {"closed"}:
        return found.filter(case__state__in=TERMINAL)
    if wanted == {"open"}:
        return found.exclude(case__state__in=TERMINAL)
    return found


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isdigit() and int(text) > 0 else default


def _moment(request: Request, name: str) -> datetime | None:
    text = request.query_params.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)):
            moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    except ValueError:
        moment = None
    if moment is None:
        raise DomainError(_("%(name)s is not a date.") % {"name": name})
    return make_aware(moment, get_current_timezone()) if is_naive(moment) else moment


class SingleRequest(Open311View):
    """GET requests/{service_request_id}"""

    def get(self, request: Request, number: str, **kwargs: Any) -> Response:
        item = selectors.listed().filter(case__number=number).first()
        if item is None:
            raise NotFound(_("This service_request_id is not known."))
        return Response([shown(item, request)])


class Token(Open311View):
    """GET tokens/{token}: the query code of a report stands for it."""

    def get(self, request: Request, token: str, **kwargs: Any) -> Response:
        number = (
            PublicRequest.objects.filter(query_code=token.upper())
            .values_list("case__number", flat=True)
            .first()
        )
        if number is None:
            raise NotFound(_("This token is not known."))
        return Response([{"service_request_id": number, "token": token}])


class Discovery(Open311View):
    """GET discovery: where the endpoint is and what it speaks."""

    xml_root = "discovery"

    def get(self, request: Request, **kwargs: Any) -> Response:
        endpoint = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": request.build_absolute_uri("/open311/v2/"),
            "changeset": "2026-11-20",
            "type": "production",
            "formats": ["application/json", "text/xml"],
        }
        return Response(
            {
                "changeset": "2026-11-20",
                "contact": str(settings.NODE_NAME),
                "key_service": _("No key is needed."),
                "endpoints": [endpoint],
            }
        )
