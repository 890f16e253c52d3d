"""What each kind of source must be told, as JSON Schema."""

from typing import Any

from platform_core.common.errors import DomainError
from platform_core.datasets import schema as schemas

from .enums import SourceKind

HOST = {"type": "string", "minLength": 1, "maxLength": 250}
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
TEXT = {"type": "string", "maxLength": 500}
FLAG = {"type": "boolean"}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


SETTINGS: dict[str, dict[str, Any]] = {
    SourceKind.DATABASE: _object(
        ["engine", "database"],
        engine={"enum": ["postgresql", "mysql", "sqlite"]},
        host=TEXT,
        port=PORT,
        database=HOST,
        username=TEXT,
        tls=FLAG,
    ),
    SourceKind.FILES: _object(
        ["place", "folder"],
        place={"enum": ["folder", "sftp"]},
        folder=TEXT,
        host=TEXT,
        port=PORT,
        username=TEXT,
        host_key=TEXT,
    ),
    SourceKind.REST: _object(
        ["url", "auth"],
        url={"type": "string", "pattern": "^https?://"},
        auth={"enum": ["none", "basic", "bearer", "header"]},
        username=TEXT,
        header=TEXT,
    ),
    SourceKind.MQTT: _object(
        ["host", "port"], host=HOST, port=PORT, username=TEXT, tls=FLAG
    ),
}


def check(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, if they are those of the kind; DomainError names the field."""
    problem = schemas.first_problem(schemas.validator(SETTINGS[kind]), settings)
    if problem is not None:
        raise DomainError(
            f"{problem.field}: {problem.message}",
            code=problem.code,
            fields={problem.field: problem.message},
        )
    return settings
