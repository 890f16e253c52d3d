"""Who asks."""

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from platform_core.accounts.models import User


def user_of(request: HttpRequest | Request) -> User:
    """The person behind a request whose permission was checked already."""
    return cast(User, request.user)
