"""The change feed's ground: which records there are to hear of, who reads, and where he stands (sync-api, PLT-2).

An app lists its types in its own `feed.py` as `FEED_TYPES`; settings.FEED_SOURCES names these modules. The records are
those of the app's API lists: there is no second shape. `sync.feed` reads the log and answers.
"""

from crm.core.feed.cursor import Cursor, CursorGone, new_cursor, read_cursor
from crm.core.feed.types import Also, FeedType, Lent, Reader, Record, by_id, feed_types, records_by

__all__ = [
    "Also",
    "Cursor",
    "CursorGone",
    "FeedType",
    "Lent",
    "Reader",
    "Record",
    "by_id",
    "feed_types",
    "new_cursor",
    "read_cursor",
    "records_by",
]
