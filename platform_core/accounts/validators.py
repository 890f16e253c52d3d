"""Checks of numbers that people and organisations carry, and of passwords."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from platform_core.common.codes import is_credit_code


def validate_credit_code(value: str) -> None:
    """Refuse a unified social credit code that cannot be one."""
    if not is_credit_code(value):
        raise ValidationError(
            _("This is not a valid unified social credit code."), code="credit_code"
        )


class CharacterKindsValidator:
    """A password needs characters of several kinds."""

    kinds = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")

    def __init__(self, minimum: int = 3) -> None:
        self.minimum = minimum

    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password with too few kinds of characters."""
        found = sum(1 for kind in self.kinds if re.search(kind, password))
        if found < self.minimum:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        return _(
            "Use at least %(count)d of: small letters, capital letters, digits, "
            "other characters."
        ) % {"count": self.minimum}
