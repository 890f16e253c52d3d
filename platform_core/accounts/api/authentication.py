"""Tokens of programs."""

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from platform_core.accounts import remembered
from platform_core.accounts.models import User
from platform_core.common.clock import now


class TokenAuthentication(KnoxTokenAuthentication):
    """Looks up the presented token, with its owner, in what a process remembers.

    Knox would also read all other tokens of the person at each request to drop
    those that ended; here the daily `services.tidy` does that.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        found = remembered.owner_of(hash_token(token.decode(errors="replace")))
        if found is None or (found[1].expiry and found[1].expiry < now()):
            raise AuthenticationFailed(_("Invalid token."))
        person, known = found
        self.validate_user(known)
        return person, known


class TokenScheme(KnoxTokenScheme):
    """How the OpenAPI document describes these tokens."""

    target_class = f"{TokenAuthentication.__module__}.{TokenAuthentication.__name__}"
