"""Hop signatures: who is speaking.  [RFC 9421, RFC 9530]"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import http_sf
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)

from platform_core.common.clock import now

from . import keys
from .enums import LABEL, TAG, WINDOW_SECONDS
from .errors import Unauthorised
from .keys import OwnKey
from .models import NodeKey, Nonce
from .suites import ALGORITHMS

COMPONENTS = ("@method", "@authority", "@path", "@query")
# Longer nonces are remembered by their digest.
LONG = 200
NEEDED = {"created": int, "nonce": str, "keyid": str, "alg": str, "tag": str}


@dataclass
class Message:
    """The parts of a request that a signature speaks about."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class _Keys(HTTPSignatureKeyResolver):
    """One key, already chosen."""

    def __init__(self, key: Any) -> None:
        self.key = key

    def resolve_public_key(self, key_id: str) -> Any:
        return self.key

    def resolve_private_key(self, key_id: str) -> Any:
        return self.key


class _Digest(ContentDigest):
    """Of the digests given the one of the protocol counts.  [RFC 9530, 2]"""

    @classmethod
    def verify(cls, value: str | bytes, body: bytes, *, key: str | None = None) -> None:
        raw = value.encode() if isinstance(value, str) else value
        try:
            given: Any = http_sf.parse(
                raw, tltype="dictionary", on_duplicate_key=_refuse_twice
            )
            digest = given[cls.algorithm][0]
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidSignature("No SHA-256 in Content-Digest") from error
        fits = isinstance(digest, bytes) and hmac.compare_digest(
            digest, hashlib.sha256(body).digest()
        )
        if not fits:
            raise InvalidSignature("Content-Digest does not fit the body")


def _refuse_twice(key: str, context: str) -> None:
    if context == "dictionary":
        raise InvalidSignature(f"Two digests {key}")


class _Verifier(HTTPMessageVerifier):
    """Our clock decides about `created`, and it may be off in both directions."""

    content_digest_class = _Digest

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Done by `_check_times`, with the protocol's own error code."""


def sign(
    method: str, url: str, body: bytes | None, *, key: OwnKey | None = None
) -> dict[str, str]:
    """The headers that sign a request, with the own key in use or another one."""
    key = key or keys.own_key()
    message = Message(method, url)
    signer = HTTPMessageSigner(
        signature_algorithm=ALGORITHMS[key.alg], key_resolver=_Keys(key.private)
    )
    signer.sign(
        message,
        key_id=key.keyid,
        created=now(),
        nonce=secrets.token_urlsafe(18),
        label=LABEL,
        tag=TAG,
        covered_component_ids=COMPONENTS,
        body=body,
    )
    return message.headers


def parameters(headers: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of the protocol's signature, unverified."""
    try:
        text = headers.get("Signature-Input", "")
        found: Any = http_sf.parse(text.encode("ascii"), tltype="dictionary")
    except (ValueError, KeyError) as error:
        raise Unauthorised(_("The request is not signed.")) from error
    if LABEL not in found or not isinstance(found[LABEL], tuple):
        raise Unauthorised(_("The request is not signed."))
    given: dict[str, Any] = dict(found[LABEL][1])
    for name, kind in NEEDED.items():
        value = given.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise Unauthorised(
                _("The signature says no %(name)s.") % {"name": name},
                fields={name: name},
            )
    return given


def verify(message: Message, body: bytes, key: NodeKey) -> None:
    """Check a request against a key; refused requests raise Unauthorised."""
    given = parameters(message.headers)
    _check_times(given)
    if given["alg"] != key.alg:
        raise Unauthorised(_("The key is not of this signature suite."))
    verifier = _Verifier(
        signature_algorithm=ALGORITHMS[key.alg],
        key_resolver=_Keys(key.public_key),
    )
    needed = (*COMPONENTS, "content-digest") if body else COMPONENTS
    try:
        verifier.verify(
            message,
            max_age=None,
            expect_tag=TAG,
            expect_label=LABEL,
            require_components=needed,
            body=body,
        )
    except HTTPMessageSignaturesException as error:
        raise Unauthorised(_("The signature does not fit the request.")) from error
    _use_nonce(given["keyid"], given["nonce"])
    if key.pk and not key.valid(now()):
        raise Unauthorised(_("The key was retired."), code="expired")


def _check_times(given: Mapping[str, Any]) -> None:
    moment = now().timestamp()
    if abs(moment - given["created"]) > WINDOW_SECONDS:
        raise Unauthorised(
            _("The signature was made at another time; check the clocks."),
            code="expired",
        )
    expires = given.get("expires")
    if expires is not None and (type(expires) is not int or expires < moment):
        raise Unauthorised(_("The signature has expired."), code="expired")


def _use_nonce(keyid: str, nonce: str) -> None:
    """Each nonce once a day; the unique constraint decides."""
    replay = Unauthorised(_("This request was seen before."), code="replay")
    if not nonce:
        raise Unauthorised(_("The nonce is empty."), fields={"nonce": nonce})
    if len(nonce) > LONG:
        nonce = hashlib.sha256(nonce.encode()).hexdigest()
    try:
        with transaction.atomic():
            Nonce.objects.create(keyid=keyid, value=nonce)
    except IntegrityError as error:
        raise replay from error


def forget_nonces(hours: int) -> int:
    """Drop nonces older than the window in which they are refused."""
    old = Nonce.objects.filter(seen_at__lt=now() - timedelta(hours=hours))
    return old.delete()[0]
