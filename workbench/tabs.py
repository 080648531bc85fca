"""Tabs of the customer page that are asked for when they are opened: each is a page of its own app (CUS-35).

The address answers a fragment to htmx (`request.htmx`) and a whole page to everybody else; its template extends
`workbench/customer_part.html`. The customer page itself asks nothing for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.abilities import Access
from workbench.queries.addresses import address


@dataclass(frozen=True, slots=True)
class PartTab:
    """One tab: who has any of the abilities for this customer may open it."""

    name: str
    label: str | Promise
    url_name: str
    abilities: tuple[str, ...]

    def is_open_to(self, access: Access, *, unit_id: int, manager_id: int | None) -> bool:
        """Whether this person may look at it for a customer of this unit and manager."""
        return bool(self.url_name) and any(
            access.scope_for(name).allows(unit_id=unit_id, manager_id=manager_id) for name in self.abilities
        )

    def url(self, customer_id: int) -> str:
        """Where its content is; empty while the page does not exist."""
        return address(self.url_name, customer_id)


PARTS: tuple[PartTab, ...] = (
    PartTab("lines", _("Lines"), "accounts:customer_lines", ("view_customers",)),
    PartTab("usage", _("Products and usage"), "sales:customer_usage", ("view_sales",)),
    PartTab("agreements", _("Agreements and needs"), "sales:customer_agreements", ("view_sales",)),
    PartTab("money", _("Bills and credit"), "sales:money_detail", ("view_sales",)),
    PartTab("care", _("Service and value"), "workbench:customer_care", ("view_customers",)),
)


def parts_for(access: Access, *, unit_id: int, manager_id: int | None) -> list[PartTab]:
    """The tabs of one person for one customer."""
    return [part for part in PARTS if part.is_open_to(access, unit_id=unit_id, manager_id=manager_id)]
