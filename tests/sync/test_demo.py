"""The demo operator (issue 2, section 7; decisions 31): the same from the same seed, and alive on any day."""

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.choices import CustomerKind, Grade, Line, Role, UnitType
from accounts.models import (
    Assignment,
    ContactPerson,
    Cover,
    Customer,
    GroupMember,
    Leave,
    PersonProfile,
    Post,
    PrivateProfile,
    Staff,
    Standing,
    Task,
    TierProposal,
    Unit,
)
from accounts.rules import check_customer, check_person, check_private
from accounts.sweeps import rebuild_portfolio
from complaints.models import Instruction, Irregularity, QualityFeedback, VoiceFeedback
from crm.core.models import User
from crm.core.working_days import seed
from crm.demo import demo_logins
from crm.demo.build import build
from crm.demo.churn import WON
from crm.demo.logins import DEMO_PASSWORD
from crm.demo.portfolio import PORTFOLIO, TOTAL
from retention.models import Alert, AlertStep, ModelReview
from visits.models import CustomerVoice, DialTap, Duty, Excuse, Remark, Visit
from visits.queries.ring import ring
from visits.sweeps import rebuild_standings

pytestmark = pytest.mark.django_db
MONDAY = timezone.make_aware(datetime(2026, 11, 16, 15, 20))
TODAY = MONDAY.date()
CUSTOMER_FIELDS = (
    "name", "phone", "district", "business_address", "credit_code", "industry", "market_band", "monthly_spend",
    "joined_on", "preferred_channel", "preferred_time", "no_marketing", "sim_kind", "service_notes",
)  # fmt: skip


@pytest.fixture(scope="module", params=[3, pytest.param(1, marks=pytest.mark.slow)], ids=["a third", "whole"])
def share(request):
    """How much of the operator: the quick tests look at a third of its customers, the long proofs at all of them."""
    return request.param


@pytest.fixture(scope="module")
def demo(share, django_db_setup, django_db_blocker):
    """One demo for all tests that only read, taken back at the end."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        rows = {line: tuple((kind, count // share) for kind, count in kinds) for line, kinds in PORTFOLIO.items()}
        patch.setattr("crm.demo.portfolio.PORTFOLIO", rows)
        patch.setattr("crm.demo.portfolio.TOTAL", TOTAL // share)
        seed()
        made = build(now=MONDAY)
        connection.check_constraints()  # once here, not after every test
        yield made
        transaction.set_rollback(True)


def test_it_is_the_operator_of_the_issue(demo, share):
    """1 city company, departments of ORG-11, 6 branches, 30 managers in all lines and grades, 6,000 customers."""
    kinds = Counter(Unit.unscoped.values_list("type", flat=True))
    assert (kinds[UnitType.CITY], kinds[UnitType.BRANCH], kinds[UnitType.HALL]) == (1, 6, 6)
    assert {UnitType.GROUP_DEPARTMENT, UnitType.BUSINESS_SUPPORT, UnitType.SERVICE_CENTRE} <= set(kinds)
    managers = Staff.unscoped.filter(posts__role=Role.MANAGER)
    assert managers.count() == 30
    assert set(managers.values_list("line", flat=True)) == set(Line.values)
    assert set(managers.values_list("grade", flat=True)) == set(Grade.values)
    assert Customer.unscoped.count() == 6000 // share + WON  # the last ones were won in the last weeks (RET-18)
    assert set(Customer.unscoped.values_list("kind", flat=True)) == set(CustomerKind.values)
    assert Staff.unscoped.filter(posts__role=Role.SUPERVISOR).count() == 6
    assert Visit.unscoped.count() > 30_000 // share
    assert 400 < (TODAY - Visit.unscoped.earliest("occurred_at").occurred_on).days < 460


def test_every_role_of_the_matrix_can_sign_in(demo):
    """Decisions 31: one login per role of requirements 3.3; the password is hashed once."""
    names = {login.username for login in demo_logins()}
    assert set(Post.unscoped.filter(staff__number__in=names).values_list("role", flat=True)) == set(Role.values)
    for user in User.objects.filter(username__in=names):
        assert user.check_password(DEMO_PASSWORD) and user.access.roles
    assert len(set(User.objects.filter(is_service=False).values_list("password", flat=True))) == 1


def test_nobody_in_it_exists(demo):
    """Numbers begin with prefixes no operator was given; the area code does not exist."""
    phones = [
        *Customer.unscoped.values_list("phone", flat=True),
        *ContactPerson.unscoped.values_list("phone", flat=True),
        *GroupMember.unscoped.values_list("msisdn", flat=True),
        *Staff.unscoped.values_list("phone", flat=True),
    ]
    assert all(re.match(r"^(154|164)\d{8}$|^0300-\d{8}$", phone) for phone in phones)


def test_every_record_follows_the_rules_of_the_form(demo):
    """Decisions 36: what the demo writes past the actions is what the actions would take."""
    for customer in Customer.unscoped.order_by("pk")[::20]:
        fields = {name: getattr(customer, name) for name in CUSTOMER_FIELDS}
        clean, problems = check_customer(fields, partial=False, today=TODAY, kind=customer.kind)
        assert (clean, problems) == (fields, [])
    for person in PersonProfile.unscoped.order_by("pk")[::30]:
        values = {name: getattr(person, name) for name in ("sex", "birthday", "personality", "sports")}
        assert check_person(values, today=TODAY).problems == []
    for private in PrivateProfile.unscoped.order_by("pk")[::5]:
        values = {"id_number": private.id_number, "home_address": private.home_address}
        assert private.consent_on and check_private(values, today=TODAY).problems == []


def test_neglect_is_believable(demo):
    """Most is done, something is not: every finished month between 75 and 97 per cent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date_trunc('month', due_on), count(*) FILTER (WHERE state = 'met')::float / count(*)"
            " FROM visits_duty WHERE purpose = 'contact' AND state IN ('met', 'missed', 'provisional')"
            " AND due_on < %s GROUP BY 1",
            [TODAY.replace(day=1)],
        )
        months = cursor.fetchall()
    assert len(months) >= 13
    assert all(0.75 < share < 0.97 for __, share in months)
    assert Standing.unscoped.filter(is_overdue=True).values("manager_id").distinct().count() >= 25


