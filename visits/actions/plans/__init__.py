"""Plans of weeks, months and years: what people change in them, and what visits and handovers do to them."""

from .accepting import accept_plan, save_focus
from .adopting import follow_handover, follow_postponed
from .drafting import draft_own_week
from .feeds import end_feed, make_feed
from .items import ItemWish, add_item, edit_item, leave_out, remove_item, restore_item
from .matching import follow_mend, follow_undo, follow_visits
from .moving import Moved, change_item, move_item, relevel_plan

__all__ = [
    "ItemWish",
    "Moved",
    "accept_plan",
    "add_item",
    "change_item",
    "draft_own_week",
    "edit_item",
    "end_feed",
    "follow_handover",
    "follow_mend",
    "follow_postponed",
    "follow_undo",
    "follow_visits",
    "leave_out",
    "make_feed",
    "move_item",
    "relevel_plan",
    "remove_item",
    "restore_item",
    "save_focus",
]
