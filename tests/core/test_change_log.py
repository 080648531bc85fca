"""Every change of a tracked table leaves its row, made by the database itself (SEC-23, mechanisms A)."""

import pytest
from django.db import connection
from django.utils import timezone

from crm.core import changelog
from crm.core.changelog import history_of, tracked_tables
from crm.core.db import Origin, originating, write
from crm.core.models import Change, Notice, Parameter, User, WorkDay
from crm.core.notices import NoticeRow, notice_kind, notify

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return User.objects.create_user("A1", name="Ann", password="Secret-pass-1")


def changes(table):
    return list(Change.objects.filter(tbl=table).order_by("seq"))


def test_an_update_keeps_both_values_and_who_and_where_from(person):
    """SEC-23: who, when, old and new, request, address."""
    came_from = Origin(request_id="req-12345678", ip="10.1.2.3")
    with originating(came_from), write(by=person):
        User.objects.filter(pk=person.pk).update(name="Anna")
    change = changes("core_user")[-1]
    assert (change.op, change.before, change.after) == ("U", {"name": "Ann"}, {"name": "Anna"})
    assert (change.actor, change.request_id, change.ip) == (person.pk, "req-12345678", "10.1.2.3")


def test_a_deletion_keeps_the_whole_row(person):
    day = WorkDay.objects.create(date="2031-05-01", kind="holiday", name="Test")
    with write(by=person):
        WorkDay.objects.filter(pk=day.pk).delete()
    change = changes("core_workday")[-1]
    assert change.op == "D"
    assert change.before["name"] == "Test"
    assert change.row_id == day.pk


def test_bulk_statements_are_logged_row_by_row(person):
    rows = [Parameter(key=f"k{n}", value=n, effective_from="2026-01-01", set_at=timezone.now()) for n in range(50)]
    with write(by=person):
        Parameter.objects.bulk_create(rows)
        Parameter.objects.filter(key__startswith="k").update(value=7)
    found = changes("core_parameter")
    assert [change.op for change in found].count("I") == 50
    # k7 held 7 already: it did not change
    assert [change.op for change in found].count("U") == 49


def test_an_update_that_changes_nothing_leaves_no_row(person):
    """Decisions 24: leave when nothing changed."""
    before = Change.objects.count()
    with write(by=person):
        User.objects.filter(pk=person.pk).update(name="Ann")
        User.objects.filter(pk=-1).update(name="Nobody")
    assert Change.objects.count() == before


def test_a_change_of_excluded_columns_alone_leaves_no_row(person):
    before = Change.objects.count()
    with write(by=person):
        User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    assert Change.objects.count() == before


def test_a_secret_leaves_only_that_it_changed_and_a_keyed_digest(person):
    """Decisions 15: never the value, never a digest that could be guessed without the key."""
    first = person.password
    created = changes("core_user")[0]
    person.set_password("Another-pass-2")
    with write(by=person):
        person.save(update_fields=["password"])
    change = changes("core_user")[-1]
    assert created.after["password"].startswith("secret:")
    assert set(change.after) == {"password"}
    assert change.before["password"] == created.after["password"] != change.after["password"]
    whole = str([(row.before, row.after) for row in changes("core_user")])
    assert first not in whole
    assert person.password not in whole


def test_the_system_s_writes_on_machine_tables_log_the_key_only(person):
    """Decisions 24; people's writes on the same table are logged in full."""
    notice_kind("test_kind", "hello")
    notify([NoticeRow(user_id=person.pk, kind="test_kind")], timezone.now())
    by_system = changes("core_notice")[-1]
    assert (by_system.op, by_system.after, by_system.actor_label) == ("I", None, "system:notify")
    with write(by=person):
        Notice.objects.filter(user=person).update(urgent=True)
    assert changes("core_notice")[-1].after == {"urgent": "t"}


def test_a_rolled_back_write_leaves_nothing(person):
    before = Change.objects.count()
    with pytest.raises(ZeroDivisionError), write(by=person):
        User.objects.filter(pk=person.pk).update(name="Anna")
        raise ZeroDivisionError
    assert Change.objects.count() == before


def test_the_outermost_write_names_the_transaction(person):
    other = User.objects.create_user("A2", name="Ben")
    with write(by=person), write(by=other, label="system:inner"):
        User.objects.filter(pk=other.pk).update(name="Benno")
    change = changes("core_user")[-1]
    assert (change.actor, change.actor_label) == (person.pk, "")


def test_the_update_function_cannot_fall_into_the_quadratic_plan(db):
    """Mechanisms 1: a plan cached at an empty first firing would make a bulk update a hundred times slower."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, proconfig FROM pg_proc WHERE proname LIKE 'core\\_log\\_%%' ORDER BY 1", []
        )
        functions = {name: (definer, config) for name, definer, config in cursor.fetchall()}
    assert set(functions) == {"core_log_delete", "core_log_insert", "core_log_update"}
    for definer, config in functions.values():
        assert definer
        assert "enable_nestloop=off" in config
        assert "search_path=pg_catalog, public, pg_temp" in config


def test_an_empty_firing_first_does_not_slow_a_bulk_update_after_it(person):
    """Mechanisms 1: the same connection, armed with 0 and 1 rows, then 5,000."""
    with write(by=person), connection.cursor() as cursor:
        Parameter.objects.filter(pk=-1).update(value=1)
        cursor.execute(
            "INSERT INTO core_parameter (key, value, effective_from, set_at)"
            " SELECT 'bulk' || n, to_jsonb(n), '2026-01-01', now() FROM generate_series(1, 5000) n"
        )
        Parameter.objects.filter(key="bulk1").update(value=0)
        cursor.execute("SET LOCAL statement_timeout = '5s'")
        Parameter.objects.filter(key__startswith="bulk").update(value="new")
        cursor.execute("SET LOCAL statement_timeout = 0")
    assert Change.objects.filter(tbl="core_parameter", op="U", after__value='"new"').count() == 5000


def test_installing_again_changes_nothing(db):
    def triggers():
        with connection.cursor() as cursor:
            cursor.execute("SELECT oid, tgname FROM pg_trigger WHERE tgname LIKE 'core\\_log\\_%%' ORDER BY oid", [])
            return cursor.fetchall()

    before = triggers()
    changelog.install()
    assert triggers() == before
    assert len(before) == 3 * len(tracked_tables())


def test_rows_of_this_month_lie_in_its_partition(person):
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM core_change")
        assert cursor.fetchall() == [(timezone.localdate().strftime("core_change_%Y%m"),)]
        cursor.execute("SELECT core_change_make_partitions(3)")
        assert cursor.fetchone() == (0,)


def test_the_history_of_a_row_shows_old_and_new_with_names(person):
    """SEC-23: both values, typed, with the field's own name; secrets never."""
    with write(by=person):
        User.objects.filter(pk=person.pk).update(is_active=False, theme="dark", password="x")
    rows = {row.field: row for row in history_of("core_user", person.pk)}
    assert (rows["is_active"].old, rows["is_active"].new) == (True, False)
    assert str(rows["theme"].new) == "深色" or str(rows["theme"].new) == "Dark"
    assert rows["password"].is_secret
    assert rows["password"].new is None
    assert rows["name" if "name" in rows else "theme"].actor_name == "Ann"
    assert rows[""].op == "I"
