"""`changes`: what became visible since a cursor (sync-api, "Reading what changed"; PLT-2)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.core.api import filters as read
from crm.core.api.pagination import PLACE, cursor_of, limit_of, parameter_problem
from crm.core.api.request import ApiRequest
from crm.core.api.schema import LIMIT, problems
from crm.core.api.views import Route
from crm.core.errors import NotAllowed
from crm.core.feed import Reader, feed_types, new_cursor
from sync.feed import FeedItem, read_changes

TYPES = tuple(feed_types())
FILTERS: dict[str, read.Reader] = {"types": read.text, "include": read.one_of("record"), "skip_own": read.flag}
PARAMETERS = [
    OpenApiParameter(
        "cursor", str, description="`next` of the last answer, or `changes_cursor` of a list; else from now."
    ),
    OpenApiParameter("limit", LIMIT, description="Changes looked at for a page; 100 without it."),
    OpenApiParameter(
        "types", str, description=f"Comma-separated, of: {', '.join(TYPES)}. All that may be read without it."
    ),
    OpenApiParameter("include", str, enum=["record"], description="With each record as its list gives it."),
    OpenApiParameter("skip_own", bool, description="Without what the caller itself wrote."),
]


class ChangeOut(serializers.Serializer[Any]):
    """One record that changed, with what it is today."""

    type = serializers.ChoiceField(TYPES)
    id = serializers.IntegerField()
    external_ids = serializers.DictField(child=serializers.CharField())
    op = serializers.ChoiceField(("upsert", "delete"), help_text="`delete`: deleted, merged, or out of sight.")
    changed_at = serializers.DateTimeField()
    fields = serializers.ListField(  # type: ignore[assignment] # declared fields are taken off the class
        child=serializers.CharField(), help_text="What changed; empty: new, or not known."
    )
    record = serializers.DictField(required=False, help_text="Only with `include=record`, of an upsert.")


class ChangesOut(serializers.Serializer[Any]):
    """A page of changes."""

    items = ChangeOut(many=True)
    next = serializers.CharField(help_text="Where to go on from; never null.")
    more = serializers.BooleanField(help_text="Ask again at once.")


class ChangeList(Route):
    """The feed: at least once, collapsed to records, safe against late commits."""

    abilities = {"GET": "|".join(sorted({kind.ability for kind in feed_types().values()}))}
    token_scopes = {"GET": "|".join(sorted({kind.token_scope for kind in feed_types().values()}))}

    @extend_schema(
        operation_id="changes_list",
        parameters=PARAMETERS,
        responses={200: ChangesOut, **problems(400, 401, 403, 410)},
    )
    def get(self, request: ApiRequest) -> Response:
        """What changed since the cursor; a cursor may be used again. 410: read the lists again."""
        given = read.read_parameters(request, FILTERS, also=PLACE)
        reader = Reader.of(request, timezone.localdate())
        types = types_of(reader, given.get("types", ""))
        cursor = cursor_of(request) or new_cursor(reader)
        page = read_changes(
            reader, types, cursor, limit_of(request), with_records="include" in given,
            skip_actor=request.user.pk if given.get("skip_own") else None,
        )  # fmt: skip
        return Response({"items": [shown(item) for item in page.items], "next": page.next, "more": page.more})


def types_of(reader: Reader, named: str) -> list[str]:
    """The types asked for: 400 for one there is not, 403 for one that the caller may not read."""
    types = [name.strip() for name in named.split(",") if name.strip()]
    for name in types:
        if name not in TYPES:
            detail = _("There is no type %(name)s.") % {"name": name[:60]}
            raise parameter_problem("types", "invalid_choice", detail)
        if name not in reader.readable:
            raise NotAllowed(_("The type %(name)s is not open to you."), params={"name": name})
    return types


def shown(item: FeedItem) -> dict[str, Any]:
    """A change as it goes out."""
    found = {
        "type": item.type,
        "id": item.id,
        "external_ids": item.external_ids,
        "op": item.op,
        "changed_at": item.changed_at,
        "fields": item.fields,
    }
    return found if item.record is None else found | {"record": item.record}
