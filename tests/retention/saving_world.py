"""Save cases for tests: a customer who asks to leave, offers, what becomes of them."""

from decimal import Decimal

from engagement.models import ServicePolicy
from retention.actions.saving import Wish, answer_offer, close_save_case, make_offer, open_save_case
from retention.models import SaveCase, SaveOffer
from tests.retention.alert_world import alert
from tests.visits.ledger_world import at

WISH = Wish("price", "联通给了更低的资费")


def case_of(cast, customer, on, *, by=None, wish=WISH):
    """An alert on a customer, and the save case opened on it."""
    row = alert(customer, on)
    return open_save_case(alert_id=row.pk, wish=wish, by=by or cast.manager, now=at(on, 10))


def offer(case, by, on, *, cost="100", text="送话费", hour=11):
    """Something in one's own words."""
    return make_offer(case_id=case.pk, text=text, cost=Decimal(cost), by=by, now=at(on, hour))


def answered(row, by, on, *, accepted=True):
    """What the customer said to it."""
    return answer_offer(offer_id=row.pk, accepted=accepted, by=by, now=at(on, 12))


def closed(case, by, on, *, retained=True, note="谈妥了", hour=15):
    """Retained or lost."""
    return close_save_case(case_id=case.pk, retained=retained, note=note, version=None, by=by, now=at(on, hour))


def policy(code="upper_care"):
    """One of the seeded policies."""
    return ServicePolicy.objects.get(code=code)


def case_now(case):
    """The case as it is now."""
    return SaveCase.unscoped.get(pk=case.pk)


def offer_now(row):
    """The offer as it is now."""
    return SaveOffer.unscoped.get(pk=row.pk)
