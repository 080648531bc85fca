"""Puts the demo operator together, in one transaction: a demo that was interrupted leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from django.utils import timezone

from accounts.models import Customer, Staff, Unit
from accounts.rules import add_months
from crm.core import working_days
from crm.core.db import write
from crm.demo.absences import build_absences
from crm.demo.agreements import Agreements
from crm.demo.arrears import Arrears
from crm.demo.billing import Billing
from crm.demo.bulk import know_sizes
from crm.demo.cards import Cards
from crm.demo.churn import Churn
from crm.demo.contacts import DemoVisit, Diary
from crm.demo.day_work import write_day_work
from crm.demo.deeds import Lately
from crm.demo.desk import open_desk
from crm.demo.feedback import Feedback
from crm.demo.figures import count_figures
from crm.demo.history import live_through
from crm.demo.journal import write_promises, write_remarks, write_voices
from crm.demo.lines import Lines
from crm.demo.logins import DEMO_PASSWORD
from crm.demo.matters import pass_matters_on
from crm.demo.names import Namer
from crm.demo.organisation import Organisation, build_organisation
from crm.demo.papers import Papers
from crm.demo.plans import write_plans
from crm.demo.policies import Policies
from crm.demo.portfolio import DemoCustomer, build_portfolio
from crm.demo.profiles import build_profiles
from crm.demo.risk import Risk
from crm.demo.sales import Sales
from crm.demo.saving import Saving
from crm.demo.truth import Truth
from visits.queries.catalogue import catalogue, forget

SEED = 20260801
MONTHS = 14

Say = Callable[[str], None]


@dataclass(frozen=True)
class Demo:
    """What was made."""

    organisation: Organisation
    customers: list[DemoCustomer]
    visits: list[DemoVisit]
    live_from: date


def is_empty() -> bool:
    """Whether nobody has put anything in yet."""
    return not (Unit.unscoped.exists() or Staff.unscoped.exists() or Customer.unscoped.exists())


def build(*, now: datetime, seed: int = SEED, say: Say = lambda _text: None) -> Demo | None:
    """Make the demo operator; None when the installation holds data already."""
    if not is_empty():
        return None
    with write(label="system:demo"):
        demo = _rows(Random(seed), now=now, say=say)  # noqa: S311 - a demo, not a secret
    return demo


def _rows(random: Random, *, now: datetime, say: Say) -> Demo:
    today = timezone.localdate(now)
    live_from = add_months(today.replace(day=1), -MONTHS)
    namer = Namer(random)
    forget()
    known, calendar = catalogue(), working_days.calendar_for(live_from.year, today.year)
    organisation = build_organisation(random, live_from=live_from, today=today, now=now, password=DEMO_PASSWORD)
    customers = build_portfolio(random, namer, organisation, live_from=live_from, today=today, now=now)
    build_profiles(random, namer, organisation, customers, today=today, now=now)
    say(f"{len(customers)} customers of {len(organisation.managers)} managers")
    absences = build_absences(random, organisation, calendar, live_from=live_from, today=today, now=now)
    diary = Diary(random, calendar, known, absences.substitutes, live_from, now)
    visits = diary.all(customers)
    live_through(customers, visits, known, live_from=live_from, now=now)
    write_voices(random, visits)
    write_remarks(random, visits, organisation, now=now)
    write_promises(visits, now=now)
    write_plans(today=today, now=now)
    say(f"{len(visits)} visits")
    unreachable = [customer.id for customer in customers if customer.is_unreachable]
    Lately(random, organisation, unreachable, now).live()
    Truth(random, organisation, now).live()
    write_day_work(Random(random.random()), organisation, now=now)  # noqa: S311 - a demo, not a secret
    pass_matters_on(now=now)
    open_desk(Random(random.random()), organisation, live_from=live_from, now=now)  # noqa: S311 - as above
    Feedback(now).live()
    Sales(Random(random.random()), organisation, customers, now).live(live_from=live_from)  # noqa: S311 - as above
    Lines(customers, now).live()
    Billing(customers, now).live()
    Arrears(organisation, customers, now).live()
    Agreements(organisation, customers, now).live()
    Policies(customers, now).live()
    know_sizes()
    Churn(Random(random.random()), namer, organisation, now).live()  # noqa: S311 - as above
    risk = Risk(customers, now)
    risk.live()
    Saving(Random(SEED), organisation, now).live()  # noqa: S311 - as above
    risk.tonight()
    Cards(Random(random.random()), organisation, now).live()  # noqa: S311 - as above
    Papers(now).live()
    know_sizes()
    count_figures(now=now)
    return Demo(organisation, customers, visits, live_from)
