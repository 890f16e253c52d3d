"""Tokens of programs."""

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from platform_core.accounts.models import User
from platform_core.common.clock import now


class TokenAuthentication(KnoxTokenAuthentication):
    """Looks up the presented token, with its owner, in one query.

    Knox would also read all other tokens of the person at each request to drop
    those that ended; here the daily `services.tidy` does that.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        digest = hash_token(token.decode(errors="replace"))
        known = AuthToken.objects.select_related("user__unit")
        found = known.filter(digest=digest).first()
        if found is None or (found.expiry and found.expiry < now()):
            raise AuthenticationFailed(_("Invalid token."))
        owner: tuple[User, AuthToken] = self.validate_user(found)
        return owner


class TokenScheme(KnoxTokenScheme):
    """How the OpenAPI document describes these tokens."""

    target_class = f"{TokenAuthentication.__module__}.{TokenAuthentication.__name__}"
