"""The demo's assessment: scorecards of units, satisfaction and exams entered and signed, competency reviews."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.rules import add_months
from crm.core.models import User
from crm.demo.organisation import BRANCHES, Member, Organisation
from kpi.actions.entered import Signed, put_results
from kpi.card_seed import LINES, line_of, seed_scorecards
from kpi.choices import Audience, EntryState, VersionState
from kpi.models import CompetencyReview, EnteredResult, Indicator, ScorecardLine, ScorecardVersion
from kpi.queries.competence import ITEMS

# Unit → title, month of coming into force, other weights than headquarters': contact and satisfaction count more.
OWN_RULES: dict[str, tuple[str, int, dict[str, str]]] = {
    "A": ("城东分公司客户经理考核细则", 2, {"F14": "8", "F15": "4", "F9": "15", "F8": "5", "F35a": "0.5", "F35b": "0.5",
                               "F31": "1", "F22": "1", "F12": "1", "F1": "6"}),
    "C": ("城南分公司客户经理考核细则", 5, {"F24a": "3", "F25a": "3", "F36": "2", "F1": "4"}),
}  # fmt: skip
JUDGED = {"A": "92", "C": "80"}
SURVEY = "第三方VIP满意度调查 {year}，样本 {n} 户，报告第 {page} 页"
EXAM = "{quarter}业务知识考试，集团客户部统一阅卷"
REMARKS = ("本年进步明显，建议加强行业方案学习", "客户口碑好，计划性有待提高", "数据分析能力强，可带新人", "")


class Cards:
    """What people decide about assessment; scores are counted from it with the figures."""

    def __init__(self, random: Random, organisation: Organisation, now: datetime) -> None:
        self.random, self.organisation, self.now = random, organisation, now
        self.today = timezone.localdate(now)
        self.users = {user.username: user for user in User.objects.filter(is_service=False)}
        self.indicators = {row.code: row for row in Indicator.objects.all()}

    def live(self) -> None:
        """Rules first, then what is measured by them."""
        self._rules()
        self._satisfaction()
        self._exams()
        self._judgements()
        self._reviews()

    def _at(self, day: date) -> datetime:
        return min(timezone.make_aware(datetime.combine(day, time(10, 30))), self.now)

    # --- Rules

    def _rules(self) -> None:
        year = self.today.year
        seed_scorecards(ScorecardVersion, ScorecardLine, Indicator, year=year - 1, at=self._at(date(year - 1, 1, 8)))
        for code, (title, month, weights) in OWN_RULES.items():
            since = date(year, month, 1)
            if since <= self.today:
                self._own(code, title, since, weights)
        self._draft()

    def _own(self, code: str, title: str, since: date, weights: dict[str, str]) -> None:
        version = self._version(
            code, f"{since.year}年{title}", self._at(since + timedelta(days=9)),
            state=VersionState.IN_FORCE, holds_from=since, published_at=self._at(since + timedelta(days=14)),
            published_by=self._boss(code), note="分公司职代会通过",
        )  # fmt: skip
        self._lines(version, weights)

    def _draft(self) -> None:
        self._lines(
            self._version(
                "B", f"{self.today.year}年城西分公司客户经理考核细则（讨论稿）", self.now - timedelta(days=2)
            ),
            {},
        )

    def _version(self, code: str, title: str, made_at: datetime, **values: object) -> ScorecardVersion:
        return ScorecardVersion.unscoped.create(
            year=self.today.year, unit_id=self.organisation.units[code], audience=Audience.MANAGER, title=title,
            made_at=made_at, made_by=self._boss(code), **values,
        )  # fmt: skip

    def _lines(self, version: ScorecardVersion, weights: dict[str, str]) -> None:
        """Headquarters' lines with other weights; what is over or missing goes to the quality of service."""
        lines = {code: line_of(ScorecardLine, version, code, self.indicators[code].pk) for code in LINES}
        for code, weight in weights.items():
            lines[code].weight = Decimal(weight)
        lines["F27"].weight += 100 - sum((line.weight for line in lines.values()), Decimal(0))
        ScorecardLine.unscoped.bulk_create(line for line in lines.values() if line.weight > 0)

    def _boss(self, code: str) -> User:
        return self.users[f"S{[branch[0] for branch in BRANCHES].index(code) + 1}001"]

    # --- Results from outside

    def _satisfaction(self) -> None:
        """F8 and F9: a third party's survey, last year's and this year's."""
        entries = []
        for year in (self.today.year - 1, self.today.year):
            if date(year, 10, 15) > self.today:
                continue
            for place, member in enumerate(self.organisation.managers):
                text = SURVEY.format(year=year, n=self.random.randint(12, 30), page=10 + place)
                entries.append(self._entry("F9", date(year, 1, 1), member, self._points(member, 82, 14), text))
            for place, (code, _name, _districts) in enumerate(BRANCHES):
                text = SURVEY.format(year=year, n=self.random.randint(180, 320), page=3 + place)
                points = Decimal(str(round(self.random.uniform(83, 93), 1)))
                entries.append(self._entry("F8", date(year, 1, 1), code, points, text))
        self._sign(entries, self._at(date(self.today.year, 10, 20)))

    def _exams(self) -> None:
        """F13: each quarter that has ended; those of the running one wait for their signature."""
        quarter = date(self.today.year, 3 * ((self.today.month - 1) // 3) + 1, 1)
        entries = []
        for back in (3, 2, 1):
            first = add_months(quarter, -3 * back)
            text = EXAM.format(quarter=f"{first.year}年第{first.month // 3 + 1}季度")
            entries += [
                self._entry("F13", first, member, self._points(member, 70, 28), text)
                for member in self.organisation.managers
            ]
        self._sign(entries, self._at(self.today - timedelta(days=6)))
        text = EXAM.format(quarter=f"{quarter.year}年第{quarter.month // 3 + 1}季度")
        EnteredResult.unscoped.bulk_create(
            self._entry("F13", quarter, member, self._points(member, 70, 28), text)
            for member in self.organisation.managers
            if member.seat.unit[:1] == "A"
        )

    def _judgements(self) -> None:
        """F38: the Group Customer Department looks at the units' own rules (KPI-48)."""
        entries = [
            self._entry("F38", date(self.today.year, 1, 1), code, Decimal(points), "细则完整、指标量化，执行记录齐全")
            for code, points in JUDGED.items()
        ]
        self._sign(entries, self._at(self.today - timedelta(days=20)), counted=True)

    def _points(self, member: Member, base: float, more: float) -> Decimal:
        points = base + more * member.seat.skill + self.random.gauss(0, 2) - more / 2
        return Decimal(str(round(min(points, 99.5), 1)))

    def _entry(self, code: str, first: date, whose: Member | str, points: Decimal, evidence: str) -> EnteredResult:
        member = whose if isinstance(whose, Member) else None
        unit_id = member.unit_id if member else self.organisation.units[str(whose)]
        by = self.users["G1001"] if code != "F13" or member is None else self._boss(member.seat.unit[:1])
        return EnteredResult(
            indicator=self.indicators[code], period_on=first, unit_id=unit_id, manager_id=member.id if member else None,
            numerator=points, denominator=Decimal(100), evidence=evidence, entered_by=by,
            entered_at=self.now - timedelta(days=3, hours=2),
        )  # fmt: skip

    def _sign(self, entries: list[EnteredResult], at: datetime, *, counted: bool = False) -> None:
        for entry in entries:
            entry.state, entry.signed_by, entry.signed_at = EntryState.SIGNED, self.users["D1001"], at
            entry.entered_at = at - timedelta(days=1)
        EnteredResult.unscoped.bulk_create(entries)
        if counted:
            return
        signed = [
            Signed(entry.indicator.code, entry.period_on, entry.unit_id, entry.manager_id, entry.numerator,
                   entry.denominator, entry.evidence)
            for entry in entries
        ]  # fmt: skip
        put_results(signed, by=None, now=self.now)

    # --- Reviews

    def _reviews(self) -> None:
        """ORG-26: everybody last year, the first units already this year."""
        year, rows = self.today.year, []
        for member in self.organisation.managers:
            rows.append(self._review(member, year - 1, self._at(date(year - 1, 12, 18))))
            if member.seat.unit[:1] in "AB" and member.seat.number[-1] in "12":
                rows.append(self._review(member, year, self.now - timedelta(days=9)))
        CompetencyReview.unscoped.bulk_create(rows)

    def _review(self, member: Member, year: int, at: datetime) -> CompetencyReview:
        levels = {name: min(5, max(1, round(self.random.gauss(1.2 + 3 * member.seat.skill, 0.7)))) for name in ITEMS}
        return CompetencyReview(
            staff_id=member.id, year=year, reviewed_by=self._boss(member.seat.unit[:1]), reviewed_at=at,
            remark=self.random.choice(REMARKS), **levels,
        )  # fmt: skip
