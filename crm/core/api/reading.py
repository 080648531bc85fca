"""What the OpenAPI description says of every reading call: not again when unchanged, and lists as lines."""

from __future__ import annotations

from typing import Any

from crm.core.api.renderers import NDJSON

HEADER = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "ETag of the copy that the caller has: 304 without a body when it is still the same. Of a record it"
    " is its version: facts that are derived, such as the standing, are not part of it.",
}
LINES = "All pages as lines, one record each; the header `Changes-Cursor` is what `changes_cursor` is in a page."


def describe_reading(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Hook of the description: adds to every GET what `Route` does for all of them."""
    schemas = result["components"]["schemas"]
    for operations in result["paths"].values():
        operation = operations.get("get", {})
        answer = operation.get("responses", {}).get("200", {})
        shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if not shape or operation["operationId"] == "schema_retrieve":
            continue
        operation.setdefault("parameters", []).append(HEADER)
        operation["responses"]["304"] = {"description": "Unchanged."}
        fields = schemas.get(shape.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
        if "items" in fields and "next" in fields and "more" not in fields:
            answer["content"][NDJSON] = {"schema": fields["items"]["items"]}
            answer["description"] = " ".join(part for part in (answer.get("description"), LINES) if part)
    return result
