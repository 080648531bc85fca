"""The one registry of what a risk score looks at (RET-3): add a feature here, and it is read, scored, told and kept."""

from __future__ import annotations

from retention.queries.features.base import Source, these
from retention.queries.features.money import AGREEMENT_END, ARREARS_DAYS
from retention.queries.features.relationship import (
    ASKED_TO_LEAVE,
    COMPETITOR_CONTACT,
    CONTACT_OVERDUE,
    STICKINESS,
    TENURE,
)
from retention.queries.features.service import COMPLAINT_CLOSED, COMPLAINT_OPEN, COMPLAINT_REPEAT, LOW_SATISFACTION
from retention.queries.features.usage import LINES_STOPPED, USAGE_DROP

BUILT_IN: dict[str, Source] = {
    source.code: source
    for source in (
        USAGE_DROP,
        LINES_STOPPED,
        COMPLAINT_OPEN,
        COMPLAINT_CLOSED,
        COMPLAINT_REPEAT,
        LOW_SATISFACTION,
        ARREARS_DAYS,
        CONTACT_OVERDUE,
        COMPETITOR_CONTACT,
        ASKED_TO_LEAVE,
        STICKINESS,
        AGREEMENT_END,
        TENURE,
    )
}


def sources() -> dict[str, Source]:
    """Every feature by code: our own, and one for each imported column."""
    from retention.queries.features.columns import column_sources

    return BUILT_IN | {source.code: source for source in column_sources()}


__all__ = ["BUILT_IN", "Source", "sources", "these"]
