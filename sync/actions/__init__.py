"""Deeds of the machine doors."""

from .clients import create_client, deactivate_client, issue_token, revoke_token

__all__ = ["create_client", "deactivate_client", "issue_token", "revoke_token"]
