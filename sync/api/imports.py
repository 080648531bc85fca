"""`imports` and `jobs` (sync-api): load a file, look how far it is, get its bad rows, take it back."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.actions.books import BOTH, KNOWN_ONLY, MANUAL, NEW_ONLY
from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.problem import Problem
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.serializers import StrictSerializer
from crm.core.api.views import Route, idempotent
from crm.core.errors import FieldProblem, Invalid, NotAllowed
from crm.core.models import Attachment, Job, JobState, User
from crm.core.views.jobs import csv_lines, error_rows
from sync import actions, queries
from sync.api.uploads import LARGEST, PARSERS, fingerprint, upload_and_fields
from sync.imports.guesses import guessed_mapping
from sync.imports.kinds import KINDS, MAY_ANY
from sync.imports.mapping import Mapping, parse_mapping

MAY, SCOPE = "|".join(MAY_ANY), "imports:write"
FILTERS: dict[str, read.Reader] = {"state": read.one_of(*JobState.values), "type": read.one_of("import", "undo")}


class ImportIn(StrictSerializer):
    """What a file is and what is to be done with it."""

    kind = serializers.ChoiceField(sorted(KINDS))
    source = serializers.RegexField(  # type: ignore[assignment] # declared fields are taken off the class
        r"^[a-z0-9][a-z0-9_.-]{0,39}$", required=False, help_text="The system it comes from; a client's own."
    )
    mode = serializers.ChoiceField([BOTH, NEW_ONLY, KNOWN_ONLY], required=False)
    match = serializers.ChoiceField(["external_id", "number", "phone"], required=False, help_text="Customers only.")
    dry_run = serializers.BooleanField(required=False, default=False)
    atomic = serializers.BooleanField(required=False, default=False, help_text="All rows or none: up to 10,000 rows.")
    mapping = serializers.CharField(
        required=False, allow_blank=True, max_length=100_000,
        help_text="JSON: field → column or {column, as, values, value, template}. Without it, as remembered for source"
        " and kind, else by the headings.",
    )  # fmt: skip
    rows = serializers.IntegerField(required=False, min_value=0, max_value=999_999_999, help_text="Rows announced.")
    sum_column = serializers.CharField(required=False, max_length=100)
    sum_total = serializers.DecimalField(required=False, max_digits=20, decimal_places=4)


class ImportForm(ImportIn):
    """The same with the file: CSV, XLSX or JSON lines, gzip too."""

    file = serializers.FileField()


class ProgressOut(serializers.Serializer[Any]):
    """How far a job is."""

    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    doing = serializers.CharField(allow_blank=True)


class JobOut(serializers.Serializer[Any]):
    """A job; `counts` by what came of the rows."""

    id = serializers.IntegerField()
    type = serializers.ChoiceField(["import", "undo"])
    kind = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment] # as above
    dry_run = serializers.BooleanField()
    state = serializers.ChoiceField(JobState.values)
    progress = ProgressOut()
    counts = serializers.DictField(child=serializers.IntegerField())
    unused_columns = serializers.ListField(child=serializers.CharField())
    error = serializers.CharField(allow_blank=True)
    undone_by = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


FIELDS_OF_A_BARE_BODY = [
    OpenApiParameter(
        name, OpenApiTypes.BOOL if name in ("dry_run", "atomic") else OpenApiTypes.INT if name == "rows"
        else OpenApiTypes.STR, required=False,
        description="Only with a bare table as body; with a form it is a field of the form.",
    )
    for name in ("kind", "source", "mode", "match", "dry_run", "atomic", "mapping", "rows", "sum_column", "sum_total")
]  # fmt: skip


class ImportList(Route):
    """Files to load."""

    abilities = {"POST": MAY}
    token_scopes = {"POST": SCOPE}
    parser_classes = PARSERS
    most_bytes: ClassVar[int] = LARGEST

    @extend_schema(
        operation_id="imports_create",
        request={
            "multipart/form-data": ImportForm,
            "text/csv": OpenApiTypes.BINARY,
            "application/x-ndjson": OpenApiTypes.BINARY,
            "application/gzip": OpenApiTypes.BINARY,
        },
        parameters=[IDEMPOTENCY_KEY, *FIELDS_OF_A_BARE_BODY],
        responses={202: JobOut, **problems(400, 401, 403, 409, 413, 415, 422)},
    )
    def post(self, request: ApiRequest) -> Response:
        """Hand in a file; the job that takes it is in the answer and in `Location`."""
        upload, fields = upload_and_fields(request)
        body = ImportIn(data=fields)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        return idempotent(request, lambda: _started(request, upload, given), fingerprint=fingerprint(upload, fields))


def _started(request: ApiRequest, upload: Any, given: dict[str, Any]) -> Response:
    kind, now = KINDS[given["kind"]], timezone.now()
    if request.auth is not None and kind.scope not in request.auth.scopes:
        raise NotAllowed(f"This kind needs the scope {kind.scope} too.", code="missing_scope")
    file = actions.receive_file(upload, by=request.user, now=now)
    caller = None
    if request.auth is not None:
        caller = {"client": getattr(request.auth, "client_id", None), "scopes": sorted(request.auth.scopes)}
    job = actions.start_import(
        file=file, raw=_mapping(request, given, file).as_json(), is_dry=given["dry_run"], atomic=given["atomic"],
        by=request.user, now=now, caller=caller,
    )  # fmt: skip
    return Response(record_of(job), status=202, headers={"Location": reverse("api:job", args=[job.pk])})


def _mapping(request: ApiRequest, given: dict[str, Any], file: Attachment) -> Mapping:
    """What was sent, else what is remembered for source and kind, else what the headings say."""
    own = getattr(request.auth, "source", "")
    source = given.get("source") or own or MANUAL
    if own and source != own:
        raise Invalid("This client has another source.", code="not_found", field="source")
    whole: dict[str, Any]
    if given.get("mapping"):
        whole = {"fields": _fields(given["mapping"])}
    else:
        known = queries.remembered_mapping(source, given["kind"])
        found = known or guessed_mapping(source, KINDS[given["kind"]], actions.layout_of(file).header)
        whole = found.as_json()
    announced = {"rows": given.get("rows"), "column": given.get("sum_column"), "total": given.get("sum_total")}
    expected = {name: value if name == "rows" else str(value) for name, value in announced.items() if value is not None}
    more = {"source": source, "kind": given["kind"], "expected": expected}
    chosen = {name: given[name] for name in ("mode", "match") if given.get(name)}
    return parse_mapping(whole | more | chosen)


def _fields(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Invalid("The mapping is not valid JSON.", code="invalid_json", field="mapping") from fault


def job_records(
    user: User, *, filters: dict[str, Any], cursor: str, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Somebody's imports and undoings, newest first."""
    rows, following = queries.job_page(user, filters=filters, cursor=cursor, limit=limit)
    undos = queries.undos_of(rows)
    return [record_of(job, undos) for job in rows], following


