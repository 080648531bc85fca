"""The doors for machines: clients, tokens, import mappings."""

from .clients import Client, Token
from .imports import ImportMapping

__all__ = ["Client", "ImportMapping", "Token"]
