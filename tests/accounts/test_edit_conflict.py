"""Two who save the same form: the second sees both values; what he has not touched takes the saved value over."""

import re
from html import unescape

import pytest

from accounts.models import Customer, PersonProfile

pytestmark = pytest.mark.django_db


def fields_of(text):
    """Every named input of the page's main form, as a browser would send it."""
    form = re.search(r'<form[^>]*data-draft="customer:.*?</form>', text, re.DOTALL)[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in given and (given.get("type") != "checkbox" or " checked" in tag):
            found[given["name"]] = unescape(given.get("value", "on" if given.get("type") == "checkbox" else ""))
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(body).lstrip("\n")
    return found


@pytest.fixture
def tabs(cast, as_user):
    """The same page loaded twice, and a way to save it."""
    client, address = as_user(cast.manager), f"/customers/{cast.customers['gold'].pk}/edit/"
    PersonProfile.unscoped.create(customer=cast.customers["gold"], sex="male")
    first, second = (fields_of(client.get(address).content.decode()) for _ in range(2))
    return first, second, lambda values: client.post(address, values)


def test_saving_what_was_loaded_changes_nothing(cast, tabs):
    first, _second, save = tabs
    assert save(first).status_code == 302
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).version == cast.customers["gold"].version


def test_what_was_not_touched_takes_the_saved_value_over(cast, tabs):
    """Bad input 33: nothing of either is lost."""
    first, second, save = tabs
    changes = {
        "district": "江北",
        "sex": "female",
        "no_marketing": "on",
        "service_notes": "两行\n说明",
        "joined_on": "2023-05-01",
    }
    assert save(first | changes).status_code == 302
    refused = save(second | {"email": "a@example.com"})
    assert refused.status_code == 409
    text = refused.content.decode()
    for word in ("江北", "女", "2023-05-01"):
        assert word in text.split('class="note soon conflict"')[1].split("</table>")[0]
    assert save(fields_of(text)).status_code == 302
    gold = Customer.unscoped.get(pk=cast.customers["gold"].pk)
    assert (gold.email, gold.district, gold.no_marketing) == ("a@example.com", "江北", True)
    assert (gold.service_notes, str(gold.joined_on)) == ("两行\n说明", "2023-05-01")
    assert PersonProfile.unscoped.get(customer=gold).sex == "female"


def test_what_both_touched_is_mine_after_i_have_seen_it(cast, tabs):
    first, second, save = tabs
    save(first | {"district": "江北"})
    refused = save(second | {"district": "江南"})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "江北" in text and "江南" in text
    assert fields_of(text)["district"] == "江南"
    assert save(fields_of(text)).status_code == 302
    assert Customer.unscoped.get(pk=cast.customers["gold"].pk).district == "江南"


def test_a_third_one_in_between_is_met_again(cast, tabs):
    first, second, save = tabs
    save(first | {"district": "江北"})
    mine = fields_of(save(second | {"email": "a@example.com"}).content.decode())
    now = fields_of(save(second | {"district": "河西"}).content.decode())
    assert save(now | {"district": "河西"}).status_code == 302
    refused = save(mine)
    assert refused.status_code == 409
    assert fields_of(refused.content.decode())["district"] == "河西"


@pytest.mark.parametrize("seen", ["", "{bad", "[1]", '"x"', "null", '{"district": 5}', "[" * 99_999])
def test_a_tampered_or_missing_memory_never_breaks_the_page(tabs, seen):
    first, second, save = tabs
    save(first | {"district": "江北"})
    assert save(second | {"email": "a@example.com", "seen": seen}).status_code == 409
