"""Parameters of credit, dunning and guarantees (PLT-10); neutral until headquarters sets its own (G18)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define


def _days(key: str, default: int, label: str | Promise, source: str) -> None:
    define(
        key, int, default=default, group="credit", label=label, unit=_("days"), minimum=1, maximum=365, source=source
    )


def _money(key: str, default: int, label: str | Promise, source: str) -> None:
    define(
        key, int, default=default, group="credit", label=label, unit=_("CNY"), minimum=0, maximum=10_000_000,
        source=source,
    )  # fmt: skip


_days("dunning_call_days", 7, _("Days past the due day after which an unpaid bill is asked for by phone"), "SAL-23")
_days("dunning_visit_days", 15, _("Days past the due day after which an unpaid bill is asked for by visit"), "SAL-23")
_days("dunning_stop_days", 30, _("Days past the due day after which stopping the service is proposed"), "SAL-23")
_days("dunning_task_days", 5, _("Days in which each stage of dunning is to be done"), "ours")
_days("promise_days", 30, _("Longest time a customer may promise to pay in"), "ours")
_days("overuse_days", 90, _("Longest time for which overuse of credit is approved"), "SAL-24")
_days("papers_days", 30, _("Longest time in which the papers of a guarantee are handed in"), "SAL-25")
_money("credit_without_tier", 500, _("Credit limit of customers without a tier"), "SAL-24")
_money("guarantee_limit", 20_000, _("Most that a manager may vouch for at one time"), "SAL-25")
