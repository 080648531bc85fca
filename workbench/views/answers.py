"""What the views of this app share: typed requests, answers to deeds, opening the log sheet."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from crm.core.asked import Asked
from crm.core.pages import came_from, own_path
from workbench.forms import parse_day
from workbench.queries.log_sheet import Opening


def done(
    request: Asked, text: str, *, undo: str = "", draft: str = "", event: str = "", look: str = "", then: str = ""
) -> HttpResponse:
    """A deed is done: for htmx a toast, the sheet closed (or `then` opened in it) and the event; else a page."""
    if request.htmx:
        toast = {"text": text, "undo": undo, "draft": draft, "look": look}
        heard: dict[str, Any] = {event: True} if event else {}
        answer = HttpResponse(status=204)
        following = {"sheet-open": then} if then else {"sheet-close": True}
        answer["HX-Trigger"] = json.dumps({"toast": toast, **following, **heard})
        return answer
    tags = " ".join(f"{name}={value}" for name, value in (("undo", undo), ("draft", draft)) if value)
    (messages.warning if look == "soon" else messages.success)(request, text, extra_tags=tags)
    return HttpResponseRedirect(then or came_from(request))


def is_script(request: Asked) -> bool:
    """Whether our own script asks and wants data, not a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def opening_of(request: Asked) -> Opening:
    """Which customers the sheet is for, and what it begins with."""
    given: QueryDict = request.POST if request.method == "POST" else request.GET
    return Opening(
        customer_ids=ids_of(given.getlist("customer")),
        tap_id=number_of(given.get("tap")),
        seconds=number_of(given.get("seconds")),
        channel=given.get("channel", "")[:30],
        on=parse_day(given.get("on", "")),
        next=own_path(given.get("next"), ""),
        asked=given.get("q", "")[:50] if "find" in given else "",
    )


def ids_of(texts: list[str], limit: int = 20) -> tuple[int, ...]:
    """The ids among these texts, each once; what is none is left out."""
    found = dict.fromkeys(number for text in texts if (number := number_of(text)) is not None)
    return tuple(found)[:limit]


def number_of(text: str | None) -> int | None:
    """A whole number that a bigint can hold, or None."""
    if text and len(text) <= 18 and text.isascii() and text.isdigit():
        return int(text)
    return None
