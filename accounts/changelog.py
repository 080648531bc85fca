"""Which tables of accounts are in the change log, and how (SEC-23, decisions 15 and 24)."""

from crm.core.changelog import TrackSpec

DERIVED_OF_NAME = {"pinyin", "initials"}

CHANGE_LOG = {
    "accounts_unit": TrackSpec(excluded=frozenset({"version", "path", "source_updated_at"})),
    "accounts_staff": TrackSpec(excluded=frozenset({"version", "source_updated_at", *DERIVED_OF_NAME})),
    "accounts_post": TrackSpec(),
    "accounts_privategrant": TrackSpec(),
    "accounts_leave": TrackSpec(),
    "accounts_cover": TrackSpec(),
    "accounts_qualification": TrackSpec(),
    "accounts_tier": TrackSpec(),
    "accounts_tierrule": TrackSpec(),
    "accounts_tierhistory": TrackSpec(),
    "accounts_tierproposal": TrackSpec(),
    "accounts_customer": TrackSpec(
        excluded=frozenset(
            {
                "version",
                "created_at",
                "updated_at",
                "profile_updated_at",
                "source_updated_at",
                "name_tokens",
                *DERIVED_OF_NAME,
            }
        )
    ),
    "accounts_externalid": TrackSpec(),
    "accounts_personprofile": TrackSpec(),
    # Only that a value changed, never the value (decisions 15).
    "accounts_privateprofile": TrackSpec(
        secret=frozenset(
            {
                "home_address",
                "id_number",
                "occupation",
                "employer",
                "position",
                "family_background",
                "consent_note",
            }
        )
    ),
    "accounts_familymember": TrackSpec(secret=frozenset({"relation", "name", "birthday"})),
    "accounts_jobchange": TrackSpec(secret=frozenset({"employer_before", "employer_after"})),
    "accounts_channelprofile": TrackSpec(),
    "accounts_contactperson": TrackSpec(excluded=frozenset({"version", "source_updated_at"})),
    "accounts_groupmember": TrackSpec(excluded=frozenset({"source_updated_at"})),
    "accounts_relationshipstrength": TrackSpec(),
    "accounts_valueassessment": TrackSpec(excluded=frozenset({"is_current"})),
    "accounts_customerfile": TrackSpec(),
    "accounts_requiredfield": TrackSpec(),
    "accounts_segment": TrackSpec(),
    "accounts_handover": TrackSpec(),
    "accounts_handoveritem": TrackSpec(key_only_for_system=True),
    "accounts_assignment": TrackSpec(),
    "accounts_task": TrackSpec(key_only_for_system=True),
    "accounts_dispatch": TrackSpec(),
    "accounts_line": TrackSpec(key_only_for_system=True, excluded=frozenset({"version", "source_updated_at"})),
    "accounts_lifecycleevent": TrackSpec(),
    "accounts_signal": TrackSpec(),
    "accounts_product": TrackSpec(),
    "accounts_productprice": TrackSpec(),
    "accounts_escalation": TrackSpec(),
    "accounts_escalationstep": TrackSpec(),
    # What an undo needs holds private data for a week; the rows themselves are logged where they stood.
    "accounts_customermerge": TrackSpec(excluded=frozenset({"memory"})),
    "accounts_duplicatepair": TrackSpec(key_only_for_system=True),
    # The values are those of the customer's own row, where they are logged.
    "accounts_learnedfact": TrackSpec(secret=frozenset({"source_value", "own_value"})),
    "accounts_ownedfield": TrackSpec(),
    "accounts_feedexpectation": TrackSpec(excluded=frozenset({"arrived_at", "late_since"})),
}

CHANGE_LOG_EXEMPT = {
    "accounts_standing": "derived: rebuilt every night from tables that are logged (decisions 22)",
}
