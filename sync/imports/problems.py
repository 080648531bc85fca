"""What can be wrong with a mapping as a whole; for files and rows see `crm.core.delimited`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid


class MappingRefused(Invalid):
    """The mapping does not fit the file or our fields; `where` names the entry."""

    code = "mapping_refused"
    message = _("This mapping cannot be used.")

    def __init__(
        self, message: str | Promise, *, code: str, where: str, params: Mapping[str, Any] | None = None
    ) -> None:
        self.where = where
        super().__init__(message, code=code, field=where, params={**(params or {}), "where": where})
