"""A simulated year: customers whose chance to leave is known, alerts with and without an offer, losses by chance.

The causes are planted in features the registry knows; whoever gets an offer leaves less often by a planted share. What
the product says of it afterwards – back-test, lift, saved rate, challenger – is held against this truth.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils import timezone

from accounts.models import Customer, Standing
from retention.models import Alert, ChurnRecord, RiskModel, RiskSnapshot
from retention.rules.points import PointTable, score_one

WINDOW, GAP = 90, 7
EFFECT = 0.5
"""An offer halves the chance to leave."""


@dataclass
class Truth:
    """What really was: per snapshot the chance, and who was lost."""

    chances: list[float]
    lost: list[bool]
    control: tuple[int, int] = (0, 0)
    treated: tuple[int, int] = (0, 0)


def chance_of(values):
    """The planted causes: usage that falls, an open complaint, an agreement at its end; noise causes nothing."""
    odds = -3.4 + 3.2 * values["usage_drop"] + 1.3 * values["complaint_open"] - 0.012 * values["tenure"]
    odds += 1.1 * (values["agreement_end"] < 31)
    return 1 / (1 + np.exp(-odds))


def live(customers, last, *, months=4, seed=7, control=0.5):
    """Snapshots on the 1st of so many months, each of other customers; those most at risk get an alert."""
    random = np.random.default_rng(seed)
    model = RiskModel.objects.get(state="in_force")
    table = PointTable.from_json(model.table)
    truth = Truth([], [])
    arms = {True: [0, 0], False: [0, 0]}
    parts = np.array_split(np.arange(len(customers)), months)
    for back, part in zip(range(months), parts, strict=True):
        taken_on = first_of(last, back)
        told = [draw(random) for _each in part]
        chances = np.array([chance_of(values) for values in told])
        scores = [score_one(values, table) for values in told]
        flagged = np.argsort([-score.points for score in scores], kind="stable")[: len(part) // 4]
        for place, row in enumerate(part):
            chance, is_flagged = float(chances[place]), place in set(flagged)
            is_control = is_flagged and random.random() < control
            real = chance * (1 - EFFECT) if is_flagged and not is_control else chance
            gone = bool(random.random() < real)
            truth.chances.append(real)
            truth.lost.append(gone)
            if is_flagged:
                arms[is_control][0] += 1
                arms[is_control][1] += gone
            write(customers[row], model, taken_on, told[place], scores[place], gone, is_flagged, is_control, random)
    truth.control, truth.treated = tuple(arms[True]), tuple(arms[False])
    return truth


def first_of(last, back):
    """The 1st of a month so many months before."""
    month = last.year * 12 + last.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


def draw(random):
    """What is known of a customer on a day."""
    return {
        "usage_drop": float(max(random.normal(0.1, 0.25), 0).__round__(3)),
        "complaint_open": float(random.random() < 0.12),
        "tenure": float(random.integers(1, 120)),
        "agreement_end": float(random.integers(-60, 400)),
        "contact_overdue": float(random.random().__round__(2)),
    }


def write(customer, model, taken_on, values, score, gone, is_flagged, is_control, random):
    """One snapshot, its alert and its loss, as the product would have written them."""
    RiskSnapshot.unscoped.create(
        customer=customer, taken_on=taken_on, model=model, points=score.points, probability=score.probability,
        features=values,
    )  # fmt: skip
    opened = timezone.make_aware(datetime.combine(taken_on + timedelta(days=GAP), time(3)))
    if is_flagged:
        Alert.unscoped.create(
            customer=customer, trigger="capacity", level="orange", model=model, points=score.points,
            probability=score.probability, is_control=is_control, opened_at=opened, due_at=opened, state="cleared",
            outcome="subsided", closed_at=opened,
        )  # fmt: skip
    if gone:
        day = taken_on + timedelta(days=GAP + 1 + int(random.integers(0, WINDOW - 2)))
        ChurnRecord.unscoped.create(
            customer=customer, lost_on=day, customer_kind=customer.kind, unit_id=customer.unit_id, recorded_at=opened
        )


def crowd(like, number):
    """So many customers like one, each with a standing below the two highest tiers."""
    rows = Customer.unscoped.bulk_create(
        Customer(
            number=f"Y{place:06d}", name=f"模拟客户{place}", kind="vip", unit_id=like.unit_id, state="active",
            manager_id=like.manager_id, tier_id=like.tier_id, joined_on=like.joined_on, created_at=like.created_at,
            updated_at=like.updated_at,
        )
        for place in range(number)
    )  # fmt: skip
    known = Standing.unscoped.filter(customer=like).first()
    fields = [field.attname for field in Standing._meta.concrete_fields if field.attname not in ("customer_id",)]
    values = {name: getattr(known, name) for name in fields} | {"tier_rank": 3}
    Standing.unscoped.bulk_create(Standing(customer_id=row.pk, **values) for row in rows)
    return rows
