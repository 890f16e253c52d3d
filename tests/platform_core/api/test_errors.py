"""One shape for every error of the API."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import override
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from platform_core.api.pagination import CursorPages, PageNumbers
from platform_core.api.permissions import Stated
from platform_core.common.access import PUBLIC, SIGNED_IN
from platform_core.common.errors import Conflict, DomainError
from platform_core.regions.models import Division
from tests.factories.accounts import UserFactory

ERRORS = {
    "domain": DomainError("Too far away", code="outside", fields={"lon": "too big"}),
    "conflict": Conflict("Taken"),
    "missing": Http404(),
    "denied": PermissionDenied(),
    "login": exceptions.NotAuthenticated(),
    "method": exceptions.MethodNotAllowed("PUT"),
    "busy": exceptions.Throttled(wait=7),
    "media": exceptions.UnsupportedMediaType("text/x"),
    "parse": exceptions.ParseError(),
    "fault": RuntimeError("secret"),
}


class Failing(APIView):
    permission_required = PUBLIC

    def get(self, request, name):
        raise ERRORS[name]


def fail(name):
    with override("en"):
        return Failing.as_view()(APIRequestFactory().get("/"), name=name)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("domain", 400, "outside"),
        ("conflict", 409, "conflict"),
        ("missing", 404, "not_found"),
        ("denied", 403, "forbidden"),
        ("login", 401, "not_signed_in"),
        ("method", 405, "method_not_allowed"),
        ("busy", 429, "too_many_requests"),
        ("media", 415, "unsupported_media_type"),
        ("parse", 400, "invalid"),
    ],
)
def test_envelope(name, status, code):
    answer = fail(name)
    assert answer.status_code == status
    assert set(answer.data) == {"code", "message", "fields"}
    assert answer.data["code"] == code
    assert answer.data["message"]


def test_fields_and_headers():
    assert fail("domain").data["fields"] == {"lon": "too big"}
    assert fail("busy")["Retry-After"] == "7"
    assert "WWW-Authenticate" in fail("login")


def test_unforeseen_error_is_left_to_the_error_page():
    with pytest.raises(RuntimeError):
        fail("fault")


class Inner(serializers.Serializer):
    size = serializers.IntegerField()


class Outer(serializers.Serializer):
    name = serializers.CharField()
    items = Inner(many=True)
    box = Inner()

    def validate(self, data):
        raise serializers.ValidationError("Does not fit")


class Checking(APIView):
    permission_required = PUBLIC

    def post(self, request):
        serializer = Outer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({})


def check(data):
    request = APIRequestFactory().post("/", data, format="json")
    with override("en"):
        return Checking.as_view()(request)


def test_nested_fields_are_named_by_path():
    answer = check({"items": [{"size": 1}, {"size": "x"}], "box": {}})
    assert answer.status_code == 400
    assert answer.data["code"] == "invalid"
    assert set(answer.data["fields"]) == {"name", "items.1.size", "box.size"}


def test_general_complaint_is_the_message():
    answer = check({"name": "a", "items": [], "box": {"size": 1}})
    assert answer.data == {"code": "invalid", "message": "Does not fit", "fields": {}}


@pytest.mark.parametrize(
    ("stated", "method", "allowed"),
    [
        (None, "get", False),
        ({}, "get", False),
        (SIGNED_IN, "get", True),
        ("accounts.view_orgunit", "get", False),
        ({"GET": SIGNED_IN, "POST": "accounts.add_orgunit"}, "get", True),
        ({"GET": SIGNED_IN, "POST": "accounts.add_orgunit"}, "post", False),
        ({"*": SIGNED_IN}, "post", True),
    ],
)
@pytest.mark.django_db
def test_api_view_states_its_permission(stated, method, allowed):
    class Page(APIView):
        permission_required = stated

        def get(self, request):
            return Response("fine")

        post = get

    request = getattr(APIRequestFactory(), method)("/")
    force_authenticate(request, UserFactory())
    assert (Page.as_view()(request).status_code == 200) is allowed


@pytest.mark.django_db
def test_anonymous_caller_is_asked_to_sign_in():
    class Page(APIView):
        permission_required = SIGNED_IN

        def get(self, request):
            return Response("fine")

    answer = Page.as_view()(APIRequestFactory().get("/"))
    assert answer.status_code == 401


def pages_of(paginator, query=""):
    request = APIView().initialize_request(APIRequestFactory().get(f"/{query}"))
    rows = Division.objects.order_by("code")
    found = paginator.paginate_queryset(rows, request)
    return found, paginator.get_paginated_response([]).data


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "size"), [("", 25), ("?page_size=3", 3), ("?page_size=9999", 200)]
)
def test_size_of_pages(query, size):
    assert len(pages_of(CursorPages(), query)[0]) == size
    assert len(pages_of(PageNumbers(), query)[0]) == size


@pytest.mark.django_db
def test_cursor_walks_every_row_once():
    seen, query = [], "?page_size=200"
    while query:
        found, data = pages_of(CursorPages(), query)
        seen += [row.pk for row in found]
        query = data["next"] and "?" + data["next"].split("?", 1)[1]
    assert len(seen) == len(set(seen)) == Division.objects.count()


def test_permission_class_is_the_default(settings):
    assert Stated in APIView.permission_classes
    assert Stated in api_view(["GET"])(lambda request: None).cls.permission_classes
