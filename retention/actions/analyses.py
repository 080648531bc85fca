"""Write down why a customer left and what we learn from it; pass the lesson on (RET-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed
from crm.core.guide import forget
from crm.core.models import Article, GuideArea
from crm.core.text import clean_text
from retention.choices import AnalysisState, CauseCategory
from retention.models import ChurnAnalysis, ChurnRecord, Competitor
from retention.queries.analyses import analysis_for, may_write

if TYPE_CHECKING:
    from crm.core.models import User

SHARES = ("decide_offers", "maintain_guide")
"""Who passes a lesson on: whoever answers for more than his own customers."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an analysis says."""

    cause: str
    depth: str
    countermeasure: str
    lesson: str
    competitor_id: int | None = None


def write_analysis(
    *, analysis_id: int, findings: Findings, version: int | None, by: User, now: datetime
) -> ChurnAnalysis:
    """Cause, depth, countermeasure and lesson, all of them; whether it was in time is told by the first writing."""
    with write(by=by):
        row, record = _reached(by, analysis_id, version)
        for name, value in _checked(findings, record).items():
            setattr(row, name, value)
        record.competitor_id = findings.competitor_id
        record.cause = record.cause or row.depth[:500]
        record.version += 1
        record.save(update_fields=["competitor_id", "cause", "version"])
        row.state, row.analysed_by = AnalysisState.DONE, row.analysed_by or by
        row.analysed_at = row.analysed_at or now
        row.version += 1
        row.save()
    return row


def share_lesson(*, analysis_id: int, title: str, text: str, by: User, now: datetime) -> Article:
    """The lesson becomes a text of the guide, without the name of the customer; once."""
    title = clean_text(title, field="title", max_length=60, blank=False)
    text = clean_text(text, field="text", max_length=2000, blank=False, multiline=True)
    with write(by=by):
        row, record = _reached(by, analysis_id, None, shares=True)
        if row.state != AnalysisState.DONE:
            raise Conflict(_("This analysis is not written yet."), code="not_done")
        if row.article_id is not None:
            raise Conflict(_("This lesson is in the guide already."), code="shared")
        name = record.customer.name
        for field, value in (("title", title), ("text", text)):
            if name in value:
                raise Invalid(
                    _("Leave the customer's name out: everybody reads the guide."), code="names_customer", field=field
                )
        article = Article.objects.create(
            code=f"lesson-{row.pk}", area=GuideArea.RETENTION, title_zh=title, title_en=title, body_zh=text,
            body_en=text, source="RET-8", position=1000, updated_by=by, updated_at=now,
        )  # fmt: skip
        row.article_id = article.pk
        row.version += 1
        row.save(update_fields=["article_id", "version"])
    forget()
    return article


def _reached(
    by: User, analysis_id: int, version: int | None, *, shares: bool = False
) -> tuple[ChurnAnalysis, ChurnRecord]:
    """The analysis and its loss, locked: in sight, else 404; then allowed, else 403."""
    seen = analysis_for(by.access, analysis_id)
    if not (by.access.can_any(*SHARES) if shares else may_write(by.access, seen)):
        raise NotAllowed
    row = ChurnAnalysis.unscoped.select_for_update(of=("self",)).get(pk=analysis_id)
    record = ChurnRecord.unscoped.select_for_update(of=("self",)).select_related("customer").get(pk=row.record_id)
    if version is not None and version != row.version:
        raise Conflict(current={"version": row.version})
    return row, record


def _checked(findings: Findings, record: ChurnRecord) -> dict[str, str]:
    problems = []
    if findings.cause not in CauseCategory.values:
        problems.append(FieldProblem("cause", "required", _("Say why the customer left.")))
    known = findings.competitor_id is None or findings.competitor_id == record.competitor_id
    if not known and not Competitor.objects.filter(pk=findings.competitor_id or 0, is_active=True).exists():
        problems.append(FieldProblem("competitor", "invalid_choice", _("This is not one of the choices.")))
    if record.kind == "ported" and findings.competitor_id is None:
        problems.append(FieldProblem("competitor", "required", _("Say to whom he was ported.")))
    texts = {}
    for name, most in (("depth", 2000), ("countermeasure", 1000), ("lesson", 1000)):
        texts[name] = clean_text(getattr(findings, name), field=name, max_length=most, blank=False, multiline=True)
    if problems:
        raise Invalid(errors=problems)
    return {"cause": findings.cause, **texts}
