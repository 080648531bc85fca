"""The sentences of `kpi.rules.sentences` in words, with the noun of what an indicator counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpi.rules.sentences import Saying, Sentence
from kpi.value_words import managers_words, plain_number, short_number, units_words

Noun = Callable[[int], str]


def _customers(number: int) -> str:
    return ngettext("%(n)s customer", "%(n)s customers", number)


def _visits(number: int) -> str:
    return ngettext("%(n)s visit", "%(n)s visits", number)


def _calls(number: int) -> str:
    return ngettext("%(n)s phone call", "%(n)s phone calls", number)


def _plans(number: int) -> str:
    return ngettext("%(n)s plan", "%(n)s plans", number)


def _logs(number: int) -> str:
    return ngettext("%(n)s work log", "%(n)s work logs", number)


def _reports(number: int) -> str:
    return ngettext("%(n)s report", "%(n)s reports", number)


def _tasks(number: int) -> str:
    return ngettext("%(n)s task", "%(n)s tasks", number)


def _cases(number: int) -> str:
    return ngettext("%(n)s case", "%(n)s cases", number)


def _complaints(number: int) -> str:
    return ngettext("%(n)s complaint", "%(n)s complaints", number)


def _fields(number: int) -> str:
    return ngettext("%(n)s field", "%(n)s fields", number)


def _records(number: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", number)


def _pieces(number: int) -> str:
    return ngettext("%(n)s piece", "%(n)s pieces", number)


def _money(number: int) -> str:
    return _("%(n)s yuan")


NOUNS: dict[str, Noun] = {
    "contact_diamond_gold": _customers,
    "contact_silver": _customers,
    "face_to_face": _customers,
    "churn_vip": _customers,
    "churn_diamond_gold": _customers,
    "churn_groups_ported": _customers,
    "churn_groups_left": _customers,
    "net_customers": _customers,
    "warnings_handled": _customers,
    "save_attempted": _customers,
    "save_succeeded": _customers,
    "churn_analysed": _customers,
    "quality_customers": _customers,
    "policy_coverage": _customers,
    "profile_complete": _fields,
    "revenue_of_top_fifth": _money,
    "calls_24h": _calls,
    "calls_within_limit": _calls,
    "visits_signed": _visits,
    "special_visits_in_time": _visits,
    "plan_items_done": _visits,
    "outings_registered": _visits,
    "plans_on_time": _plans,
    "logs_kept": _logs,
    "work_reviewed": _records,
    "records_confirmed": _records,
    "key_change_delay": _records,
    "monthly_reports_on_time": _reports,
    "reports_on_time": _reports,
    "reports_accurate": _reports,
    "churn_report_on_time": _reports,
    "churn_report_accurate": _reports,
    "assigned_tasks_done": _tasks,
    "complaints_justified": _complaints,
    "complaints_per_hundred": _complaints,
    "complaints_in_time": _complaints,
    "complaints_satisfied": _complaints,
    "response_time": _cases,
}
"""Measure → what its rows are called; others are told in pieces."""


def counted(number: Decimal, measure: str) -> str:
    """So many of what the indicator counts: 「31 位客户」."""
    return NOUNS.get(measure, _pieces)(int(abs(number))) % {"n": short_number(number)}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the sentence, and which of the rows it counts ("": it counts none)."""

    text: str
    only: str = ""


def clauses(sentence: Sentence, measure: str, *, by_unit: bool = False) -> list[Clause]:
    """The parts of the sentence in the language of the moment; `by_unit`: the owners are units, not managers."""
    return _CLAUSES[sentence.saying](sentence, measure, by_unit)


def joined(parts: Sequence[str]) -> SafeString:
    """Clauses with the commas and the full stop of the language; what is no markup yet is escaped."""
    text: str = conditional_escape(parts[0])
    for part in parts[1:]:
        text = _("%(first)s, %(second)s") % {"first": text, "second": conditional_escape(part)}
    return mark_safe(_("%(text)s.") % {"text": text})  # noqa: S308 - every part was escaped above


def sentence_words(sentence: Sentence, measure: str, *, by_unit: bool = False) -> str:
    """The whole sentence as text."""
    return str(joined([clause.text for clause in clauses(sentence, measure, by_unit=by_unit)]))


