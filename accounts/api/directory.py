"""`units`, `staff`, `tiers`: read by every client with `directory:read` (written in a later release)."""

from __future__ import annotations

from typing import ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.api import schemas
from accounts.choices import Line, UnitType
from accounts.queries import directory
from crm.core.api.filters import Reader, one_of, read_parameters, text
from crm.core.api.pagination import PAGE, page_answer, page_of_table
from crm.core.api.request import ApiRequest
from crm.core.api.schema import list_parameters, page_of, problems
from crm.core.api.views import Route

READ = {"GET": "view_customers"}
TOKEN = {"GET": "directory:read"}


class UnitList(Route):
    """Units inside the caller's subtree."""

    feed = "unit"
    abilities = READ
    token_scopes = TOKEN
    filters: ClassVar[dict[str, Reader]] = {"code": text, "type": one_of(*UnitType.values)}

    @extend_schema(
        operation_id="units_list",
        parameters=list_parameters(filters),
        responses={200: page_of(schemas.UnitOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List units by id."""
        filters = read_parameters(request, self.filters, also=PAGE)
        return page_answer(request, schemas.UnitOut, directory.unit_rows, request.user.access.scope, filters=filters)


class UnitDetail(Route):
    """One unit by its code."""

    abilities = READ
    token_scopes = TOKEN

    @extend_schema(operation_id="units_get", responses={200: schemas.UnitOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, code: str) -> Response:
        """Get one unit."""
        read_parameters(request, {})
        items, _next = directory.unit_rows(request.user.access.scope, filters={"code": code}, cursor="", limit=1)
        if not items:
            raise Http404
        return Response(items[0])


class StaffList(Route):
    """Staff inside the caller's subtree."""

    feed = "staff"
    abilities = READ
    token_scopes = TOKEN
    filters: ClassVar[dict[str, Reader]] = {"number": text, "unit": text, "line": one_of(*Line.values)}

    @extend_schema(
        operation_id="staff_list",
        parameters=list_parameters(filters),
        responses={200: page_of(schemas.StaffOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List staff by id."""
        filters = read_parameters(request, self.filters, also=PAGE)
        return page_answer(request, schemas.StaffOut, directory.staff_rows, request.user.access.scope, filters=filters)


class StaffDetail(Route):
    """One staff member by staff number."""

    abilities = READ
    token_scopes = TOKEN

    @extend_schema(operation_id="staff_get", responses={200: schemas.StaffOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, number: str) -> Response:
        """Get one staff member."""
        read_parameters(request, {})
        items, _next = directory.staff_rows(request.user.access.scope, filters={"number": number}, cursor="", limit=1)
        if not items:
            raise Http404
        return Response(items[0])


class TierList(Route):
    """Tiers with the cadence in force (CUS-1)."""

    feed = "tier"
    abilities = READ
    token_scopes = TOKEN

    @extend_schema(
        operation_id="tiers_list",
        parameters=list_parameters({}),
        responses={200: page_of(schemas.TierOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List tiers, best first within each kind."""
        read_parameters(request, {}, also=PAGE)
        return page_answer(request, schemas.TierOut, page_of_table, directory.tier_table(timezone.localdate()))
