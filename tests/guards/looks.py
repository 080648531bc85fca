"""What is looked for in an answer: secrets of the other side, full numbers, headers, words of the other language."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

import polib
from django.utils import translation

from dev.messages import CATALOGUE
from tests.cast import CANARY
from tests.guards.callers import address_of
from tests.guards.rooms import merged
from tests.guards.route_table import ANONYMOUS, CAST, MACHINES, Row
from tests.guards.world import HERON, ID_NUMBERS, LARK

EVERYBODY = (ANONYMOUS, *CAST, *MACHINES)

# --- The other side (SEC-3)

# What is hidden → whose rows, who must not hear of them, and what he must not read.
HIDDEN = {
    "unit b": (
        "b",
        ("manager", "teammate", "supervisor", "handler", "market_manager", "brand_manager", "nobody", "narrow"),
        (CANARY, "13911112222", "13900005202", "13900005402", "8666-2002", "b@canary.test", "K80000007"),
    ),
    "unit a": (
        "a",
        ("stranger", "stranger_supervisor", "strange-billing", "brand_manager", "nobody", "narrow"),
        (HERON, "金满堂", "钱多多", "银小满", "海尔", "手机卖场", "平常人", "13900000002", "13900005101", "13900005301",
         "8666-1001", "a@heron.test", "K80000002"),
    ),
    # He had the manager's customer before, and works beside him; he sees his own customers only.
    "a colleague's customers": (
        "a",
        ("teammate",),
        (HERON, "金满堂", "钱多多", "银小满", "13900000002", "13900005101", "8666-1001", "K80000002"),
    ),
}  # fmt: skip
OTHER = {"a": "b", "b": "a"}

PART_OF_NAME = {"a": "满堂", "b": "丝雀"}
INITIALS = {"a": "jmt", "b": "jsq"}
NUMBER = {"a": "K80000002", "b": "K80000007"}
TAIL = {"a": "0002", "b": "2222"}
STAFF_NUMBER = {"a": "M1001", "b": "M2001"}
SEARCHES = ("q={part}", "q={initials}", "q={number}", "q={tail}", "q={external}")
# Ways to ask a list, a search or a form about the other side.
PROBES: dict[str, tuple[str, ...]] = {
    "workbench:today": ("all=1", "group=district"),
    "workbench:team": ("unit={unit}",),
    "workbench:duty_list": ("manager={manager}", "unit={unit}", "state=overdue", "state=met&manager={manager}"),
    "workbench:approvals": ("manager={manager}",),
    "workbench:customer": ("tab=profile", "tab=history", "tab=files", "tab=people", "tab=duties", "only=visits"),
    "workbench:customer_timeline": ("only=visits", "only=changes"),
    "workbench:palette": SEARCHES,
    "workbench:log_customers": SEARCHES,
    "workbench:log_people": ("customer={customer}", "customer={firm}&met={person}"),
    "workbench:log_visit": ("customer={customer}", "customer={firm}&tap={tap}", "tap={tap}", "find=1&q={part}"),
    "accounts:customer_list": (
        *SEARCHES, "manager={manager}", "unit={unit}", "district={word}district", "sport={word}", "reward={word}",
        "overdue=1", "sort=name", "incomplete=1&q={part}",
    ),
    "accounts:handover_new": ("ids={customer}", "from={manager}"),
    "accounts:structure": ("by=unit&by=tier", "by=manager", "unit={unit}"),
    "accounts:archive_quality": ("quality=accurate", "quality=complete", "quality=secret", "unit={unit}"),
    "visits:visit_list": (
        *SEARCHES, "customer={customer}", "staff={manager}", "manager={manager}", "unit={unit}", "undone=1",
    ),
    "visits:visit_detail": ("customer={customer}", "manager={manager}"),
    "visits:visit_figures": ("staff={manager}",),
    "core:notice_bell": ("open=1",),
    "core:access_log_list": ("person={staff_number}", "kind=dial"),
    "api:customers": (*SEARCHES, "manager={staff_number}", "unit={unit_code}", "count=capped", "fields=id,name"),
    "api:contact_persons": ("customer={firm}",),
    "api:visits": ("customer={customer}", "staff={staff_number}"),
    "api:duties": ("customer={customer}", "manager={staff_number}"),
    "api:units": ("code={unit_code}",),
    "api:staff": ("number={staff_number}", "unit={unit_code}"),
}  # fmt: skip
PROBES |= merged("PROBES")


def probes(world, row, side):
    """Query strings that ask about a side."""
    found = world.rows[side]
    values = {name: getattr(value, "pk", value) for name, value in found.items()}
    values |= {
        "part": PART_OF_NAME[side], "initials": INITIALS[side], "number": NUMBER[side], "tail": TAIL[side],
        "staff_number": STAFF_NUMBER[side], "unit_code": side.upper(),
    }  # fmt: skip
    return [probe.format(**values) for probe in PROBES.get(row.name, ())]


def addresses(world, row, side):
    """Every way to ask this route: with rows of one's own side, of the hidden one, and all probes on both."""
    own, foreign = (address_of(world, row, which) for which in (OTHER[side], side))
    found = dict.fromkeys((own, foreign))
    for probe in probes(world, row, side):
        found |= dict.fromkeys(f"{address}{'&' if '?' in address else '?'}{probe}" for address in (own, foreign))
    return list(found)


