"""The doors for machines: clients, tokens, import mappings."""

from .clients import Client, Token
from .entries import SyncEntry
from .imports import ImportMapping
from .webhooks import Webhook, WebhookAttempt, WebhookMessage

__all__ = [
    "Client",
    "ImportMapping",
    "SyncEntry",
    "Token",
    "Webhook",
    "WebhookAttempt",
    "WebhookMessage",
]
