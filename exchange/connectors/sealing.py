"""Secrets of sources, encrypted at rest with a key made of the platform's own."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

PURPOSE = b"exchange.connectors.secret"


def _key(secret: str) -> Fernet:
    made = HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(made))


def _box() -> MultiFernet:
    """The key in use first; earlier ones still open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_key(key) for key in keys])


def close(text: str) -> str:
    """A secret as it is stored; empty stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def open_(stored: str) -> str:
    """The secret again; DomainError where the platform's key was changed."""
    if not stored:
        return ""
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        text = _("The stored secret cannot be opened any more; enter it again.")
        raise DomainError(text, code="secret") from error
