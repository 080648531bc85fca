"""The profile groups of one customer as REST clients read them (CUS-6, CUS-7, CUS-8): the private one only by name."""

from __future__ import annotations

from typing import Any

from accounts.models import ChannelProfile, Customer, PersonProfile, PrivateProfile
from accounts.queries.merges import not_there
from accounts.rules import CHANNEL_CHECKS, PERSON_FIELDS, PRIVATE_FIELDS
from crm.core.scope import Scope

Record = dict[str, Any]


def profile_record(scope: Scope, customer_id: int) -> Record:
    """Basic facts, preferences and licence; of the private group which fields are filled. 404 out of sight."""
    customer = Customer.visible_to(scope).filter(pk=customer_id).first()
    if customer is None:
        raise not_there(scope, customer_id)
    person = PersonProfile.unscoped.filter(customer=customer).first()
    channel = ChannelProfile.unscoped.filter(customer=customer).first()
    private = PrivateProfile.unscoped.filter(customer=customer).first()
    return {
        "customer": customer.pk,
        "version": customer.version,
        "person": person and {name: getattr(person, name) for name in PERSON_FIELDS},
        "channel": channel and {name: getattr(channel, name) for name in CHANNEL_CHECKS},
        "private": {
            "is_masked": True,
            "filled": [name for name in PRIVATE_FIELDS if getattr(private, name, None)],
            "values": None,
            "family": None,
            "jobs": None,
        },
    }
