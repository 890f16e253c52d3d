"""What people may do follows from their roles."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from .models import User


class RoleBackend(ModelBackend):
    """Passwords as usual; permissions from roles alone, which are in memory.

    One query per request tells which roles somebody holds, so that a role taken
    away is gone with the next request. Permissions given to single people past
    their roles do not count.
    """

    def get_user_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        return set()

    def get_group_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        if user_obj.is_superuser:
            return set(super().get_group_permissions(user_obj))
        return set(user_obj.role_permissions)