def _nothing(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    return [Clause(_("Nothing to count in this period"))]


def _all_met(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    return [Clause(_("All done"), "met"), Clause(counted(sentence.count, measure), "all")]


def _beyond(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    return [Clause(_("%(what)s beyond what was asked") % {"what": counted(sentence.count, measure)}, "all")]


def _missing(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    """「gold contact 92 %: 31 customers of 4 managers missing, 5 can still be mended」."""
    what = counted(sentence.count, measure)
    if sentence.owners > 1:
        who = units_words(sentence.owners) if by_unit else managers_words(sentence.owners)
        found = [Clause(_("%(what)s of %(who)s missing") % {"what": what, "who": who}, "missing")]
    else:
        found = [Clause(_("%(what)s missing") % {"what": what}, "missing")]
    if sentence.mendable and sentence.mendable >= sentence.count:
        found.append(Clause(_("all can still be mended"), "mendable"))
    elif sentence.mendable:
        found.append(Clause(_("%(n)d can still be mended") % {"n": sentence.mendable}, "mendable"))
    if sentence.is_out_of_reach:
        found.append(Clause(_("the target is out of reach")))
    elif sentence.mendable and 0 < sentence.needed < sentence.count:
        found.append(Clause(_("%(n)d make the target") % {"n": sentence.needed}))
    return found


def _lost(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    text = _("%(what)s lost of %(of)s") % {
        "what": counted(sentence.count, measure),
        "of": short_number(sentence.of),
    }
    return [Clause(text, "met"), *_room(sentence, measure)]


def _none(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    return [Clause(_("None so far")), *_room(sentence, measure)]


CHURN = frozenset({"churn_vip", "churn_diamond_gold", "churn_groups_ported", "churn_groups_left"})


def _room(sentence: Sentence, measure: str) -> list[Clause]:
    """How many more the target allows; of customers: how many losses are left (离网余量)."""
    if sentence.room is None:
        return []
    if sentence.room < 0:
        return [Clause(_("%(n)d more than the target allows") % {"n": -sentence.room})]
    if sentence.room == 0:
        return [Clause(_("the target allows none more"))] if sentence.count else []
    pattern = _("%(n)d losses left") if measure in CHURN else _("the target allows %(n)d more")
    return [Clause(pattern % {"n": sentence.room})]


def _counted(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    return [Clause(counted(sentence.count, measure), "all"), *_room(sentence, measure)]


def _gained(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    what = counted(abs(sentence.count), measure)
    if measure != "net_customers":
        return [Clause(what, "all")]
    if not sentence.count:
        return [Clause(_("As many as before"), "all")]
    pattern = _("%(what)s more than before") if sentence.count > 0 else _("%(what)s fewer than before")
    return [Clause(pattern % {"what": what}, "all")]


def _mean(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    return [Clause(_("On average over %(what)s") % {"what": counted(sentence.of, measure)}, "all")]


def _rate(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    of = _customers(int(sentence.of)) % {"n": short_number(sentence.of)}
    return [Clause(_("%(what)s among %(of)s") % {"what": counted(sentence.count, measure), "of": of}, "met")]


def _score(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    results = int(sentence.of / 100)
    if results > 1:
        return [Clause(_("On average over %(n)d results") % {"n": results}, "all")]
    points = {"points": plain_number(sentence.count, 1), "of": short_number(sentence.of)}
    return [Clause(_("%(points)s of %(of)s points") % points, "all")]


def _share(sentence: Sentence, measure: str, by_unit: bool) -> list[Clause]:
    part = {"part": short_number(sentence.count), "what": counted(sentence.of, measure)}
    return [Clause(_("%(part)s of %(what)s") % part, "all")]


_CLAUSES: dict[Saying, Callable[[Sentence, str, bool], list[Clause]]] = {
    Saying.NOTHING: _nothing,
    Saying.ALL_MET: _all_met,
    Saying.BEYOND: _beyond,
    Saying.MISSING: _missing,
    Saying.LOST: _lost,
    Saying.NONE_OF_THEM: _none,
    Saying.COUNTED: _counted,
    Saying.GAINED: _gained,
    Saying.MEAN: _mean,
    Saying.RATE: _rate,
    Saying.SCORE: _score,
    Saying.SHARE: _share,
}
