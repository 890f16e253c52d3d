"""The error envelope in the OpenAPI document."""

from typing import Any

ERROR = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string", "examples": ["invalid"]},
        "message": {"type": "string"},
        "fields": {
            "type": "object",
            "additionalProperties": True,
            "description": "Messages by field; nested fields by path.",
        },
    },
}
ALWAYS = {"403": "Not allowed", "429": "Too many requests"}
WITH_BODY = {"400": "Not valid", "409": "Conflict", "415": "Unsupported media type"}


def error_responses(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Postprocessing hook: every operation may answer with the envelope."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Error"] = ERROR
    for path, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "responses" in operation:
                _complete(path, method, operation)
    return result


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = dict(ALWAYS)
    if operation.get("security"):
        answers["401"] = "Not signed in"
    if "{" in path:
        answers["404"] = "Not found"
    if method in {"post", "put", "patch", "delete"}:
        answers |= WITH_BODY
    elif operation.get("parameters"):
        answers |= {"400": "Not valid", "404": "Not found"}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for code, text in answers.items():
        operation["responses"].setdefault(
            code, {"description": text, "content": content}
        )
