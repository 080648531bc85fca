"""The application's own database role cannot alter the logs, whatever code it runs (SEC-23, scorecard 14)."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from crm.core import access_log
from crm.core.db import write
from crm.core.models import Change, Parameter, User

pytestmark = pytest.mark.django_db

DEEDS = {
    "update": "UPDATE {table} SET {column} = 'x'",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
}


@pytest.fixture
def app_role(db):
    user = User.objects.create_user("A1", name="Ann")
    access_log.record("sign_in", user, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE crm_app")
        yield cursor
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(
    ("table", "column"),
    [("core_change", "tbl"), ("core_change_default", "tbl"), ("core_accesslog", "reason"), ("core_change_key", "key")],
)
def test_the_application_role_may_not_alter_a_log(app_role, deed, table, column):
    """SEC-23: update, delete and truncate are denied, 3 of 3, on both logs."""
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        app_role.execute(DEEDS[deed].format(table=table, column=column))


def test_a_month_s_partition_is_as_closed_as_its_parent(app_role):
    """SEC-23: going round the parent table does not help."""
    month = timezone.localdate().strftime("core_change_%Y%m")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        app_role.execute(DEEDS["delete"].format(table=month))


def test_the_application_role_may_not_write_the_change_log_itself(app_role):
    """SEC-23: rows come from triggers only."""
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        app_role.execute("INSERT INTO core_change (tbl, row_id, op) VALUES ('core_user', 1, 'U')")


def test_the_application_role_may_not_read_the_key_of_the_digests(app_role):
    """Decisions 15: without the key nobody can try values against a digest."""
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        app_role.execute("SELECT key FROM core_change_key")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        app_role.execute("SELECT core_change_digests('core_user', 1, 'password=>x'::hstore)")


@pytest.mark.parametrize(
    "trick",
    [
        "ALTER TABLE core_user DISABLE TRIGGER core_log_u",
        "DROP TRIGGER core_log_u ON core_user",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION core_log_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
)
def test_the_application_role_may_not_switch_the_log_off(app_role, trick):
    """SEC-23: no statement of the application silences the triggers."""
    with pytest.raises(ProgrammingError), transaction.atomic():
        app_role.execute(trick)


def test_what_the_application_role_writes_is_logged(app_role):
    """The trigger writes with its owner's rights; the application still may read."""
    person = User.objects.get(username="A1")
    with write(by=person):
        Parameter.objects.create(key="k", value=1, effective_from=timezone.localdate(), set_at=timezone.now())
    change = Change.objects.get(tbl="core_parameter")
    assert (change.op, change.actor) == ("I", person.pk)
