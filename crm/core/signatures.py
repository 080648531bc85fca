"""Signatures (PLT-8): canonical content and its SHA-256, by login, drawn, or through a one-time link.

Apps say what of theirs can be signed with `signable(…)`; who may take a signature is asked in their own actions.
Nothing here is proof against whoever owns the database; the change log keeps every row's history besides.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core import attachments, parameters
from crm.core.db import write
from crm.core.errors import Conflict, DomainError, Invalid, NotFound
from crm.core.models import Attachment, Signature, SignLink, SignMethod, User
from crm.core.text import clean_text

TOKEN_BYTES = 24
PNG_PREFIX = "data:image/png;base64,"
MAX_DRAWING = 400_000
LEAST_INK = 60
"""Fewer dark points are a slip of the finger, no signature."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Content:
    """What is signed: the record, and the names as they were then (a later rename does not break the check)."""

    record: Record
    names: Record = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Canonical JSON: sorted keys, no spaces, so that the same content always has the same digest."""
        both = {"record": self.record, "names": self.names}
        return json.dumps(both, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Signable:
    """A kind of record that people sign.

    `content(id)` is what stands there today, None when it is gone; `shown(content)` says it in lines for the signer;
    `signed(id, part, now)` is called in the transaction of the signature and may refuse.
    """

    table: str
    title: str | Promise
    content: Callable[[int], Content | None]
    shown: Callable[[Content], list[tuple[str, str]]]
    signed: Callable[[int, str, datetime], None]


KINDS: dict[str, Signable] = {}


def signable(kind: Signable) -> Signable:
    """Register a kind; called when an app is ready."""
    KINDS[kind.table] = kind
    return kind


class LinkOver(DomainError):
    """The link was used, withdrawn, has expired, or what it was for has changed (410)."""

    code = "link_over"
    message = _("This link can no longer be used. Please ask your account manager for a new one.")
    status = 410


def digest_of(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(table: str, subject_id: int) -> Content:
    """What stands there today, or 404."""
    found = KINDS[table].content(subject_id)
    if found is None:
        raise NotFound
    return found


# --- Signing


def sign_by_login(table: str, subject_id: int, part: str, *, seen: str = "", by: User, now: datetime) -> Signature:
    """One tap of somebody who is signed in: his name and the server's clock.

    `seen` is the digest of what his page shows: when it is another content meanwhile, nothing is signed.
    """
    return _sign(table, subject_id, part, SignMethod.LOGIN, name=by.name, by=by, signer=by, seen=seen, now=now)


def sign_drawn(
    table: str, subject_id: int, part: str, *, drawing: str, name: str, seen: str = "", by: User, now: datetime
) -> Signature:
    """Drawn on the screen that `by` holds out; `drawing` is the picture as the page sends it (PNG, base64)."""
    name = clean_text(name, field="signer_name", max_length=50, blank=False)
    picture = _picture(drawing)
    with write(by=by):
        kept = _keep(picture, by=by, now=now)
        return _sign(table, subject_id, part, SignMethod.DRAWN, name=name, by=by, drawing=kept, seen=seen, now=now)


def _sign(
    table: str,
    subject_id: int,
    part: str,
    method: SignMethod,
    *,
    name: str,
    by: User | None,
    now: datetime,
    signer: User | None = None,
    drawing: Attachment | None = None,
    seen: str = "",
) -> Signature:
    with write(by=by):
        KINDS[table].signed(subject_id, part, now)
        if Signature.objects.filter(subject_table=table, subject_id=subject_id, part=part, voided_at=None).exists():
            raise Conflict(_("This has been signed already."), code="signed")
        text = content_of(table, subject_id).text
        if seen and seen != digest_of(text):
            raise Conflict(_("The record has changed. Please look at it again."), code="changed")
        signature = Signature.objects.create(
            subject_table=table, subject_id=subject_id, part=part, content=text, digest=digest_of(text), method=method,
            signer=signer, signer_name=name, drawing=drawing, taken_by=by, signed_at=now,
        )  # fmt: skip
        SignLink.objects.filter(
            subject_table=table, subject_id=subject_id, part=part, used_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
    return signature


def void(table: str, subject_ids: Sequence[int], *, now: datetime) -> int:
    """What was signed has been changed by its author: the signatures no longer hold; the rows stay."""
    open_links = SignLink.objects.filter(
        subject_table=table, subject_id__in=list(subject_ids), used_at=None, withdrawn_at=None
    )
    with write(label="system:void_signatures"):
        open_links.update(withdrawn_at=now)
        return Signature.objects.filter(subject_table=table, subject_id__in=list(subject_ids), voided_at=None).update(
            voided_at=now
        )


# --- The drawing


def _picture(drawing: str) -> bytes:
    """The bytes of a drawn signature; an empty sheet, or anything but a small PNG, is refused."""
    from PIL import Image, UnidentifiedImageError  # loaded by those who receive pictures

    bad = Invalid(_("Please sign in the box."), code="no_drawing", field="drawing")
    if not drawing.startswith(PNG_PREFIX) or len(drawing) > MAX_DRAWING:
        raise bad
    try:
        content = base64.b64decode(drawing.removeprefix(PNG_PREFIX), validate=True)
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            if picture.width * picture.height > 4_000_000:
                raise bad
            ink = picture.convert("RGBA").getchannel("A").histogram()
    except (binascii.Error, ValueError, UnidentifiedImageError, OSError, SyntaxError) as damaged:
        raise bad from damaged
    if sum(ink[128:]) < LEAST_INK:
        raise bad
    return content


def _keep(picture: bytes, *, by: User | None, now: datetime) -> Attachment:
    return attachments.store(
        ContentFile(picture, name="signature.png"),
        by=by, now=now, kinds=frozenset({attachments.PNG}), max_bytes=MAX_DRAWING, field="drawing",
    )  # fmt: skip


# --- One-time links


@dataclass(frozen=True)
class IssuedLink:
    """A link just made; the token is told once and never stored."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class OpenLink:
    """What the page of a link shows."""

    title: str
    lines: list[tuple[str, str]]
    expires_at: datetime


