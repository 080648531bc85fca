"""Every read of accounts: a scope (or something already visible) comes first."""

from .access import access_for
from .archive import archive_quality
from .completeness import profile_fill, total_fill
from .customers import customer_for, customers_by_search
from .names import StaffCard, TierView, staff_of
from .portfolio import manager_card, managers, managers_on
from .reports import (
    customer_structure,
    groups_without_leader,
    not_updated_since,
    ordinary_sims,
    team_load,
    unassigned_vips,
)
from .tiers import open_proposals, tier_on, tiers_on

__all__ = [
    "StaffCard",
    "TierView",
    "access_for",
    "archive_quality",
    "customer_for",
    "customer_structure",
    "customers_by_search",
    "groups_without_leader",
    "manager_card",
    "managers",
    "managers_on",
    "not_updated_since",
    "open_proposals",
    "ordinary_sims",
    "profile_fill",
    "staff_of",
    "team_load",
    "tier_on",
    "tiers_on",
    "total_fill",
    "unassigned_vips",
]
