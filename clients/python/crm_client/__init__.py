"""A typed client of the CRM's REST API.

`Client` writes and reads, `Mirror` keeps a local copy in SQLite that resumes after a kill, `WebhookVerifier` checks
what the CRM calls back with.
"""

from crm_client.client import BulkResult, BulkRow, ChangePage, Client, Written
from crm_client.errors import ApiError, CursorGone, FieldProblem, PreconditionFailed, Unreachable
from crm_client.mirror import Mirror, SyncReport
from crm_client.webhooks import BadSignature, Event, WebhookVerifier

__all__ = [
    "ApiError",
    "BadSignature",
    "BulkResult",
    "BulkRow",
    "ChangePage",
    "Client",
    "CursorGone",
    "Event",
    "FieldProblem",
    "Mirror",
    "PreconditionFailed",
    "SyncReport",
    "Unreachable",
    "WebhookVerifier",
    "Written",
]