def told(answer, secrets, asked, said=()):
    """The secrets in an answer, without what the caller said himself."""
    headers = unquote(" ".join(f"{name}: {value}" for name, value in answer.headers.items()))
    text = f"{headers} {answer.text}"
    path, _mark, query = unquote(asked).partition("?")
    said = [*(part.partition("=")[2] for part in query.split("&")), *path.split("/"), *said]
    for mine in said:
        if any(secret in mine for secret in secrets):
            text = text.replace(mine, "")
    return [secret for secret in secrets if secret in text]


# The former manager's sheet comes back and says to whom the customer went (issue 2, bad input).
GRANTED = {
    ("workbench:log_visit", "teammate"): {"金满堂"},
    # A segment that is shared with the unit, by its name (CUS-15).
    ("accounts:segment_list", "teammate"): {HERON},
    # The rules by which the unit assesses its managers are every manager's of the unit to read (KPI-10).
    ("kpi:scorecard_list", "teammate"): {HERON},
    ("kpi:scorecard_detail", "teammate"): {HERON},
}


# --- Full numbers and the private group (CUS-8)

PHONES = ("13900000002", "13900005101", "13900005301", "13911112222", "13900005202", "13900005402", "8666-1001",
          "8666-2002")  # fmt: skip
# Who changes a number sees it.
FORMS = {"accounts:customer_edit", "accounts:contact_person_edit"}
TABS = ("people", "files", "history", "duties")


def secrets_in(text, *, private_only=False):
    """The full numbers and private facts in a text."""
    numbers = () if private_only else PHONES
    return [secret for secret in (*numbers, *ID_NUMBERS.values(), LARK) if secret in text]


# --- Headers (scorecard 10)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CSP = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
EVIL = "evil.example"
FORWARDED = {"HTTP_X_FORWARDED_HOST": EVIL, "HTTP_X_FORWARDED_SERVER": EVIL}
"""What an unknown proxy may say of itself; it counts nothing."""
UNNAMED = {"healthz", "readyz", "metrics"}


def policy(answer):
    """The CSP as directive → sources, without nonces."""
    found = re.sub(r" ?'nonce-[^']+'", "", answer.headers.get("Content-Security-Policy", ""))
    parts = (part.strip().partition(" ") for part in found.split(";"))
    return {name: sources for name, _space, sources in parts if name}


def problems_of(row, answer):
    """What is missing on an answer."""
    found = {name: answer.headers.get(name) for name, value in HEADERS.items() if answer.headers.get(name) != value}
    sources = policy(answer)
    if sources.get("default-src") != "'none'":  # a file is even stricter: nothing runs in it
        found |= {name: sources.get(name) for name, value in CSP.items() if sources.get(name) != value}
    if "unsafe-eval" in str(sources) or "unsafe-inline" in str({**sources, "style-src-attr": ""}):
        found["Content-Security-Policy"] = sources
    if row.name not in UNNAMED and len(answer.headers.get("X-Request-Id", "")) < 8:
        found["X-Request-Id"] = None
    found |= {name: answer.headers[name] for name in ("Server", "X-Powered-By") if name in answer.headers}
    return found


# --- Refusals (decisions 13)


def is_refusal(row: Row, answer) -> bool:
    """Whether the call was turned away: for want of sign-in, right or sight."""
    if row.kind == "public":
        return False
    is_sent_to_sign_in = answer.status == 302 and answer.headers["Location"].startswith("/sign-in/?next=")
    return is_sent_to_sign_in or answer.status in (401, 403, 404)


# --- Languages (PLT-1)

ASKERS = (ANONYMOUS, "manager", "supervisor", "director", "nobody")
LONG_ENGLISH = 12
LONG_CHINESE = 8
SCRIPT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>", re.S)


@cache
def words():
    """(English, Chinese) of every message without placeholders, as the running process says it."""
    texts = [entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.msgctxt and "%" not in entry.msgid]
    with translation.override("zh-hans"):
        return [(text, said) for text in texts if (said := translation.gettext(text)) != text]


@cache
def texts_of(language):
    """The messages that betray a language: long enough not to stand in a page by chance."""
    if language == "chinese":
        return [said for _text, said in words() if len(said) > LONG_CHINESE]
    return [text for text, _said in words() if len(text) > LONG_ENGLISH]


CLEAN = {"english": set(), "chinese": set()}
"""Lines without a word of the language: the frame and the forms come again on every page."""


def words_left(row: Row, answers, language):
    """Who read which words of this language on a page; answers of the API have none of ours."""
    if row.is_api:
        return {}
    found = {}
    for who, answer in answers.items():
        if "text/html" in answer.headers.get("Content-Type", ""):
            lines = [line for line in SCRIPT.sub("", answer.text).splitlines() if line not in CLEAN[language]]
            page = "\n".join(lines)
            if left := [text for text in texts_of(language) if text in page]:
                found[who] = left
            else:
                CLEAN[language].update(lines)
    return found
