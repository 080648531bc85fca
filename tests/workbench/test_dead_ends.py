"""No link of a page leads its reader to a refusal (screens: no dead end)."""

import re

import pytest
from django.utils import timezone

from accounts.models import TierProposal
from tests.workbench.world import owe_today
from visits.models import Excuse

pytestmark = pytest.mark.django_db
PEOPLE = ("manager", "supervisor", "director", "auditor", "market_manager", "handler", "group_department")
LINK = re.compile(r'(?:href|formaction|hx-get)="(/[^"#]*)"')


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("customer", ["gold", "teammates", "ordinary"])
def test_no_link_of_home_and_customer_page_is_refused(cast, as_user, who, customer):
    """PLT-7: what somebody may not do is not offered to him."""
    duty = owe_today(cast.customers["gold"])
    Excuse.unscoped.create(
        duty=duty, kind="no_contact", text="不便", requested_by=cast.manager, requested_at=timezone.now()
    )
    TierProposal.unscoped.create(
        customer=cast.customers["gold"], to_tier=cast.customers["diamond"].tier, source="criteria", reason="消费下降",
        proposed_at=timezone.now(),
    )  # fmt: skip
    client = as_user(getattr(cast, who))
    pages = [client.get("/", follow=True), client.get(f"/customers/{cast.customers[customer].pk}/", follow=True)]
    links = {link.replace("&amp;", "&") for page in pages for link in LINK.findall(page.content.decode())}
    refused = [link for link in sorted(links) if "static" not in link and client.get(link).status_code == 403]
    assert refused == []
