"""What may reach a customer (SEC-2): a document is internal until somebody marks it "may be shared".

This is the only way a document leaves for a customer: apps that hand one over call `require_shared` on it, or make a
link here. The class is asked again each time a link is opened, so that a second thought closes every link at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.core import access_log, parameters
from crm.core.db import write
from crm.core.errors import DomainError, Invalid, NotFound
from crm.core.models import Article, Attachment, DocumentClass, ShareLink
from crm.core.signatures import TOKEN_BYTES, LinkOver, digest_of

if TYPE_CHECKING:
    from crm.core.models import User

Document = Attachment | Article
TABLE = "core_sharelink"


class InternalDocument(DomainError):
    """SEC-2: nothing internal is attached to a message, a link or a print for a customer."""

    code = "internal_document"
    message = _("“%(name)s” is internal: customers get only documents marked “may be shared”.")


@dataclass(frozen=True)
class IssuedShare:
    """A link just made; the token is told once and never stored."""

    token: str
    expires_at: datetime


def name_of(document: Document) -> str:
    """What a document is called."""
    return document.name if isinstance(document, Attachment) else document.title_zh


def require_shared(documents: Iterable[Document]) -> None:
    """SEC-2: refuse whatever nobody has marked for customers, naming it."""
    for document in documents:
        is_hidden = isinstance(document, Article) and not document.is_shown
        if document.visibility != DocumentClass.SHARED or is_hidden:
            raise InternalDocument(params={"name": name_of(document)})


def classify(document: Document, visibility: str, *, by: User) -> None:
    """Mark a document; the caller has checked that this person may."""
    if visibility not in DocumentClass.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="deed")
    with write(by=by):
        document.visibility = visibility
        document.save(update_fields=["visibility"])


def issue(document: Document, *, customer_id: int | None = None, by: User, now: datetime) -> IssuedShare:
    """A link for some days to one document; who made it for whom is logged."""
    require_shared([document])
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + timedelta(days=int(parameters.value("share_link_days")))
    is_file = isinstance(document, Attachment)
    with write(by=by):
        ShareLink.objects.create(
            token_digest=digest_of(token), customer_id=customer_id, issued_by=by, issued_at=now,
            attachment_id=document.pk if is_file else None, article_id=None if is_file else document.pk,
            expires_at=expires_at,
        )  # fmt: skip
        access_log.record(
            "share", by, at=now, subject_table="accounts_customer" if customer_id else "", subject_id=customer_id,
            detail={"document": name_of(document)},
        )  # fmt: skip
    return IssuedShare(token, expires_at)


def open_share(token: str, *, now: datetime) -> Document:
    """What a link shows, logged: 404 for a token nobody issued, 410 when it is over or the document internal again."""
    link = ShareLink.objects.select_related("attachment", "article").filter(token_digest=digest_of(token)).first()
    if link is None:
        raise NotFound(_("There is no such link."))
    document = link.attachment or link.article
    if link.expires_at <= now or document is None:
        raise LinkOver
    try:
        require_shared([document])
    except InternalDocument as taken_back:
        raise LinkOver from taken_back
    access_log.record(
        "download", None, at=now, subject_table=TABLE, subject_id=link.pk, detail={"document": name_of(document)}
    )
    return document
