"""Sub-resources of a case: its steps, transitions, conversation and files; the same guards as on its page."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.core.files.base import ContentFile
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts.queries import names
from complaints import actions
from complaints.actions.deeds import do_deed
from complaints.api import schemas
from complaints.api.routes import READ, WRITE, case_answer, with_version
from complaints.choices import EntryKind
from complaints.queries.cases import case_progress
from complaints.queries.records import (
    entry_record,
    entry_records,
    file_record,
    file_records,
    step_record,
    step_records,
)
from crm.core import attachments
from crm.core.api import filters as read
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, IF_MATCH, problems
from crm.core.api.views import Route, idempotent
from crm.core.errors import Invalid

WORKS = "handle_cases|assign_cases|judge_cases|handle_orders"
REFUSED = problems(400, 401, 403, 404, 409, 412, 413, 415, 422)
SEEN = problems(400, 401, 403, 404)


class ComplaintSteps(Route):
    """The six steps of a complaint."""

    abilities = {"GET": "view_cases", "POST": "handle_cases|assign_cases"}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="complaint_steps_list", responses={200: schemas.StepsOut, **SEEN})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List the steps of all rounds."""
        read.read_parameters(request, {})
        return Response({"items": step_records(request.user.access, pk)})

    @extend_schema(
        operation_id="complaint_steps_create",
        request=schemas.StepIn,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        responses={201: schemas.StepRecordedOut, **REFUSED},
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Record the next step. 409 `step_before` or `feelings_first`: no step is skipped."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._record(request, pk))

    def _record(self, request: ApiRequest, pk: int) -> Response:
        body = schemas.StepIn(data=request.data)
        body.is_valid(raise_exception=True)
        done: actions.Recorded = with_version(
            request, pk, lambda version: actions.record_step(
                case_id=pk, **body.validated_data, version=version, by=request.user, now=timezone.now()
            )
        )  # fmt: skip
        answer = step_record(done.step) | {
            "warnings": [str(text) for text in done.warnings], "phrases": list(done.phrases)
        }  # fmt: skip
        return Response(answer, status=201)


REFERENCES = {"to_staff": "to_staff_id", "to_unit": "to_unit_id", "into": "into_id"}


class ComplaintTransitions(Route):
    """What may be done with a case, and doing it."""

    abilities = {"GET": "view_cases", "POST": WORKS}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="complaint_transitions_list", responses={200: schemas.AllowedOut, **SEEN})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List the deeds the caller may do now."""
        read.read_parameters(request, {})
        progress = case_progress(request.user.access, pk, now=timezone.now())
        return Response({"state": progress.state, "allowed": sorted(progress.allowed)})

    @extend_schema(
        operation_id="complaint_transitions_create",
        request=schemas.TransitionIn,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        responses={
            200: OpenApiResponse(schemas.ComplaintDetailOut, description="Done; the case as it is now."), **REFUSED
        },
    )  # fmt: skip
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Do one deed: accept, assign, pause, reply, close, reopen, merge, dispatch, report up …"""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._do(request, pk))

    def _do(self, request: ApiRequest, pk: int) -> Response:
        body = schemas.TransitionIn(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        deed = values.pop("deed")
        for name, stored in REFERENCES.items():
            if name in values:
                values[stored] = reference(name, values.pop(name))
        with_version(
            request, pk, lambda version: do_deed(
                case_id=pk, deed=deed, values=values, version=version, by=request.user, now=timezone.now()
            )
        )  # fmt: skip
        return case_answer(request, pk)


def reference(name: str, value: Any) -> int:
    """A colleague by staff number, a unit by code, a case by id."""
    if name == "into":
        return int(value)
    found = names.staff_id_by_number(value) if name == "to_staff" else names.unit_id_by_code(value)
    if found is None:
        raise Invalid("There is no such record.", code="not_found", field=name)
    return found


class ComplaintEntries(Route):
    """The conversation of a case."""

    abilities = {"GET": "view_cases", "POST": WORKS}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="complaint_entries_list", responses={200: schemas.EntriesOut, **SEEN})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List the conversation, oldest first."""
        read.read_parameters(request, {})
        return Response({"items": entry_records(request.user.access, pk)})

    @extend_schema(
        operation_id="complaint_entries_create",
        request=schemas.EntryIn,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        responses={201: schemas.EntryOut, **REFUSED},
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Add a line."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._add(request, pk))

    def _add(self, request: ApiRequest, pk: int) -> Response:
        body = schemas.EntryIn(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        kind = values.pop("kind")
        if (kind == EntryKind.UPDATE) != ("method" in values):
            raise Invalid("A word to the customer names its method, other lines have none.", code="invalid",
                          field="method")  # fmt: skip
        said: actions.Said = with_version(
            request, pk, lambda version: ADD[kind](
                case_id=pk, **values, version=version, by=request.user, now=timezone.now()
            )
        )  # fmt: skip
        return Response(entry_record(said.entry), status=201)


ADD: dict[str, Any] = {
    EntryKind.NOTE: actions.add_note, EntryKind.SAID: actions.add_said, EntryKind.UPDATE: actions.add_update
}  # fmt: skip


class ComplaintFiles(Route):
    """The files of a case."""

    abilities = {"GET": "view_cases", "POST": "handle_cases|assign_cases|handle_orders"}
    token_scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="complaint_attachments_list", responses={200: schemas.FilesOut, **SEEN})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List the files."""
        read.read_parameters(request, {})
        return Response({"items": file_records(request.user.access, pk)})

    @extend_schema(
        operation_id="complaint_attachments_create",
        request=schemas.FileIn,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        responses={201: schemas.FileOut, **REFUSED},
    )
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Add a file: pictures, PDF, office documents, text; its kind comes from its content."""
        read.read_parameters(request, {})
        return idempotent(request, lambda: self._add(request, pk))

    def _add(self, request: ApiRequest, pk: int) -> Response:
        body = schemas.FileIn(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            content = base64.b64decode(body.validated_data["content_base64"], validate=True)
        except (binascii.Error, ValueError) as fault:
            raise Invalid("This is not base64.", code="invalid", field="content_base64") from fault
        upload = ContentFile(content, name=body.validated_data["name"])
        row = with_version(
            request, pk, lambda version: actions.add_case_file(
                case_id=pk, upload=upload, version=version, by=request.user, now=timezone.now()
            )
        )  # fmt: skip
        return Response(file_record(row), status=201)


class ComplaintFile(Route):
    """One file."""

    abilities = {"GET": "view_cases"}
    token_scopes = {"GET": READ}

    @extend_schema(
        operation_id="complaint_attachments_get",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **SEEN},
    )
    def get(self, request: ApiRequest, pk: int, file_id: int) -> HttpResponseBase:
        """Get its content."""
        read.read_parameters(request, {})
        row = actions.open_case_file(case_id=pk, file_id=file_id, by=request.user, now=timezone.now())
        return attachments.stream(row.attachment)
