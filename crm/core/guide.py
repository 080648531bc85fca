"""The guide (服务指南): read by everybody, written by headquarters; tips stand where they help (SKL-6, CON-31)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.models import Article, DocumentClass, GuideArea
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

CACHE_SECONDS = 30.0
LENGTHS = {"title_zh": 60, "title_en": 100, "tip_zh": 200, "tip_en": 300, "body_zh": 10_000, "body_en": 15_000}
REQUIRED = frozenset({"title_zh", "title_en", "body_zh", "body_en"})


@dataclass(frozen=True, slots=True)
class Text:
    """An article in the language of the moment."""

    code: str
    area: str
    title: str
    tip: str
    body: str
    source: str
    is_shown: bool
    version: int
    is_shared: bool

    @property
    def area_label(self) -> str:
        """The part of the guide it belongs to."""
        return str(GuideArea(self.area).label)


@dataclass
class _Tips:
    loaded_at: float = float("-inf")
    rows: Mapping[str, tuple[str, str, str, str]] | None = None  # code → titles and tips


_tips = _Tips()


def forget() -> None:
    """Read the tips again at the next question (after a change, and in tests)."""
    _tips.loaded_at = float("-inf")


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def text_of(row: Article) -> Text:
    """An article in the language of the moment."""
    english = _is_english()
    return Text(
        row.code, row.area, row.title_en if english else row.title_zh, row.tip_en if english else row.tip_zh,
        row.body_en if english else row.body_zh, row.source, row.is_shown, row.version,
        row.visibility == DocumentClass.SHARED,
    )  # fmt: skip


def articles(*, search: str = "", with_hidden: bool = False) -> list[Text]:
    """The guide in its order; whoever maintains it sees hidden texts too."""
    rows = Article.objects.order_by("area", "position", "pk")
    if not with_hidden:
        rows = rows.filter(is_shown=True)
    if search:
        fields = ("title_zh", "title_en", "body_zh", "body_en")
        condition = Q()
        for name in fields:
            condition |= Q(**{f"{name}__icontains": search})
        rows = rows.filter(condition)
    return [text_of(row) for row in rows]


def article(code: str, *, with_hidden: bool = False) -> Text:
    """One text, or 404."""
    row = Article.objects.filter(code=code).first()
    if row is None or not (row.is_shown or with_hidden):
        raise NotFound
    return text_of(row)


def articles_of(codes: Iterable[str]) -> dict[str, Text]:
    """These texts by code, for a page that shows them beside the work; a hidden one is left out."""
    return {row.code: text_of(row) for row in Article.objects.filter(code__in=list(codes), is_shown=True)}


def tip(code: str) -> tuple[str, str]:
    """The tip of an article and its title, from a small cache: a page asks no table for it. Empty: none."""
    if _tips.rows is None or time.monotonic() - _tips.loaded_at > CACHE_SECONDS:
        shown = Article.objects.filter(is_shown=True)
        _tips.rows = {row[0]: row[1:] for row in shown.values_list("code", "title_zh", "title_en", "tip_zh", "tip_en")}
        _tips.loaded_at = time.monotonic()
    title_zh, title_en, tip_zh, tip_en = _tips.rows.get(code, ("", "", "", ""))
    return (tip_en, title_en) if _is_english() else (tip_zh, title_zh)


def article_for_edit(code: str) -> Article:
    """Both languages of a text, for whoever maintains it."""
    row = Article.objects.filter(code=code).first()
    if row is None:
        raise NotFound
    return row


def write_article(
    *, code: str, values: Mapping[str, str], area: str, is_shown: bool, version: int | None, by: User, now: datetime
) -> Article:
    """Headquarters writes or changes a text; an older copy of it is told so (409)."""
    if not by.access.can("maintain_guide"):
        raise NotAllowed
    if area not in GuideArea.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="area")
    cleaned = {
        name: clean_text(values.get(name, ""), field=name, max_length=length, blank=name not in REQUIRED,
                         multiline=name.startswith("body"))
        for name, length in LENGTHS.items()
    }  # fmt: skip
    with write(by=by):
        row = Article.objects.select_for_update().filter(code=code).first()
        if row is None:
            row = _new(code, area)
        elif version is not None and version != row.version:
            raise Conflict(current={name: getattr(row, name) for name in LENGTHS} | {"version": row.version})
        for name, text in cleaned.items():
            setattr(row, name, text)
        row.area, row.is_shown, row.updated_by, row.updated_at = area, is_shown, by, now
        row.version += 1 if row.pk else 0
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as twin:
            raise Conflict(_("There is a text with this name already.")) from twin
    forget()
    return row


def _new(code: str, area: str) -> Article:
    last = Article.objects.filter(area=area).order_by("-position").values_list("position", flat=True).first() or 0
    return Article(code=code, area=area, position=last + 1)
