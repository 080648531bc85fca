"""The database may restart between two requests, and may be away (scorecard 23)."""

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from crm.core.models import User


def kill_connection():
    """End our own connection from another one, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


@pytest.mark.django_db(transaction=True)
def test_the_first_request_after_a_restart_is_answered(client, monkeypatch):
    person = User.objects.create_user("M1001", name="Ann", password="Right-pass-2026")
    client.force_login(person)
    settings_dict = connection.settings_dict
    monkeypatch.setitem(settings_dict, "CONN_HEALTH_CHECKS", False)
    kill_connection()
    assert client.get(reverse("core:notice_bell")).status_code == 200
    kill_connection()
    response = client.post("/sign-in/", {"login": "M1001", "password": "Right-pass-2026"})
    assert response.status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "kind"), [({}, "text/html"), ({"HTTP_ACCEPT": "application/json"}, "problem+json")]
)
def test_while_the_database_is_away_the_answer_is_503_with_when_to_come_back(client, monkeypatch, headers, kind):
    def away(*args):
        raise OperationalError("the database is starting up")

    client.force_login(User.objects.create_user("M1001", name="Ann"))
    monkeypatch.setattr("crm.core.sessions.first_read", away)
    client.raise_request_exception = False
    response = client.get(reverse("core:notice_list"), **headers)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert kind in response["Content-Type"]
