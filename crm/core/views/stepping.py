"""The next and the previous record of the list one came from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core import stepping
from crm.core.abilities import signed_in
from crm.core.asked import Asked


@require_GET
@signed_in
def step(request: Asked) -> HttpResponseRedirect:
    """To the neighbour; at the end back to the list."""
    address, is_there = stepping.neighbour(request, now=timezone.now())
    if not is_there:
        messages.info(request, _("There is no further record in this list."))
    return HttpResponseRedirect(address)