def record_of(job: Job, undos: dict[int, int] | None = None) -> dict[str, Any]:
    """A job as the API tells it; `undos` says what was taken back."""
    mapping = job.params.get("mapping", {})
    undone = queries.undos_of([job]) if undos is None else undos
    return {
        "id": job.pk,
        "type": "import" if mapping else "undo",
        "kind": mapping.get("kind") or job.result.get("kind", ""),
        "source": mapping.get("source", ""),
        "dry_run": bool(job.params.get("is_dry")),
        "state": job.state,
        "progress": {"done": job.progress_done, "total": job.progress_total, "doing": job.doing},
        "counts": {name: n for name, n in job.result.items() if isinstance(n, int) and not isinstance(n, bool)},
        "unused_columns": job.result.get("unused_columns", []),
        "error": job.error,
        "undone_by": undone.get(job.pk),
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def _found(request: ApiRequest, pk: int) -> Job:
    job = queries.imports_of(request.user).filter(pk=pk).first()
    if job is None:
        raise Problem(404, "not_found", "There is no such job.")
    return job


class JobList(Route):
    """The caller's own imports and undoings."""

    abilities = {"GET": MAY}
    token_scopes = {"GET": SCOPE}

    @extend_schema(
        operation_id="jobs_list",
        parameters=list_parameters(FILTERS),
        responses={200: page_of(JobOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List jobs, newest first."""
        given = read.read_parameters(request, FILTERS, also=PAGE)
        return page_answer(request, JobOut, job_records, request.user, filters=given)


class JobDetail(Route):
    """One job."""

    abilities = {"GET": MAY}
    token_scopes = {"GET": SCOPE}

    @extend_schema(operation_id="jobs_read", responses={200: JobOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """State, progress and counts."""
        read.read_parameters(request, {})
        return Response(record_of(_found(request, pk)))


class JobErrors(Route):
    """The rows that could not be taken."""

    abilities = {"GET": MAY}
    token_scopes = {"GET": SCOPE}

    @extend_schema(
        operation_id="jobs_errors",
        responses={(200, "text/csv"): OpenApiTypes.STR, **problems(400, 401, 403, 404)},
    )
    def get(self, request: ApiRequest, pk: int) -> HttpResponseBase:
        """CSV: row, column, code, reason, value; values masked, cells safe in a spreadsheet."""
        read.read_parameters(request, {})
        header, rows = error_rows(_found(request, pk))
        response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="job-{pk}-errors.csv"'
        return response


class JobUndo(Route):
    """Taking an import back."""

    abilities = {"POST": MAY}
    token_scopes = {"POST": SCOPE}

    @extend_schema(
        operation_id="jobs_undo", request=None, parameters=[IDEMPOTENCY_KEY],
        responses={202: JobOut, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
    )  # fmt: skip
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Within seven days; what somebody has changed since stays and is among the errors of the new job."""
        read.read_parameters(request, {})
        if request.data:
            raise Invalid(errors=[FieldProblem(str(next(iter(request.data))), "unknown_field", "No body is needed.")])
        return idempotent(request, lambda: self._undone(request, pk))

    def _undone(self, request: ApiRequest, pk: int) -> Response:
        job = actions.undo_import(job=_found(request, pk), by=request.user, now=timezone.now())
        return Response(record_of(job), status=202, headers={"Location": reverse("api:job", args=[job.pk])})
