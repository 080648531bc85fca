"""The change feed (PLT-2): what became visible since a cursor, as records of today; nothing missed, nothing stalls."""

from sync.feed.reader import FeedItem, FeedPage, read_changes

__all__ = ["FeedItem", "FeedPage", "read_changes"]
