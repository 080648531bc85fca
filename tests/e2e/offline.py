"""What the journeys without signal share: ready and away, the queue as the phone keeps it, the sheet filled in."""

from datetime import datetime
from typing import Any

from playwright.sync_api import Error, Page, expect

from tests.cast import PASSWORD
from tests.e2e.phone import chip

QUEUE = """async () => (await crm.store.queue()).map(
    ({ key, state, saved, title, user }) => ({ key, state, saved, title, user })
)"""
UNTIL = """async () => {
    for (let tries = 0; tries < 750; tries += 1) {
        if (await (CONDITION)()) return;
        await new Promise((done) => { setTimeout(done, 40); });
    }
    throw new Error("never");
}"""
RAW = """() => new Promise((done) => {
    const asked = indexedDB.open("crm-offline");
    asked.onsuccess = () => {
        const db = asked.result;
        const work = db.transaction(["queue", "kept"]);
        const rows = work.objectStore("queue").getAll();
        const bundle = work.objectStore("kept").get("bundle");
        work.oncomplete = () => { db.close(); done({ queue: rows.result, bundle: Boolean(bundle.result) }); };
    };
})"""


def until(page: Page, condition: str) -> None:
    """Wait in the browser until this holds; the page may be another one meanwhile."""
    for __ in range(5):
        try:
            page.evaluate(UNTIL.replace("CONDITION", condition))
        except Error as gone:
            if "context was destroyed" not in str(gone):
                raise
            page.wait_for_load_state()
            continue
        return
    raise AssertionError(condition)


def ready(page: Page, *, worker: bool = True) -> None:
    """The cards are kept, and the worker is in charge of the page: now the signal may go."""
    page.wait_for_selector("html[data-offline-ready]")
    until(page, "async () => Boolean(await crm.store.bundle())")
    if worker:
        until(page, "() => navigator.serviceWorker.controller !== null")


def queue(page: Page) -> list[dict[str, Any]]:
    """What waits on this phone."""
    return page.evaluate(QUEUE)


def queue_of(page: Page) -> list[dict[str, Any]]:
    """The same, read past our own scripts: on a page that has none of them."""
    return page.evaluate(RAW)["queue"]


def kept(page: Page) -> dict[str, Any]:
    """Whether cards are kept, and how much waits."""
    found = page.evaluate(RAW)
    return {"bundle": found["bundle"], "waiting": len(found["queue"])}


def hold_back(page: Page) -> None:
    """The line is so bad that nothing of the queue gets through."""
    page.route("**/offline/s*/", lambda route: route.abort())


def sign_in(page: Page, user: Any) -> None:
    """On the page of signing in."""
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form[data-sign-in] button").first.tap()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def away(page: Page) -> None:
    """Into the cellar."""
    page.context.set_offline(True)


def back(page: Page) -> None:
    """Out of it."""
    page.context.set_offline(False)


def wait_sent(page: Page) -> None:
    """Nothing waits any more."""
    until(page, "async () => window.crm?.store && (await crm.store.queue()).length === 0")


def waits(page: Page, count: int) -> None:
    """The frame says so."""
    pill = page.locator("[data-waiting]")
    expect(pill).to_be_visible()
    expect(pill).to_contain_text(str(count))


def call(page: Page, outcome: str = "effective", occasion: str = "care") -> None:
    """Two taps on the open sheet."""
    chip(page, "channel", "phone").tap()
    chip(page, "outcome", outcome).tap()
    chip(page, "occasion", occasion).tap()
    expect(page.locator("#sheet-dialog")).to_be_hidden()


# A phone whose clock is set by the journey: so many milliseconds beside the real one.
CLOCK = """(() => {
    const Real = Date;
    const now = () => Real.now() + Number(localStorage.getItem("shift") || 0);
    window.Date = class extends Real {
        constructor(...given) { if (given.length) super(...given); else super(now()); }
        static now() { return now(); }
    };
})();"""


def set_clock(page: Page, at: datetime) -> None:
    """Set the phone's clock, from the next page on."""
    page.evaluate(
        "(at) => localStorage.setItem('shift', at - performance.timeOrigin - performance.now())", at.timestamp() * 1000
    )
