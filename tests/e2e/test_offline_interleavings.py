"""Random ways of losing and finding the signal, from fixed seeds: none lost, none doubled (issue 3 "Checked by")."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from django.utils import timezone

from tests.e2e.offline import away, back, ready, until
from visits.models import Visit

STEPS = 30
SEEDS = range(20)
QUICK = 3
ADD = """(item) => crm.queue.add({ ...item, user: document.body.dataset.user, photos: [], people: [], told: null })"""
START = "(lost) => { window.lost = lost; crm.queue.flush(); }"
# A line on which the next sheet, or the answer to it, is lost.
LINE = """(() => {
    const real = window.fetch;
    window.fetch = async (address, options) => {
        const lost = String(address).includes("/offline/send/") ? window.lost : "";
        if (lost) window.lost = "";
        if (lost === "request") throw new TypeError("lost");
        const answer = await real(address, options);
        if (lost === "answer") throw new TypeError("lost");
        return answer;
    };
})();"""


@pytest.fixture(autouse=True)
def no_network_is_no_fault(refusals):
    """The browser notes every request that found no network as an error of the page."""
    refusals.update({"ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_ABORTED"})


class Evening:
    """Two tabs of one phone in a bad place; what was logged so far, by its text."""

    def __init__(self, page, cast, seed):
        self.chance = Random(seed)
        self.cast = cast
        self.tabs = [page, page.context.new_page()]
        self.tabs[1].goto("/notices/")
        ready(self.tabs[1], worker=False)
        self.logged = []
        self.is_away = False

    def tab(self):
        return self.chance.choice(self.tabs)

    def log(self):
        """A sheet is saved on the phone; each with a text and an hour of its own."""
        number = len(self.logged)
        customer = self.cast.customers[self.chance.choice(["diamond", "gold", "silver"])]
        at = timezone.localtime() - timedelta(minutes=40 * number + 1)
        key, text = str(UUID(int=self.chance.getrandbits(128), version=4)), f"第 {number} 条"
        fields = {
            "customer": str(customer.pk), "channel": "phone", "outcome": "effective", "occasion": "care",
            "started_at": at.strftime("%Y-%m-%dT%H:%M:%S"), "client_key": key, "content": text,
        }  # fmt: skip
        summary = {"when": "", "how": "", "outcome": "", "said": text}
        item = {"key": key, "fields": list(fields.items()), "customers": [], "title": customer.name, "summary": summary}
        self.tab().evaluate(ADD, item)
        self.logged.append(text)

    def lose_signal(self):
        away(self.tabs[0])
        self.is_away = True

    def find_signal(self):
        back(self.tabs[0])
        self.is_away = False

    def send(self, lost=""):
        self.tab().evaluate(START, lost)

    def send_from_both(self):
        for tab in self.tabs:
            tab.evaluate(START, "")

    def send_and_hear_nothing(self):
        """The server saves, and the answer is lost."""
        self.send("answer")

    def send_in_vain(self):
        """The request itself is lost."""
        self.send("request")

    def reload(self):
        """In the middle of whatever it was doing; without signal and worker there would be no page."""
        if self.is_away:
            self.find_signal()
        tab = self.tab()
        tab.reload()
        ready(tab, worker=False)

    def end(self):
        """Next morning: a signal, and time enough for what was being sent to be given up."""
        self.find_signal()
        for tab in self.tabs:
            tab.evaluate("window.lost = ''")
        page = self.tabs[0]
        until(page, SENT)
        assert sorted(Visit.unscoped.values_list("content", flat=True)) == sorted(self.logged)


SENT = """async () => {
    for (const { key } of await crm.store.queue()) await crm.store.change(key, (now) => now && { ...now, lease: 0 });
    await crm.queue.flush();
    return (await crm.store.queue()).length === 0;
}"""
DEEDS = (
    Evening.log, Evening.log, Evening.lose_signal, Evening.find_signal, Evening.send, Evening.send_from_both,
    Evening.send_and_hear_nothing, Evening.send_in_vain, Evening.reload,
)  # fmt: skip


def spend(enter, cast, seed):
    page = enter("manager", "/notices/", service_workers="block")
    page.context.add_init_script(LINE)
    page.reload()
    ready(page, worker=False)
    evening = Evening(page, cast, seed)
    evening.log()
    for __ in range(STEPS):
        evening.chance.choice(DEEDS)(evening)
    evening.end()
    assert len(evening.logged) > 1


@pytest.mark.parametrize("seed", SEEDS[:QUICK])
def test_nothing_is_lost_and_nothing_doubled(enter, cast, seed):
    spend(enter, cast, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[QUICK:])
def test_nothing_is_lost_and_nothing_doubled_in_any_of_twenty_evenings(enter, cast, seed):
    spend(enter, cast, seed)
