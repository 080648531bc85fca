"""`reconciliation`: whether two systems hold the same, by unit (对账, sync-api "Trust between two systems")."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.core.api import filters as read
from crm.core.api.permissions import access_of
from crm.core.api.request import ApiRequest
from crm.core.api.schema import list_parameters, problems
from crm.core.api.views import Route
from crm.core.errors import NotAllowed
from sync import reconciliation
from sync.reconciliation import TABLES, compare

FILTERS: dict[str, read.Reader] = {"type": read.one_of(*TABLES), "date": read.day, "by": read.one_of("unit")}
TOKEN_SCOPES = "|".join(sorted({table.token_scope for table in TABLES.values()}))
ABILITIES = "|".join(sorted({table.ability for table in TABLES.values()}))


class ReconciledOut(serializers.Serializer[Any]):
    """Rows of a unit, or all together."""

    rows = serializers.IntegerField()
    sums = serializers.DictField(child=serializers.DecimalField(20, 2))
    hash = serializers.CharField(help_text="15 hexadecimal digits; the order of rows does not matter.")


class ReconciledUnitOut(ReconciledOut):
    """Rows of one unit."""

    unit = serializers.CharField(help_text="Unit code.")


class ReconciliationOut(serializers.Serializer[Any]):
    """What is held here on a day. How the hash is made stands in the description of the call."""

    type = serializers.ChoiceField(list(TABLES))
    date = serializers.DateField()
    hash_of = serializers.ListField(child=serializers.CharField(), help_text="The fields of a row, in order.")
    items = ReconciledUnitOut(many=True)
    total = ReconciledOut()


class Reconciliation(Route):
    """Counts, sums and a hash by unit."""

    abilities = {"GET": ABILITIES}
    token_scopes = {"GET": TOKEN_SCOPES}

    @extend_schema(
        operation_id="reconciliation_get",
        description=reconciliation.__doc__,
        parameters=[
            *[one for one in list_parameters(FILTERS) if one.name in FILTERS],
        ],
        responses={200: ReconciliationOut, **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """Customers without a type, today without a date; for usage and bills the month of the date."""
        given = read.read_parameters(request, FILTERS)
        kind = given.get("type", "customer")
        table = TABLES[kind]
        if request.auth is not None and table.token_scope not in request.auth.scopes:
            raise NotAllowed
        access = access_of(request)
        if not access.can(table.ability):
            raise NotAllowed
        source = getattr(request.auth, "source", "")
        day = given.get("date") or timezone.localdate()
        return Response(compare(access.scope_for(table.ability), kind, day=day, source=source))