def test_the_lists_agree_with_the_ledger(demo):
    """Decisions 22: rebuilding the standings finds nothing to mend."""
    assert rebuild_standings(today=TODAY, now=MONDAY)["differences"] == 0
    assert rebuild_portfolio(today=TODAY, now=MONDAY)["differences"] == 0
    held = Customer.unscoped.exclude(manager=None).count()
    assert Assignment.unscoped.filter(valid_to=None).count() == held


def test_the_first_managers_day_is_full(demo):
    """Today looks alive: met and owed, overdue, promises, dialled and not logged, birthdays soon."""
    me = Staff.unscoped.get(number="M1001")
    mine = ring([me.pk], TODAY)
    assert 5 < mine.met < mine.owed
    assert mine.overdue > 3
    tasks = Task.unscoped.filter(staff=me, state="open")
    assert {task.kind for task in tasks} >= {"follow_up", "call_back", "assigned"}
    assert tasks.filter(due_on=TODAY).exists() and tasks.filter(due_on__lt=TODAY).exists()
    assert DialTap.unscoped.filter(staff=me, visit=None).count() == 2
    assert Visit.unscoped.filter(staff=me, occurred_on=TODAY).count() == 3
    soon = {(TODAY + timedelta(days=days)).strftime("%m%d") for days in range(6)}
    born = PersonProfile.unscoped.filter(customer__manager=me).exclude(birthday=None)
    assert soon & {day.strftime("%m%d") for day in born.values_list("birthday", flat=True)}


def test_the_supervisor_has_something_to_decide(demo):
    team = Staff.unscoped.filter(supervisor__number="S1001").values("id")
    waiting = Excuse.unscoped.filter(state="requested", duty__manager__in=team)
    assert {excuse.kind for excuse in waiting} == {"unreachable", "no_contact"}
    assert Excuse.unscoped.filter(state__in=("granted", "refused")).count() >= 2
    assert TierProposal.unscoped.filter(state="open", customer__manager__in=team).count() >= 2
    assert Remark.unscoped.exists()
    assert Cover.unscoped.filter(starts_on__lte=TODAY, ends_on__gte=TODAY).exists()
    assert Leave.unscoped.filter(starts_on__gt=TODAY).exists()
    assert Duty.unscoped.filter(is_introduction=True, state="open").exists()


def test_feedback_is_on_its_way(demo):
    """CMP-25…35: forms, instructions, opinions and reports stand at different places of their way."""
    states = set(QualityFeedback.unscoped.values_list("state", flat=True))
    assert {"closed", "submitted", "reported"} <= states
    assert {"closed", "forwarded", "reported"} == set(Irregularity.unscoped.values_list("state", flat=True))
    assert Instruction.unscoped.filter(fed_back_at=None).exists()
    assert VoiceFeedback.unscoped.count() > 100
    assert CustomerVoice.unscoped.filter(kind="criticism").exists()


def test_every_alert_is_told_in_its_order(demo):
    """RET-6: nothing was done about an alert before it opened; headquarters look back under the model in force."""
    assert Alert.unscoped.filter(closed_at=None).exists()
    assert not AlertStep.unscoped.filter(at__lt=F("alert__opened_at")).exists()
    assert ModelReview.objects.filter(made_on=TODAY, model__state="in_force").exists()


def test_a_second_demo_changes_nothing(demo):
    assert build(now=MONDAY) is None
