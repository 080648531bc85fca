"""Words for the columns of a customer and his profile groups, wherever a page names one."""

from __future__ import annotations

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FIELD_LABELS: dict[str, str | Promise] = {
    "name": _("Name"),
    "kind": _("Customer kind"),
    "state": _("State"),
    "number": _("Customer number"),
    "unit_id": _("Unit"),
    "manager_id": _("Account manager"),
    "tier_id": _("Tier"),
    "group_id": _("Group customer"),
    "phone": _("Phone"),
    "other_phone": _("Other phone"),
    "email": _("E-mail"),
    "district": _("District"),
    "business_address": _("Business address"),
    "credit_code": _("Credit code"),
    "industry": _("Industry"),
    "market_band": _("Market band"),
    "monthly_spend": _("Monthly spend"),
    "joined_on": _("Customer since"),
    "exited_on": _("Left on"),
    "owed_from": _("Contact owed from"),
    "is_important": _("Important"),
    "important_by_id": _("Marked important by"),
    "important_at": _("Marked important at"),
    "important_reason": _("Reason for the mark"),
    "preferred_channel": _("Preferred channel"),
    "preferred_time": _("Preferred time"),
    "dnd_from": _("Do not disturb from"),
    "dnd_to": _("Do not disturb to"),
    "no_marketing": _("No marketing"),
    "sim_kind": _("SIM"),
    "sim_issued_on": _("SIM issued on"),
    "sim_replaced_on": _("SIM replaced on"),
    "service_notes": _("Service notes"),
    "sex": _("Sex"),
    "birthday": _("Birthday"),
    "is_lunar_birthday": _("Lunar birthday"),
    "personality": _("Personality"),
    "sports": _("Favourite sports"),
    "reward_preference": _("Favourite reward"),
    "home_address": _("Home address"),
    "id_number": _("ID number"),
    "occupation": _("Occupation"),
    "employer": _("Employer"),
    "position": _("Position"),
    "family_background": _("Family background"),
    "family": _("Family members"),
    "consent_on": _("Consent given on"),
    "consent_note": _("Note on the consent"),
    "licence_no": _("Licence number"),
    "licence_until": _("Licence valid until"),
    "contact_person": _("Contact person"),
    "leader": _("Leader"),
    "decision_maker": _("Decision maker"),
    "telecom_admin": _("Telecom administrator"),
    "role": _("Role"),
    "relation_strength": _("Strength of the relation"),
    "is_active": _("Active"),
    "customer_id": _("Customer"),
    "external_id": _("External id"),
    "external_source": _("Source"),
    "relation": _("Relation"),
}
GROUP_LABELS: dict[str, str | Promise] = {
    "basic": _("Basic data"),
    "preferences": _("Preferences"),
    "private": _("Private data"),
    "contacts": _("Contact persons"),
}


def field_label(name: str) -> str:
    """A column in words; a column nobody named shows its own name."""
    return _in_words(name, get_language())


@lru_cache(maxsize=1024)
def _in_words(name: str, language: str | None) -> str:
    """The forty labels of a customer's page are looked up once, not at every page."""
    return str(FIELD_LABELS.get(name, name.removesuffix("_id").replace("_", " ")))
