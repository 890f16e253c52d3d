"""API views state their permission like pages do."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from platform_core.common.access import permits


class Stated(BasePermission):
    """Checks `view.permission_required`: one, or one per method or action.

    A dict may name actions ("list"), methods ("POST") and "*" for the rest.
    Nothing stated means nobody.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        stated = getattr(view, "permission_required", None)
        if isinstance(stated, dict):
            action = getattr(view, "action", None)
            stated = stated.get(action) or stated.get(request.method or "")
            stated = stated or view.permission_required.get("*")
        return permits(request.user, stated) if stated else False
