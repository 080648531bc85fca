"""A customer's ids in other systems (sync-api)."""

from tests.guards.route_rows import MANAGERS, page, post

ROUTES = (page("accounts:external_id_save", "customer", post(MANAGERS, "manager")),)
BODIES = {"accounts:external_id_save": lambda world: {"source": "crm2", "external_id": "N-1", "seen": ""}}
