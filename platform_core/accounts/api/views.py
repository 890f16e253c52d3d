"""Tokens for programs, and who the caller is."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import RetrieveAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.accounts import services, signin
from platform_core.common.access import PUBLIC, SIGNED_IN
from platform_core.common.errors import Forbidden

from .authentication import TokenAuthentication
from .serializers import CredentialsSerializer, MeSerializer, TokenSerializer


class TokenView(APIView):
    """Get a token for a name and a password, or give the present one back."""

    authentication_classes = (TokenAuthentication,)
    permission_required = {"POST": PUBLIC, "*": SIGNED_IN}

    def get_authenticators(self):
        """An old token in the header must not stand in the way of a new one."""
        if self.request is not None and self.request.method == "POST":
            return []
        return super().get_authenticators()

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer, auth=[])
    def post(self, request):
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = signin.check(request=request._request, **form.validated_data)
        if user is None:
            raise signin.WrongCredentials(_("The user name or the password is wrong."))
        if user.must_change_password:
            raise Forbidden(
                _("Change your temporary password first."),
                code="password_change_required",
            )
        address = signin.address_of(request)
        issued, token = services.issue_token(user=user, address=address)
        body = TokenSerializer({"token": token, "expiry": issued.expiry})
        return Response(body.data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request):
        services.revoke_token(token=request.auth, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(RetrieveAPIView):
    """The account behind this token or session."""

    serializer_class = MeSerializer
    permission_required = SIGNED_IN

    def get_object(self):
        return self.request.user
