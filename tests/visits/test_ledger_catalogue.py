"""The catalogue of a fresh installation: channels, outcomes, occasions and what counts."""

import pytest

from visits.choices import Direction, Party
from visits.models import Channel, CountingRule, Occasion, Outcome
from visits.seed import counting_cells, seed_catalogue

pytestmark = pytest.mark.django_db


def counting(channel, party, outcome="effective", is_bulk=False):
    return set(
        CountingRule.objects.filter(
            channel__code=channel, party=party, outcome__code=outcome, is_bulk=is_bulk, counts=True
        ).values_list("direction", flat=True)
    )


def test_the_channels_of_the_log_sheet():
    """CON-5, CON-6: SMS, MMS, phone, visit, reception, letter, e-mail, symposium, activity; F2F are four of them."""
    channels = {row.code: row for row in Channel.objects.all()}
    assert {
        "sms",
        "mms",
        "phone",
        "on_site",
        "reception",
        "letter",
        "email",
        "symposium",
        "activity",
    } <= channels.keys()
    face = {code for code, row in channels.items() if row.is_face_to_face}
    assert face == {"on_site", "reception", "symposium", "activity"}
    assert [code for code, row in channels.items() if row.is_on_site] == ["on_site"]
    assert {row.slots for row in channels.values() if not row.is_on_site} == {1}
    assert channels["on_site"].slots == 2


def test_the_outcomes_and_which_of_them_is_effective():
    """CON-8, decisions 10: outcomes are rows and include "only a message left"."""
    rows = {row.code: row.is_effective for row in Outcome.objects.all()}
    assert [code for code, effective in rows.items() if effective] == ["effective"]
    assert {"no_answer", "refused", "dissatisfied", "message_left"} < rows.keys()
    assert set(Outcome.objects.filter(is_failed_attempt=True).values_list("code", flat=True)) == {
        "no_answer", "message_left",
    }  # fmt: skip


def test_the_occasions_with_their_class_and_category():
    """CON-9, ORG-8, CON-38: every occasion makes the computed fields."""
    codes = set(Occasion.objects.values_list("code", flat=True))
    assert {
        "sim",
        "marketing",
        "promotion",
        "guaranteed",
        "reward",
        "enquiry",
        "care",
        "complaint",
        "retention",
        "other",
    } <= codes
    assert set(Occasion.objects.values_list("work_class", flat=True)) == {"development", "maintenance", "sales"}
    assert set(Occasion.objects.values_list("category", flat=True)) == {"enquiry", "handling", "need", "reward", "care"}


def test_what_counts_in_a_fresh_installation():
    """Decisions 7: manager of record, his cover, or in his presence; symposium and activity whoever hosts."""
    both = {Direction.OUTBOUND.value, Direction.INBOUND.value}
    for party in (Party.RECORD, Party.COVER, Party.PRESENCE):
        assert counting("phone", party) == both
    assert counting("reception", Party.OTHER) == set()  # a hall visit does not
    assert counting("phone", Party.OTHER) == set()
    assert counting("symposium", Party.OTHER) == both
    assert counting("activity", Party.OTHER) == both
    assert counting("phone", Party.RECORD, outcome="no_answer") == set()
    assert counting("sms", Party.RECORD) == both  # D7: an individual SMS does
    assert counting("sms", Party.RECORD, is_bulk=True) == set()


def test_seeding_again_changes_nothing_and_leaves_what_people_changed():
    """PLT-10: reference rows are data."""
    Channel.objects.filter(code="letter").update(label_zh="书信", is_active=False)
    before = (Channel.objects.count(), CountingRule.objects.count())
    seed_catalogue(Channel, Outcome, Occasion, CountingRule)
    assert (Channel.objects.count(), CountingRule.objects.count()) == before
    assert Channel.objects.get(code="letter").label_zh == "书信"
    assert before[1] == len(counting_cells())
