"""SEC-24: the doer never approves his own request; one line per workflow, asked over HTTP.

The manager gets a supervisor's post besides: he sees everything of his unit and may decide, only not about himself.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Post, PrivateGrant
from tests.guards.callers import undone

pytestmark = pytest.mark.django_db

# Route, whose row, what is sent. Rows of the manager's own; "director" stands for his own staff row or post.
OWN = [
    ("workbench:decide_excuse", "manager", "excuse", {"grant": "yes"}),
    ("visits:excuse_decide", "manager", "excuse", {"grant": "yes"}),
    ("workbench:decide_tier", "manager", "proposal", {"grant": "yes"}),
    ("sales:change_detail", "manager", "credit_change", {"deed": "approve"}),
    ("sales:guarantee_detail", "manager", "guarantee", {"deed": "approve"}),
    ("visits:visit_remark", "manager", "visit", {"text": "很好"}),
    ("workbench:urge", "manager", "manager", {"text": "请跟进"}),
    ("accounts:private_grant", "manager", "manager", {"reason": "自己"}),
    ("accounts:post_new", "director", "director", {"role": "supervisor"}),
    ("accounts:post_end", "director", "director_post", {}),
    ("accounts:staff_deactivate", "director", "director", {}),
]


@pytest.fixture
def two_hats(world):
    """The manager is his unit's supervisor too; the director has a staff row and a post like everybody."""
    with undone():
        rows, director = world.rows["a"], world.cast.staff["director"]
        Post.unscoped.create(staff=rows["manager"], role="supervisor", unit=rows["unit"])
        PrivateGrant.unscoped.filter(staff=rows["manager"]).delete()
        yield rows | {"director": director, "director_post": Post.unscoped.get(staff=director)}


@pytest.mark.parametrize(("route", "who", "row", "body"), OWN, ids=[line[0] for line in OWN])
def test_nobody_decides_about_himself(two_hats, callers, route, who, row, body):
    """SEC-24: 403, and the refusal is the only thing written."""
    body = body | ({"unit_id": two_hats["unit"].pk} if route == "accounts:post_new" else {})
    answer = callers.ask(who, "POST", reverse(route, args=[two_hats[row].pk]), body)
    assert (answer.status, answer.business) == (403, {"core_accesslog": (1, 0)})


@pytest.mark.parametrize("route", ["workbench:decide_excuse", "workbench:decide_tier", "visits:visit_remark"])
def test_somebody_else_of_the_unit_does(two_hats, callers, route):
    """SEC-24: it is the person that is refused, not the request."""
    row, body = next((line[2], line[3]) for line in OWN if line[0] == route)
    answer = callers.ask("supervisor", "POST", reverse(route, args=[two_hats[row].pk]), body)
    assert answer.status == 302
