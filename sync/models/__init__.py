"""The doors for machines: clients, tokens, idempotency keys, import mappings."""

from .clients import Client, IdempotencyKey, Token
from .imports import ImportMapping

__all__ = ["Client", "IdempotencyKey", "ImportMapping", "Token"]
