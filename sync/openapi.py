"""How the OpenAPI description shows sign-in by token, with the scope each operation asks for."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # the library registers subclasses
    """A client's token."""

    target_class = "sync.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """How it is sent."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of a client: it has scopes, a unit with everything below, and an expiry.",
        }

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[Any]]:
        """The scope that this operation asks for."""
        scopes = getattr(auto_schema.view, "token_scopes", {})
        wanted = scopes.get(str(auto_schema.method).upper())
        return {self.name: [wanted] if wanted else []}
