"""Which source owns which field of customers (sync-api "who owns a field")."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.models import OwnedField
from accounts.rules.ownership import OWNABLE
from crm.core.db import write
from crm.core.errors import Conflict, Invalid
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

SOURCE = re.compile(r"[a-z][a-z0-9_-]{0,38}\Z")
MAY = "configure"


def own_field(*, field: str, source: str, by: User, now: datetime, seen: str | None = None) -> OwnedField | None:
    """Give a field to a source, "" to nobody. `seen` is who owned it when the page was read: 409 when another does.

    Corrections that stand beside the old owner's word wait for the new one, as far as it knows the customer.
    """
    source = clean_text(source, field="source", max_length=39).lower()
    if field not in OWNABLE:
        raise Invalid(_("There is no field of this name."), code="unknown_field", field="field")
    if source and not SOURCE.match(source):
        raise Invalid(_("Use small letters, digits, - or _, beginning with a letter."), code="invalid", field="source")
    with write(by=by):
        must(by, MAY)
        row = OwnedField.objects.select_for_update().filter(field=field).first()
        if seen is not None and seen != (row.source if row else ""):
            text = _("Somebody else has changed the owner meanwhile. Please look again.")
            raise Conflict(text, code="changed", field="source")
        if not source:
            if row is not None:
                row.delete()
            return None
        if row is not None and row.source == source:
            return row
        row = row or OwnedField(field=field)
        row.source, row.by, row.at = source, by, now
        row.save()
        return row
