"""The first person is made by a command; there is no sign-up (decisions 21)."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from crm.core.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "Long-enough-9"


def make(monkeypatch, username="D1", name="何总", password=PASSWORD):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    call_command("create_director", username, name, stdout=io.StringIO())


def test_the_director_can_sign_in_and_set_up_everything(client, monkeypatch):
    make(monkeypatch)
    client.post("/sign-in/", {"login": "D1", "password": PASSWORD})
    for name in ("core:settings_index", "core:parameter_list", "core:sweep_run_list"):
        assert client.get(reverse(name)).status_code == 200
    assert User.objects.get().access.can("manage_staff")


@pytest.mark.parametrize("wrong", [{"username": " "}, {"name": "\u200b"}, {"password": "123"}, {"username": "a\x00"}])
def test_wrong_input_makes_nobody(monkeypatch, wrong):
    with pytest.raises(CommandError):
        make(monkeypatch, **wrong)
    assert not User.objects.exists()


def test_the_same_number_twice_is_refused(monkeypatch):
    make(monkeypatch)
    with pytest.raises(CommandError):
        make(monkeypatch, username="d1")
    assert User.objects.count() == 1
