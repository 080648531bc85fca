"""A file of the archive and a text of the guide for customers, and the link to one."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from crm.core.models import Article, ShareLink
from crm.core.signatures import digest_of
from tests.guards.route_rows import ALL, MANAGERS, READERS, get, page, post, public

ROUTES = [
    page("accounts:file_share", "file", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page(
        "core:guide_share", "polite_words", get(READERS), post(READERS, "", 403, but={"group_department director": 302})
    ),
    public("core:share", "share_token", get(ALL)),
]
BODIES = {"accounts:file_share": lambda w: {"deed": "shared"}, "core:guide_share": lambda w: {"deed": "shared"}}


def furnish(cast, rows, who):
    """A link to a text that may be shared."""
    now = timezone.now()
    code = f"share-{rows['unit'].code}"
    text = Article.objects.create(
        code=code, area="care", title_zh="资费说明", title_en="Prices", body_zh="正文", body_en="Text", position=99,
        visibility="shared",
    )  # fmt: skip
    rows["share_token"] = f"token-of-{code}"
    ShareLink.objects.create(
        token_digest=digest_of(rows["share_token"]), article=text, issued_by=rows["manager_user"], issued_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
