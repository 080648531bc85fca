"""`kpi/results` and `kpi/indicators`, read only (issue 5)."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.queries import names
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer, page_of_table, parameter_problem
from crm.core.api.request import ApiRequest
from crm.core.api.schema import list_parameters, page_of, problems
from crm.core.api.views import Route
from crm.core.scope import Scope
from kpi.api import schemas
from kpi.choices import Period
from kpi.queries.indicators import all_indicators
from kpi.queries.records import indicator_records, result_records
from visits.api.routes import staff_id_of

READ = "kpi:read"
FILTERS: dict[str, read.Reader] = {
    "indicator": read.text,
    "period": read.one_of(*Period.values),
    "period_from": read.day,
    "period_to": read.day,
    "unit": read.text,
    "manager": read.text,
    "is_unit": read.flag,
    "is_met": read.flag,
    "is_frozen": read.flag,
}


class ResultList(Route):
    """The figures in sight."""

    abilities = {"GET": "view_kpi"}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="kpi_results_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(schemas.ResultOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List the results in force by id: numerator, denominator, value, target, met (KPI-50)."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        scope = request.user.access.scope_for("view_kpi")
        if "manager" in given:
            given["manager_id"] = staff_id_of(scope, "manager", given.pop("manager"))
        if "unit" in given:
            given["unit_id"] = unit_id_of(scope, given.pop("unit"))
        if "indicator" in given and given["indicator"] not in {row.code for row in all_indicators()}:
            raise parameter_problem("indicator", "not_found", "There is no such indicator.")
        return page_answer(request, schemas.ResultOut, result_records, scope, filters=given)


def unit_id_of(scope: Scope, code: str) -> int:
    """Id behind a unit code of the query string, inside the scope."""
    unit_id = names.unit_id_by_code(code)
    if unit_id is None or not scope.allows(unit_id=unit_id):
        raise parameter_problem("unit", "not_found", "There is no such unit.")
    return unit_id


class IndicatorList(Route):
    """What is counted, and what is to be reached."""

    abilities = {"GET": "view_kpi"}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="kpi_indicators_list",
        parameters=list_parameters({}),
        responses={200: page_of(schemas.IndicatorOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List every indicator with a source of data; one without is absent."""
        read.read_parameters(request, {}, also=PAGE)
        return page_answer(request, schemas.IndicatorOut, page_of_table, indicator_records(timezone.localdate()))
