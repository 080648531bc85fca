"""The commands of docs/api.md, run as they stand: each says what the guide says it does (issue 2: billing's night)."""

import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Customer, ExternalId, TierProposal

pytestmark = pytest.mark.django_db
GUIDE = Path(settings.BASE_DIR, "docs", "api.md").read_text()
COMMANDS = re.findall(r"```sh\n(curl .*?)\n# → (\d{3}) ?(.*?)\n```", GUIDE, re.S)


def run(client, command):
    """Send what curl would send."""
    words = shlex.split(command.replace("\\\n", " "))[1:]
    method, headers, body, address = "GET", {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _colon, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        elif word != "-sS":
            address = word.replace("$CRM", "/api/v1")
    assert headers.pop("Authorization") == "Bearer $TOKEN"
    kind = headers.pop("Content-Type", None)
    return client.generic(method, address, body or "", content_type=kind or "application/json", headers=headers)


def test_every_command_of_the_guide_does_what_it_says(cast, billing):
    """Sync-api, CUS-4, CUS-10: created, unchanged, stale, proposed, 412, per-row answers, problems with pointers."""
    assert len(COMMANDS) >= 8
    for command, status, words in COMMANDS:
        answer = run(billing, command)
        text = answer.content.decode().replace(": ", ":")
        assert answer.status_code == int(status), (command, text[:300])
        for word in re.findall(r'"[^\s]+', words):
            assert word in text, (command, word, text[:300])
    made = ExternalId.unscoped.get(source="billing", external_id="B-1001").customer
    assert (made.district, made.tier.code, made.manager) == ("新区", "gold", cast.staff["manager"])
    assert TierProposal.unscoped.get(customer=made).to_tier.code == "silver"
    assert Customer.unscoped.filter(external_ids__external_id="B-1002").exists()


def test_a_wrong_token_is_told_so(client, db):
    """Sync-api: the answer says what is wrong, not that somebody should sign in."""
    answer = client.get("/api/v1/units", headers={"Authorization": "Bearer crm_wrong", "Accept-Language": "en"})
    assert answer.status_code == 401
    assert "token" in answer.json()["detail"]
