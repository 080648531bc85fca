"""Which tables of sales are in the change log, and how (SEC-23, decisions 24)."""

from crm.core.changelog import TrackSpec

CHANGE_LOG: dict[str, TrackSpec] = {
    "sales_quota": TrackSpec(excluded=frozenset({"set_at", "source_updated_at"})),
    "sales_salesorder": TrackSpec(excluded=frozenset({"version", "updated_at", "source_updated_at"})),
    "sales_subscription": TrackSpec(
        key_only_for_system=True, excluded=frozenset({"version", "updated_at", "source_updated_at"})
    ),
    "sales_surveynote": TrackSpec(),
    "sales_usageadvice": TrackSpec(),
    "sales_usagemonth": TrackSpec(key_only_for_system=True, excluded=frozenset({"updated_at", "source_updated_at"})),
    "sales_memberuse": TrackSpec(key_only_for_system=True, excluded=frozenset({"updated_at", "source_updated_at"})),
    "sales_bill": TrackSpec(key_only_for_system=True, excluded=frozenset({"updated_at", "source_updated_at"})),
    "sales_payment": TrackSpec(key_only_for_system=True, excluded=frozenset({"updated_at", "source_updated_at"})),
    "sales_qualificationrule": TrackSpec(),
    "sales_joiningapplication": TrackSpec(excluded=frozenset({"version"})),
    "sales_applicationcheck": TrackSpec(),
    "sales_agreement": TrackSpec(excluded=frozenset({"version", "updated_at", "source_updated_at"})),
    "sales_needtype": TrackSpec(),
    "sales_need": TrackSpec(excluded=frozenset({"version", "updated_at"})),
    "sales_needstep": TrackSpec(),
    "sales_tiercredit": TrackSpec(),
    "sales_creditaccount": TrackSpec(key_only_for_system=True, excluded=frozenset({"used", "score", "state"})),
    "sales_creditchange": TrackSpec(excluded=frozenset({"version"})),
    "sales_dunningcase": TrackSpec(key_only_for_system=True),
    "sales_dunningaction": TrackSpec(),
    "sales_guarantee": TrackSpec(excluded=frozenset({"version"})),
}

CHANGE_LOG_EXEMPT: dict[str, str] = {
    "sales_agreementreminder": "written once by the night: that an end was announced, never changed",
}
