"""Where a record or batch is, told to those who had part in it.  [protocol, 6]"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from exchange.delivery.api.access import resource, signed
from exchange.operations.services import tracing
from platform_core.common.errors import DomainError


class NoTrace(DomainError):
    """It is not known here, or it is none of the caller's."""

    status = 404
    code = "reference_missing"


@signed
def _trace(request: HttpRequest, uid: UUID) -> HttpResponse:
    depth = request.GET.get("depth", "0")
    if depth not in {"0", "1", "2"}:
        text = _("The depth is 0, 1 or 2.")
        raise DomainError(text, code="range", fields={"depth": text})
    peer = request.peer  # type: ignore[attr-defined]
    found = tracing.answer(peer, uid, int(depth))
    if found is None:
        raise NoTrace(_("There is no such record or batch for you."))
    events = [event.as_data() for event in found.sorted()]
    return JsonResponse({"uid": str(uid), "events": events[: tracing.MOST]})


trace = resource(GET=_trace)
