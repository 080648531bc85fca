"""What the rows of a file do to customers (PLT-4, CUS-10, decisions 36 and 37)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import (
    Assignment,
    Customer,
    ExternalId,
    PersonProfile,
    Standing,
    TierHistory,
    TierProposal,
)
from crm.core.abilities import Access
from crm.core.errors import Conflict, Invalid, NotAllowed
from crm.core.models import Change, User
from crm.core.scope import Scope
from sync.imports.load import LOCK_SPACE
from sync.imports.problems import MappingRefused
from tests.sync.files import BASIC, HEADER, load, table
from visits.models import Duty

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 18, 10))


def one(external_id="B1"):
    return Customer.unscoped.get(external_ids__source="billing", external_ids__external_id=external_id)


def rows(*more, header=HEADER):
    return table(header, more)


FIRST = ["B1", "周瑜", "13900008888", "gold", "M1001"]


def test_a_new_customer_comes_with_everything_that_belongs_to_him(cast):
    """CUS-10: external id, assignment, tier history, standing, search columns, change log."""
    outcome, problems = load(rows(FIRST), now=NOW)
    assert (outcome.created, outcome.failed, problems) == (1, 0, [])
    customer = one()
    assert (customer.kind, customer.state, customer.unit.code) == ("vip", "active", "A")
    assert customer.number.startswith("K") and (customer.pinyin, customer.initials) == ("zhouyu", "zy")
    assert Assignment.unscoped.get(customer=customer, valid_to=None).staff == cast.staff["manager"]
    assert TierHistory.unscoped.get(customer=customer, valid_to=None).tier.code == "gold"
    standing = Standing.unscoped.get(customer=customer)
    assert (standing.manager_id, standing.tier_rank) == (cast.staff["manager"].pk, 2)
    logged = Change.objects.get(tbl="accounts_customer", row_id=customer.pk, op="I")
    assert (logged.actor_label, logged.after["name"]) == ("system:import", "周瑜")


def test_a_new_active_customer_with_a_tier_is_owed_contact_at_once(cast):
    """CON-1: the ledger opens the duty of a small file in the same transaction."""
    load(rows(FIRST), now=NOW)
    assert Duty.unscoped.filter(customer=one(), state="open", purpose="contact").count() == 1


def test_the_same_file_again_changes_nothing(cast):
    """PLT-4: a re-import adds 0; unchanged rows write nothing."""
    load(rows(FIRST), now=NOW)
    before, seen = one().version, Change.objects.count()
    outcome, __ = load(rows(FIRST), now=NOW + timedelta(days=1))
    assert (outcome.unchanged, outcome.created, outcome.updated) == (1, 0, 0)
    assert (one().version, Change.objects.count()) == (before, seen)


def test_a_changed_cell_changes_that_field_only(cast):
    """CUS-10: upsert by external id."""
    load(rows(FIRST), now=NOW)
    outcome, __ = load(rows(["B1", "周瑜", "13900009999", "gold", "M1001"]), now=NOW)
    customer = one()
    assert (outcome.updated, customer.phone, customer.version) == (1, "13900009999", 2)
    change = Change.objects.filter(tbl="accounts_customer", row_id=customer.pk, op="U").latest("seq")
    assert change.after == {"phone": "13900009999"}


def test_a_changed_name_is_found_by_its_new_pinyin(cast):
    load(rows(FIRST), now=NOW)
    load(rows(["B1", "诸葛亮", "13900008888", "gold", "M1001"]), now=NOW)
    assert one().initials == "zgl"


def test_an_empty_cell_keeps_and_backslash_n_clears(cast):
    """sync-api, Files: an empty cell keeps, \\N clears."""
    load(rows(FIRST), now=NOW)
    load(rows(["B1", "", "", "", ""]), now=NOW)
    assert (one().phone, one().tier.code) == ("13900008888", "gold")
    outcome, problems = load(rows(["B1", "\\N", "\\N", "", "\\N"]), now=NOW)
    assert [problem.code for problem in problems] == ["cannot_clear"]
    outcome, problems = load(rows(["B1", "", "\\N", "", "\\N"]), now=NOW)
    assert (outcome.updated, problems) == (1, [])
    assert (one().phone, one().manager_id) == ("", None)
    assert Assignment.unscoped.get(customer=one()).valid_to == NOW.date()


def test_dates_and_amounts_are_cleared_too(cast):
    header = ["id", "name", "spend", "joined", "born", "notes", "nomarketing"]
    fields = {
        **BASIC, "monthly_spend": "spend", "joined_on": "joined", "birthday": "born", "service_notes": "notes",
        "no_marketing": "nomarketing",
    }  # fmt: skip
    for name in ("phone", "tier", "manager"):
        del fields[name]
    load(table(header, [["B1", "周瑜", "88.5", "2020-01-02", "1990-05-06", "请打办公电话", "是"]]), fields, now=NOW)
    person = PersonProfile.unscoped.get(customer=one())
    assert (one().monthly_spend, one().joined_on, person.birthday, one().no_marketing) == (
        Decimal("88.50"), date(2020, 1, 2), date(1990, 5, 6), True,
    )  # fmt: skip
    outcome, problems = load(table(header, [["B1", "", "\\N", "\\N", "\\N", "\\N", "\\N"]]), fields, now=NOW)
    person.refresh_from_db()
    assert (problems, outcome.updated) == ([], 1)
    assert (one().monthly_spend, one().joined_on, person.birthday, one().service_notes, one().no_marketing) == (
        None, None, None, "", False,
    )  # fmt: skip


def test_a_bad_row_never_stops_the_good_ones(cast):
    """PLT-4: file with 1 bad row imports the rest and names the row."""
    outcome, problems = load(
        rows(FIRST, ["B2", "黄盖", "1380013800", "gold", "M1001"], ["B3", "鲁肃", "", "", ""]), now=NOW
    )
    assert (outcome.created, outcome.failed) == (2, 1)
    (problem,) = problems
    assert (problem.row, problem.column, problem.code, problem.value) == (3, "phone", "invalid_phone", "1******0")


def test_all_or_nothing_writes_nothing_when_a_row_fails(cast):
    """Scorecard 27: all-or-nothing or chosen."""
    content = rows(FIRST, ["B2", "黄盖", "1380013800", "gold", "M1001"])
    seen = (Customer.unscoped.count(), Change.objects.count())
    outcome, problems = load(content, now=NOW, atomic=True)
    assert outcome.is_rolled_back and (outcome.created, outcome.failed, len(problems)) == (0, 1, 1)
    assert (Customer.unscoped.count(), Change.objects.count()) == seen
    outcome, __ = load(rows(FIRST), now=NOW, atomic=True)
    assert (outcome.created, outcome.is_rolled_back) == (1, False)


def test_all_or_nothing_holds_for_what_only_the_database_knows(cast):
    outcome, problems = load(rows(FIRST, ["B2", "", "13900001111", "gold", "M1001"]), now=NOW, atomic=True)
    assert outcome.is_rolled_back and [(row.row, row.code) for row in problems] == [(3, "required")]
    assert not ExternalId.unscoped.filter(source="billing").exists()


def test_a_dry_run_says_what_would_happen_and_writes_nothing(cast):
    load(rows(FIRST), now=NOW)
    seen = Change.objects.count()
    content = rows(
        ["B1", "周瑜", "13900009999", "gold", "M1001"], ["B2", "黄盖", "x", "", ""], ["B3", "鲁肃", "", "", ""]
    )
    outcome, _problems = load(content, now=NOW, is_dry=True)
    assert (outcome.updated, outcome.created, outcome.failed, outcome.is_dry) == (1, 1, 1, True)
    assert Change.objects.count() == seen and one().phone == "13900008888"


def test_the_same_id_twice_in_a_file_counts_once(cast):
    """Bad inputs 39: duplicates inside the file are named with the first row."""
    outcome, problems = load(rows(FIRST, ["B1", "别人", "13900001111", "", ""]), now=NOW)
    assert (outcome.created, one().name) == (1, "周瑜")
    assert [(row.row, row.code, row.column) for row in problems] == [(3, "duplicate", "id")]
    assert "2" in problems[0].message


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["", "无编码", "", "", ""], "id", "required"),
        (["B2", "", "", "", ""], "name", "required"),
        (["B2", "\u200b\u200b", "", "", ""], "name", "blank"),
        (["B2", "x" * 51, "", "", ""], "name", "too_long"),
        (["B2", "a\x07b", "", "", ""], "name", "invalid_character"),
        (["B2", "张三", "1380013800", "", ""], "phone", "invalid_phone"),
        (["B2", "张三", "", "platinum", ""], "tier", "invalid_choice"),
        (["B2", "张三", "", "level1", ""], "tier", "invalid_choice"),
        (["B2", "张三", "", "", "X9999"], "manager", "not_found"),
        (["B2", "张三", "", "", "S1001"], "manager", "not_found"),
    ],
)
def test_every_bad_row_is_named_with_column_and_reason(cast, row, column, code):
    """Scorecard 27: row, column, value masked, reason."""
    outcome, problems = load(rows(row), now=NOW)
    assert (outcome.created, outcome.failed) == (0, 1)
    assert [(found.row, found.column, found.code) for found in problems] == [(2, column, code)]
    assert problems[0].message


def test_an_ordinary_customer_has_neither_manager_nor_tier(cast):
    """ORG-3."""
    fields = {**BASIC, "kind": {"value": "ordinary"}}
    outcome, problems = load(rows(FIRST), fields, now=NOW)
    assert outcome.failed == 1 and {problem.code for problem in problems} >= {"ordinary_customer"}


def test_fields_of_another_kind_are_refused(cast):
    fields = {**BASIC, "credit_code": "code"}
    content = table([*HEADER, "code"], [[*FIRST, "91350100M000100Y43"]])
    __, problems = load(content, fields, now=NOW)
    assert [(problem.column, problem.code) for problem in problems] == [("code", "not_for_kind")]


def test_full_width_digits_and_written_phones_are_taken(cast):
    """Bad inputs 15 and 20: accepted forms are normalised."""
    content = rows(["B1", "周瑜", "+86 139-0000-8888", "", ""], ["B2", "黄盖", "１３９００００７７７７", "", ""])
    _outcome, problems = load(content, now=NOW)
    assert problems == []
    assert (one("B1").phone, one("B2").phone) == ("13900008888", "13900007777")


def test_a_better_tier_is_taken_and_a_worse_one_is_proposed(cast):
    """CUS-4: a lower tier of an active customer is decided by a supervisor."""
    load(rows(FIRST), now=NOW)
    outcome, __ = load(rows(["B1", "周瑜", "13900008888", "diamond", "M1001"]), now=NOW)
    assert (outcome.updated, outcome.proposed, one().tier.code) == (1, 0, "diamond")
    outcome, __ = load(rows(["B1", "周瑜", "13900008888", "silver", "M1001"]), now=NOW)
    assert (outcome.updated, outcome.unchanged, outcome.proposed, one().tier.code) == (0, 1, 1, "diamond")
    proposal = TierProposal.unscoped.get(customer=one(), state="open")
    assert (proposal.to_tier.code, proposal.source) == ("silver", "billing")
    seen = Change.objects.count()
    load(rows(["B1", "周瑜", "13900008888", "silver", "M1001"]), now=NOW)
    assert Change.objects.count() == seen


def test_a_refused_proposal_is_not_asked_again(cast):
    load(rows(FIRST), now=NOW)
    lower = rows(["B1", "周瑜", "13900008888", "silver", "M1001"])
    load(lower, now=NOW)
    TierProposal.unscoped.update(state="refused", decided_at=NOW)
    load(lower, now=NOW + timedelta(days=1))
    assert TierProposal.unscoped.filter(state="open").count() == 0


def test_a_new_manager_in_the_file_moves_the_customer(cast):
    """ORG-1: one open assignment; the other gets an end date."""
    load(rows(FIRST), now=NOW)
    outcome, __ = load(rows(["B1", "周瑜", "13900008888", "gold", "M1002"]), now=NOW + timedelta(days=3))
    assert (outcome.updated, one().manager) == (1, cast.staff["teammate"])
    held = Assignment.unscoped.filter(customer=one()).order_by("valid_from")
    assert [(row.staff_id, row.valid_to) for row in held] == [
        (cast.staff["manager"].pk, date(2026, 11, 21)),
        (cast.staff["teammate"].pk, None),
    ]
    assert Standing.unscoped.get(customer=one()).manager_id == cast.staff["teammate"].pk


def test_a_customer_who_left_is_no_longer_owed_contact(cast):
    """CUS-31: churned customers drop from the contact-due list."""
    fields = {**BASIC, "state": "state"}
    load(table([*HEADER, "state"], [[*FIRST, "在网"]]), fields, now=NOW)
    load(table([*HEADER, "state"], [[*FIRST, "离网"]]), fields, now=NOW)
    assert (one().state, one().exited_on) == ("churned", NOW.date())
    assert not Duty.unscoped.filter(customer=one(), state="open").exists()


def test_an_older_row_is_stale(cast):
    """sync-api: yesterday's file after today's does no harm."""
    fields = {**BASIC, "source_updated_at": "at"}
    load(table([*HEADER, "at"], [[*FIRST, "2026-11-18 08:00"]]), fields, now=NOW)
    old = ["B1", "旧名", "13900001111", "gold", "M1001", "2026-11-17 08:00"]
    outcome, __ = load(table([*HEADER, "at"], [old]), fields, now=NOW)
    assert (outcome.stale, outcome.updated, one().name) == (1, 0, "周瑜")
    outcome, __ = load(table([*HEADER, "at"], [[*old[:5], "2026-11-18T08:00:01+08:00"]]), fields, now=NOW)
    assert (outcome.updated, one().name) == (1, "旧名")


def test_a_person_belongs_to_a_group_of_the_same_file(cast):
    """CUS-28; bad inputs 39: an unknown and a circular parent are named."""
    fields = {"external_id": "id", "name": "name", "kind": "kind", "unit": {"value": "A"}, "group": "group"}
    content = table(
        ["id", "name", "kind", "group"],
        [
            ["P1", "周瑜", "vip", "G1"], ["P2", "黄盖", "vip", "G9"], ["P3", "鲁肃", "vip", "P3"],
            ["G1", "江东集团有限公司", "group", ""], ["G2", "江南集团有限公司", "group", "G1"],
        ],
    )  # fmt: skip
    dry, found = load(content, fields, now=NOW, is_dry=True)
    outcome, problems = load(content, fields, now=NOW)
    assert one("P1").group == one("G1")
    assert (outcome.created, outcome.failed) == (2, 3)
    assert {(problem.row, problem.code) for problem in problems} >= {
        (3, "not_found"),
        (4, "circular"),
        (6, "not_for_kind"),
    }
    assert (dry.created, dry.failed) == (2, 3) and {p.row for p in found} == {p.row for p in problems}


def test_a_row_outside_the_importers_units_is_not_found(cast):
    """Decisions 14: an id outside the subtree is not found and never created."""
    ExternalId.unscoped.create(customer=cast.customers["strangers"], source="billing", external_id="S1")
    user = User.objects.create_user("imp", name="imp")
    scope = Scope(unit_ids=(cast.units["A"].pk,))
    user.__dict__["access"] = Access(
        user_id=user.pk, abilities=frozenset({"import_customers"}), scopes={"import_customers": scope}
    )
    content = table(
        [*HEADER, "unit"], [["S1", "偷看", "", "", "", "A"], ["B7", "越界", "", "", "", "B"], [*FIRST, "A"]]
    )
    outcome, problems = load(content, {**BASIC, "unit": "unit"}, by=user, now=NOW)
    assert (outcome.created, outcome.failed) == (1, 2)
    assert [(problem.row, problem.code) for problem in problems] == [(3, "not_found"), (2, "not_found")]
    cast.customers["strangers"].refresh_from_db()
    assert cast.customers["strangers"].name != "偷看"


def test_somebody_without_the_ability_is_refused(cast):
    with pytest.raises(NotAllowed):
        load(rows(FIRST), by=cast.manager, now=NOW)


def test_the_person_who_imports_is_in_the_change_log(cast):
    """SEC-23."""
    load(rows(FIRST), by=cast.group_department, now=NOW)
    change = Change.objects.get(tbl="accounts_customer", row_id=one().pk, op="I")
    assert (change.actor, change.actor_label) == (cast.group_department.pk, "")


def test_all_or_nothing_is_for_files_of_ten_thousand_rows(cast, monkeypatch):
    """Decisions 25: the feed never waits long."""
    monkeypatch.setattr("sync.imports.load.MOST_AT_ONCE", 1)
    with pytest.raises(Invalid) as caught:
        load(rows(FIRST, ["B2", "黄盖", "", "", ""]), now=NOW, atomic=True)
    assert caught.value.code == "too_many"


def test_chunks_do_not_change_what_comes_of_a_file(cast, monkeypatch):
    monkeypatch.setattr("sync.imports.load.CHUNK", 3)
    content = rows(*([f"B{n}", f"客户{n}", f"139000{n:05d}", "silver", "M1001"] for n in range(10)))
    outcome, problems = load(content, now=NOW)
    assert (outcome.created, problems) == (10, [])
    outcome, __ = load(content, now=NOW)
    assert outcome.unchanged == 10


def test_a_second_import_of_the_same_source_is_told_to_wait(cast):
    """One import of a source at a time, whoever starts it."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK_SPACE, "billing"])
        with pytest.raises(Conflict) as caught:
            load(rows(FIRST), now=NOW)
    finally:
        other.close()
    assert caught.value.code == "already_running"


def test_a_mapping_to_an_unknown_column_is_refused_before_anything_is_read(cast):
    """Issue 2, bad input: a mapping to an unknown column."""
    with pytest.raises(MappingRefused) as caught:
        load(rows(FIRST), {**BASIC, "phone": "telephone"}, now=NOW)
    assert (caught.value.code, caught.value.where) == ("unknown_column", "phone")
    assert "telephone" in str(caught.value)
    assert not ExternalId.unscoped.filter(source="billing").exists()
