"""Structured logs and the trace number that follows a request between tiers."""

import logging
import re
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars
from structlog.typing import Processor

from .ids import uuid7

TRACE_HEADER = "X-Trace-Id"
TRACE_FORM = re.compile(r"^[0-9A-Za-z-]{8,64}$")


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]


def formatter(*, as_json: bool) -> logging.Formatter:
    """A formatter for Django's LOGGING; JSON in service, text for people.

    Loggers of structlog then write through the standard library as well, never to
    the standard output, which belongs to what commands print.
    """
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.processors.KeyValueRenderer(key_order=["event"])
    )
    return structlog.stdlib.ProcessorFormatter(
        processor=renderer, foreign_pre_chain=SHARED
    )


class TraceMiddleware:
    """Give each request a trace number, found again in log, page and answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(TRACE_HEADER, "")
        trace = given if TRACE_FORM.match(given) else uuid7().hex
        request.trace_id = trace  # type: ignore[attr-defined]
        clear_contextvars()
        bind_contextvars(trace=trace)
        response = self.get_response(request)
        response[TRACE_HEADER] = trace
        return response
