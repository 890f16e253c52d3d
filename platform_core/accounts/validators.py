"""Checks of numbers that people and organisations carry, and of passwords."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
FORM = re.compile(rf"^[{ALPHABET}]{{18}}$")


def credit_code_check(body: str) -> str:
    """The check character of the first 17 of a credit code.  [GB 32100-2015]"""
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def validate_credit_code(value: str) -> None:
    """Refuse a unified social credit code that cannot be one."""
    if not FORM.match(value):
        raise ValidationError(
            _("A unified social credit code has 18 digits and capital letters."),
            code="credit_code",
        )
    if credit_code_check(value[:17]) != value[17]:
        raise ValidationError(
            _("The check character of the credit code is wrong."), code="credit_code"
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
