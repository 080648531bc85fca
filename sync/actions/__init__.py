"""Deeds of the machine doors."""

from .clients import create_client, deactivate_client, issue_token, revoke_token, rotate_token, set_limits
from .imports import carry_out_dry_run, kind_of_file, layout_of, receive_file, start_import, undo_import

__all__ = [
    "carry_out_dry_run",
    "create_client",
    "deactivate_client",
    "issue_token",
    "kind_of_file",
    "layout_of",
    "receive_file",
    "revoke_token",
    "rotate_token",
    "set_limits",
    "start_import",
    "undo_import",
]
