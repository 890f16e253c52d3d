"""What a package looks like: its parts, their names, its manifest.  [protocol, A]"""

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from exchange.delivery.enums import MAX_BYTES
from exchange.delivery.keys import NODE_CODE
from platform_core.common.clock import read_moment
from platform_core.common.errors import DomainError

from .enums import FORMAT, MAX_MANIFEST, MAX_PARTS, MAX_SIGNATURE, UNPACKED, VERSION

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
DELIVERY = re.compile(r"deliveries/[0-9]{5}\.jsonl")
ANSWER = re.compile(r"answers/[0-9]{5}\.json")
BLOB = re.compile(r"blobs/[0-9a-f]{64}")
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
COUNT = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
PART = {
    "type": "object",
    "required": ["name", "size", "sha256"],
    "properties": {
        "name": {"type": "string", "maxLength": 100},
        "size": {"type": "integer", "minimum": 0},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "batch": {"type": "string", "pattern": UUID},
        "groups": COUNT,
        "records": COUNT,
    },
}
SCHEMA = {
    "type": "object",
    "required": ["kind", "package", "sender", "receiver", "made_at", "counts", "parts"],
    "properties": {
        "kind": {"enum": ["records", "receipt"]},
        "package": {"type": "string", "pattern": UUID},
        "answers": {"type": "string", "pattern": UUID},
        "sender": {"type": "string", "pattern": NODE_CODE},
        "receiver": {"type": "string", "pattern": NODE_CODE},
        "made_at": {"type": "string"},
        "interfaces": {
            "type": "array",
            "maxItems": 1000,
            "items": {
                "type": "object",
                "required": ["interface", "version", "groups", "records"],
                "properties": {
                    "interface": {"type": "string", "maxLength": 80},
                    "version": COUNT,
                    "groups": COUNT,
                    "records": COUNT,
                },
            },
        },
        "counts": {
            "type": "object",
            "properties": dict.fromkeys(
                ("groups", "records", "files", "missing"), COUNT
            ),
        },
        "parts": {"type": "array", "maxItems": MAX_PARTS, "items": PART},
    },
}
SIGNATURES = {
    "type": "object",
    "required": ["signatures"],
    "properties": {
        "signatures": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "items": {
                "type": "object",
                "required": ["alg", "keyid", "value"],
                "additionalProperties": {"type": "string"},
            },
        }
    },
}
_manifest = Draft202012Validator(SCHEMA)
_signatures = Draft202012Validator(SIGNATURES)


def broken(text: str) -> DomainError:
    """The file is none of this format."""
    return DomainError(text, code="format", fields={"file": text})


def too_large(text: str) -> DomainError:
    """The file, or what is in it, is larger than it may be."""
    return DomainError(text, code="too_large", fields={"file": text})


def altered(text: str) -> DomainError:
    """Something is not what its sender signed."""
    return DomainError(text, code="bad_signature", fields={"file": text})


def most_packed() -> int:
    """Bytes of the largest package; more a ZIP file without extensions cannot be."""
    return min(int(settings.EXCHANGE_PACKAGE_MAX_BYTES), 2**31 - 1)


def most_unpacked() -> int:
    """Bytes of all parts together."""
    return most_packed() * UNPACKED


def most(name: str) -> int:
    """Bytes that the part of this name may have; DomainError for any other name."""
    if DELIVERY.fullmatch(name) or ANSWER.fullmatch(name):
        return MAX_BYTES
    if BLOB.fullmatch(name):
        return int(settings.FILE_MAX_BYTES)
    limits = {MANIFEST: MAX_MANIFEST, SIGNATURE: MAX_SIGNATURE}
    if name not in limits:
        text = _("The package holds a file that does not belong there: %(name)s")
        shown = "".join(c if c.isprintable() else "\ufffd" for c in name[:60])
        raise broken(text % {"name": shown})
    return limits[name]


def check_manifest(manifest: dict[str, Any]) -> None:
    """DomainError where the manifest is not as this version wants it."""
    if manifest.get("format") != FORMAT:
        raise broken(_("This is not a package of the exchange."))
    if manifest.get("version") != VERSION:
        text = _("The package has a version that is not known here.")
        raise DomainError(text, code="unknown_version", fields={"file": text})
    _check(_manifest, manifest)
    if read_moment(manifest["made_at"]) is None:
        raise broken(_("A time with its offset is expected."))
    if (manifest["kind"] == "receipt") != ("answers" in manifest):
        raise broken(_("A receipt names the package that it answers."))


def check_signatures(given: dict[str, Any]) -> None:
    """DomainError where the signatures have no such shape."""
    _check(_signatures, given)


def _check(validator: Draft202012Validator, given: dict[str, Any]) -> None:
    fault = next(validator.iter_errors(given), None)
    if fault is not None:
        text = _("%(path)s in the package is wrong.")
        raise broken(text % {"path": fault.json_path[:100]})
