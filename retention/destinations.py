"""What the destination of a port-out means: a competitor of ours (RET-14)."""

from __future__ import annotations

from collections.abc import Collection

from accounts.queries import destinations
from retention.filters import is_english
from retention.queries.losses import competitors


def labels(codes: Collection[str]) -> dict[str, str]:
    """Competitors by the codes that were given, whatever their case; one statement."""
    known = {one.code: one.label(english=is_english()) for one in competitors()}
    return {code: known[code.lower()] for code in codes if code.lower() in known}


destinations.register(labels)