def issue_link(table: str, subject_id: int, part: str, *, by: User, now: datetime) -> IssuedLink:
    """Make a link for one signature; an earlier one for the same part no longer opens."""
    text = content_of(table, subject_id).text
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + timedelta(hours=int(parameters.value("sign_link_hours")))
    with write(by=by):
        if Signature.objects.filter(subject_table=table, subject_id=subject_id, part=part, voided_at=None).exists():
            raise Conflict(_("This has been signed already."), code="signed")
        SignLink.objects.filter(
            subject_table=table, subject_id=subject_id, part=part, used_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        SignLink.objects.create(
            token_digest=digest_of(token), subject_table=table, subject_id=subject_id, part=part,
            digest=digest_of(text), issued_by=by, issued_at=now, expires_at=expires_at,
        )  # fmt: skip
    return IssuedLink(token, expires_at)


def open_link(token: str, *, now: datetime) -> OpenLink:
    """What there is to sign; 404 for a token nobody issued, 410 when it is over."""
    link, content = _link(SignLink.objects.filter(token_digest=digest_of(token)).first(), now)
    kind = KINDS[link.subject_table]
    return OpenLink(str(kind.title), kind.shown(content), link.expires_at)


def sign_by_link(token: str, *, name: str, drawing: str = "", now: datetime) -> Signature:
    """The customer signs on his own phone, once; a drawing is welcome but not needed."""
    name = clean_text(name, field="signer_name", max_length=50, blank=False)
    picture = _picture(drawing) if drawing else None
    with write(label="signer:link"):
        rows = SignLink.objects.select_for_update().filter(token_digest=digest_of(token))
        link, _content = _link(rows.first(), now)
        SignLink.objects.filter(pk=link.pk).update(used_at=now)
        kept = _keep(picture, by=None, now=now) if picture else None
        signature = _sign(
            link.subject_table, link.subject_id, link.part, SignMethod.LINK, name=name, by=None, drawing=kept, now=now
        )
        Signature.objects.filter(pk=signature.pk).update(taken_by=link.issued_by_id)
    return signature


def _link(link: SignLink | None, now: datetime) -> tuple[SignLink, Content]:
    if link is None:
        raise NotFound(_("There is no such link."))
    if link.used_at or link.withdrawn_at or link.expires_at <= now:
        raise LinkOver
    content = KINDS[link.subject_table].content(link.subject_id)
    if content is None or digest_of(content.text) != link.digest:
        raise LinkOver
    return link, content


# --- Looking after


@dataclass(frozen=True)
class Checked:
    """A signature with the answer of its check."""

    id: int
    part: str
    signer_name: str
    method: str
    signed_at: datetime
    has_drawing: bool
    is_text_intact: bool
    is_record_same: bool

    @property
    def is_good(self) -> bool:
        """Neither the kept text nor the record has been altered."""
        return self.is_text_intact and self.is_record_same

    @property
    def method_label(self) -> str:
        """How, in words."""
        return str(SignMethod(self.method).label)


def verify(signature: Signature, today: Content | None) -> Checked:
    """Whether what was signed is still what stands there: the digest of the text, and the record itself."""
    kept = _record(signature.content)
    return Checked(
        signature.pk,
        signature.part,
        signature.signer_name,
        signature.method,
        signature.signed_at,
        signature.drawing_id is not None,
        digest_of(signature.content) == signature.digest,
        today is not None and kept == _record(today.text),
    )


def _record(text: str) -> Any:
    try:
        return json.loads(text)["record"]
    except (ValueError, KeyError, TypeError):
        return None


def signatures_of(table: str, subject_id: int) -> list[Checked]:
    """Every signature that holds under a record, checked now."""
    rows = list(Signature.objects.filter(subject_table=table, subject_id=subject_id, voided_at=None).order_by("pk"))
    if not rows:
        return []
    today = KINDS[table].content(subject_id)
    return [verify(row, today) for row in rows]


def drawing_of(table: str, subject_id: int, part: str) -> Attachment | None:
    """The picture of a signature; the caller has checked who may see the record."""
    row = (
        Signature.objects.filter(subject_table=table, subject_id=subject_id, part=part, voided_at=None)
        .select_related("drawing")
        .first()
    )
    return row.drawing if row else None
