"""Deeds of the machine doors."""

from .clients import create_client, deactivate_client, issue_token, revoke_token
from .imports import carry_out_dry_run, layout_of, receive_file, start_import

__all__ = [
    "carry_out_dry_run",
    "create_client",
    "deactivate_client",
    "issue_token",
    "layout_of",
    "receive_file",
    "revoke_token",
    "start_import",
]
