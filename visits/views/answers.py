"""What the views of this app share: how a deed is answered."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from crm.core.asked import Asked

DRAW_AGAIN = "visit-logged"
"""What the frame's script hears: the page draws its part marked data-fresh again."""


def done(request: Asked, text: str, *, then: str, undo: str = "") -> HttpResponse:
    """A deed is done: for htmx a toast, the sheet closed and the page drawn again; else the page `then`."""
    if request.htmx:
        answer = HttpResponse(status=204)
        toast = {"text": text, "undo": undo}
        answer["HX-Trigger"] = json.dumps({"toast": toast, "sheet-close": True, DRAW_AGAIN: True})
        return answer
    messages.success(request, text, extra_tags=f"undo={undo}" if undo else "")
    return HttpResponseRedirect(then)
