"""Structured logs and the trace number that follows a request between tiers."""

import logging
import re
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from .ids import uuid7

TRACE_HEADER = "X-Trace-Id"
TRACE_FORM = re.compile(r"^[0-9A-Za-z-]{8,64}$")


def formatter(*, as_json: bool) -> logging.Formatter:
    """A formatter for Django's LOGGING; JSON in service, text for people."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
    ]
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.processors.KeyValueRenderer(key_order=["event"])
    )
    return structlog.stdlib.ProcessorFormatter(
        processor=renderer, foreign_pre_chain=shared
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
