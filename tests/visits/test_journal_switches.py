"""Per line switches: on for the channel line, off for VIP and group, a unit may differ (issue 3)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from visits.choices import Feature
from visits.models import LineSwitch
from visits.queries import switches
from visits.rules.switches import SwitchRow, is_on

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def test_a_fresh_house_has_everything_on_for_the_channel_line_only(cast):
    """CON-23: the book belongs to the channel line."""
    unit = cast.units["A"].pk
    for feature in Feature.values:
        assert switches.is_on(feature, line="channel", unit_id=unit, on=TODAY)
        assert not switches.is_on(feature, line="vip", unit_id=unit, on=TODAY)
        assert not switches.is_on(feature, line="group", unit_id=unit, on=TODAY)


def row(path, on, starts):
    return SwitchRow("check_in", "vip", path, on, starts)


@pytest.mark.parametrize(
    ("path", "day", "answer"),
    [
        ("/1/", date(2026, 1, 1), False),  # the house says no
        ("/1/4/", date(2026, 1, 1), True),  # the branch says yes
        ("/1/4/9/", date(2026, 1, 1), True),  # and so for its hall
        ("/1/4/", date(2026, 7, 1), False),  # until it changes its mind
        ("/1/41/", date(2026, 1, 1), False),  # a number that only begins alike is another unit
        ("/1/4/", date(2025, 12, 31), False),  # nothing holds before its day
    ],
)
def test_the_nearest_unit_decides_and_there_the_newest_row(path, day, answer):
    """Issue 3: a unit may switch it on."""
    rows = [
        row("", False, date(2000, 1, 1)),
        row("/1/4/", True, date(2026, 1, 1)),
        row("/1/4/", False, date(2026, 7, 1)),
    ]
    assert is_on(rows, "check_in", line="vip", unit_path=path, on=day) is answer


def test_sql_and_rule_agree_on_every_line_unit_and_boundary(cast):
    """Parity: set-based statements ask the same question."""
    today = TODAY
    for line, unit, on, ahead in (
        ("vip", "A", True, 0), ("vip", "A1", False, 3), ("vip", None, True, 9), ("channel", "B", False, -5),
        ("vip", "A", False, 20),
    ):  # fmt: skip
        LineSwitch.objects.create(
            feature="check_in", line=line, unit=cast.units[unit] if unit else None, is_on=on,
            effective_from=today + timedelta(days=ahead),
        )  # fmt: skip
    switches.forget()
    for offset in range(-7, 25):
        day = today + timedelta(days=offset)
        for line in switches.LINES:
            for unit in cast.units.values():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT visits_is_on('check_in', %s, %s, %s)", [line, unit.pk, day])
                    (said,) = cursor.fetchone()
                assert said is switches.is_on("check_in", line=line, unit_id=unit.pk, on=day), (line, unit.code, day)


def ticks(page):
    """The names of the ticked boxes."""
    return re.findall(r'name="([a-z_]+\.[a-z]+)" checked', page)


def test_headquarters_switches_a_line_on_from_a_coming_day(cast, as_user):
    """Issue 3: effective-dated, a unit may switch it on; everything else stays as it was."""
    address = reverse("visits:line_switches") + f"?unit={cast.units['A'].pk}"
    client = as_user(cast.director)
    names = [*ticks(client.get(address).content.decode()), "check_in.vip"]
    today = timezone.localdate()
    body = {**dict.fromkeys(names, "on"), "effective_from": (today + timedelta(days=2)).isoformat()}
    assert client.post(address, body).status_code == 302
    made = LineSwitch.objects.filter(unit=cast.units["A"])
    assert list(made.values_list("feature", "line", "is_on")) == [("check_in", "vip", True)]
    asked = {"line": "vip", "unit_id": cast.units["A1"].pk}
    assert not switches.is_on("check_in", on=today + timedelta(days=1), **asked)
    assert switches.is_on("check_in", on=today + timedelta(days=2), **asked)
    assert (today + timedelta(days=2)).isoformat() in client.get(address).content.decode()


@pytest.mark.parametrize("ahead", [0, -1, 4000])
def test_a_day_that_has_begun_does_not_change(cast, as_user, ahead):
    """Design 4: rules are data, old days keep what held."""
    day = timezone.localdate() + timedelta(days=ahead)
    before = LineSwitch.objects.count()
    answer = as_user(cast.director).post(reverse("visits:line_switches"), {"effective_from": day.isoformat()})
    assert answer.status_code == 400
    assert LineSwitch.objects.count() == before


def test_a_unit_nobody_knows_is_not_found(cast, as_user):
    """Safety: an unknown id is no place to write."""
    address = reverse("visits:line_switches") + "?unit=999999"
    assert as_user(cast.director).get(address).status_code == 404
