"""The view every API route derives from: size check, rate limit, ETags, idempotent POSTs (sync-api)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache, partial
from typing import Any, ClassVar, cast

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAcceptable, Throttled
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core import row_budget
from crm.core.abilities import public
from crm.core.api import lists, problem
from crm.core.api.lists import dumps as _json
from crm.core.api.pagination import MAX_LIMIT
from crm.core.api.parsers import MAX_BYTES
from crm.core.api.problem import Problem
from crm.core.api.renderers import wants_lines
from crm.core.api.request import ApiRequest, Machine
from crm.core.api.writing import Writing
from crm.core.errors import DomainError, FieldProblem, Invalid
from crm.core.feed import Reader, new_cursor
from crm.core.models import IdempotencyKey, User

LONGEST_KEY = 200
KEPT = timedelta(hours=48)
LANE_WAIT = 2
"""Seconds after which a bulk call that found no room may come back."""


def precondition_failed(current: Mapping[str, Any]) -> Problem:
    """412: the record is newer than the caller's copy; the current one is in the body (sync-api)."""
    detail = "The record has changed since you read it."
    return Problem(412, "precondition_failed", detail, extra={"current": dict(current)})


class Route(Writing):
    """`abilities` and `token_scopes` by method; nothing declared means refused."""

    abilities: ClassVar[Mapping[str, str]] = {}
    token_scopes: ClassVar[Mapping[str, str]] = {}
    access_rule = "api"
    bulk_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods that carry hundreds of rows: they have a lane of their own, so that single calls never queue behind."""
    most_bytes: ClassVar[int] = MAX_BYTES
    leave_lane: Callable[[], None] | None = None
    feed: ClassVar[str] = ""
    """Of a list: the type of its records in the change feed. Its first page says from where to hear on."""
    changes_cursor = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """DRF's way; a bulk call leaves its lane however it ends."""
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            if self.leave_lane is not None:
                self.leave_lane()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse large bodies, then sign in, count and permit."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > self.most_bytes:
            raise Problem(413, "too_large", f"The body is larger than {self.most_bytes >> 20} MB.")
        super().initial(request, *args, **kwargs)
        if wants_lines(request) and request.method != "GET":
            raise NotAcceptable
        if request.method == "GET" and (person := _person(request)) is not None:
            row_budget.refuse_beyond(person, now=timezone.now())
        self._enter_lane(request, is_bulk=wants_lines(request) or request.method in self.bulk_methods)
        if self.feed and request.method == "GET" and "cursor" not in request.query_params:
            self.changes_cursor = new_cursor(Reader.of(request, timezone.localdate()))

    def _enter_lane(self, request: Request, *, is_bulk: bool) -> None:
        machine = cast("Machine | None", request.auth)
        if machine is not None and is_bulk:
            self.leave_lane = machine.enter_lane()
            if self.leave_lane is None:
                raise Throttled(wait=LANE_WAIT)
            if machine.rows_per_call < MAX_LIMIT:
                _refuse_more_rows(request.data, machine.rows_per_call)

    def perform_authentication(self, request: Request) -> None:
        """A machine's calls are counted as soon as it is known, allowed ones and denied ones alike."""
        super().perform_authentication(request)
        machine = cast("Machine | None", request.auth)
        if machine is not None:
            left, seconds, is_allowed = machine.count_request(timezone.now())
            self.rate_headers = {
                "RateLimit-Limit": str(machine.requests_per_minute),
                "RateLimit-Remaining": str(left),
                "RateLimit-Reset": str(seconds),
            }
            if not is_allowed:
                raise Throttled(wait=seconds)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Write lists down at once; tell the caller where he stands in his minute."""
        if request.method == "GET" and isinstance(response, Response) and response.status_code == 200:
            response = self._read(request, response)
        for name, value in getattr(self, "rate_headers", {}).items():
            response[name] = value
        response["Cache-Control"] = "private, no-store"
        response = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(response, Response):
            response.add_post_render_callback(partial(lists.pack, request))
        return response

    def _read(self, request: Request, response: Response) -> HttpResponseBase:
        """What was read: a list as JSON or as lines, a record, or only that it is still the same one."""
        is_list = lists.is_list(response.data)
        if is_list:
            _spend(request, response.data)
        if wants_lines(request):
            if not is_list or lists.is_endless(response.data):
                refused: Response = self.handle_exception(NotAcceptable())
                return refused
            leave, self.leave_lane = self.leave_lane, None
            return lists.lines_answer(request, response.data, partial(self._again, request), leave)
        if is_list:
            return lists.list_answer(request, response.data)
        if not response.has_header("ETag") and isinstance(response.data, Mapping):
            response["ETag"] = lists.record_tag(response.data)
        if response.has_header("ETag") and response["ETag"] in lists.tags(request):
            return HttpResponse(status=304, headers={"ETag": response["ETag"]})
        return response

    def _again(self, request: Request) -> Response:
        """The next page of a list that is streamed."""
        answer: Response = cast("Any", self).get(request, *self.args, **self.kwargs)
        _spend(request, answer.data)
        return answer


def _person(request: Request) -> User | None:
    """Who calls from his browser, without a token: his day has a budget of rows (safety 1.5)."""
    return request.user if request.auth is None and request.user.is_authenticated else None


def _spend(request: Request, body: Mapping[str, Any]) -> None:
    if (person := _person(request)) is not None:
        row_budget.spend(person, len(body["items"]), now=timezone.now())


def _refuse_more_rows(data: Any, most: int) -> None:
    items = data.get("items") if isinstance(data, Mapping) else None
    if isinstance(items, list) and len(items) > most:
        detail = f"At most {most} rows a call."
        raise Problem(400, "too_many_rows", detail, [FieldProblem("items", "too_many_rows", detail)])


@public
def unknown_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Every address below /api/ that leads nowhere: a problem, not a page."""
    body = problem.body(request, 404, "not_found", "There is nothing at this address.")
    return HttpResponse(_json(body), status=404, content_type=problem.MEDIA_TYPE)


class SchemaView(SpectacularAPIView):
    """The OpenAPI description, for anybody who is signed in, person or machine; one and the same for all of them."""

    permission_classes = [IsAuthenticated]
    access_rule = "signed_in"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """In the language of the reader, or in the one he names (`lang`)."""
        asked = request.GET.get("lang", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        renderer = request.accepted_renderer
        headers = {"Content-Disposition": f'inline; filename="CRM.{renderer.format}"'}
        kind = f"{renderer.media_type}; charset=utf-8"
        return HttpResponse(_description(language, renderer.media_type), content_type=kind, headers=headers)


@cache
def _description(language: str, media_type: str) -> bytes:
    """Written once per process: it says the same until the next release, and to write it takes a second."""
    renderer = next(one for one in SchemaView.renderer_classes if one.media_type == media_type)
    with translation.override(language):
        document = cast("Any", SchemaView.generator_class()).get_schema(public=True)
        return cast("bytes", renderer().render(document))


class DocsView(SpectacularSwaggerSplitView):
    """The readable documentation; script and style are files of their own, so that the strict CSP holds."""

    template_name = "core/api_docs.html"
    permission_classes = [IsAuthenticated]
    access_rule = "signed_in"


def etag(version: int) -> str:
    """The ETag of a record's version."""
    return f'"{version}"'


def expected_version(request: ApiRequest) -> int | None:
    """The version of `If-Match`; None without the header or for `*`. Raises `Invalid` for a strange one."""
    raw = request.headers.get("If-Match", "").strip()
    if raw in ("", "*"):
        return None
    bare = raw.removeprefix("W/").strip('"')
    if not bare.isascii() or not bare.isdigit() or len(bare) > 9:
        raise Invalid('If-Match is an ETag of this API, like "3".', code="invalid_etag", field="If-Match")
    return int(bare)


def is_create_only(request: ApiRequest) -> bool:
    """`If-None-Match: *`: only create, never change."""
    return request.headers.get("If-None-Match", "").strip() == "*"


def idempotent(request: ApiRequest, work: Callable[[], Response], *, fingerprint: bytes | None = None) -> Response:
    """Run a POST once per `Idempotency-Key`: same key and body → same answer; other body → 422; running → 409.

    `fingerprint` stands for a body that is a file.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return work()
    if len(key) > LONGEST_KEY or not key.isprintable() or not key.isascii():
        raise Invalid(
            f"The Idempotency-Key has at most {LONGEST_KEY} printable ASCII characters.",
            code="key_too_long", field="Idempotency-Key",
        )  # fmt: skip
    body = _json(request.data) if fingerprint is None else fingerprint
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()
    with transaction.atomic():
        if not _lock(f"{request.user.pk}:{key}"):
            raise InFlight
        now = timezone.now()
        kept = IdempotencyKey.objects.filter(user_id=request.user.pk, key=key).first()
        if kept and kept.created_at > now - KEPT:
            return _replay(kept, digest)
        if kept:
            kept.delete()
        response = work()
        IdempotencyKey.objects.create(
            user_id=request.user.pk, key=key, request_digest=digest, status=response.status_code,
            body=_json(response.data), created_at=now,
        )  # fmt: skip
        return response


class InFlight(DomainError):
    """409: a twin of this request is running now."""

    code = "in_flight"
    message = "A request with this Idempotency-Key is still running."
    status = 409


class KeyReused(DomainError):
    """422: the key was used for another body."""

    code = "key_reused"
    message = "This Idempotency-Key was used for another request."
    status = 422


def _lock(name: str) -> bool:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _replay(kept: IdempotencyKey, digest: str) -> Response:
    if kept.request_digest != digest:
        raise KeyReused
    return Response(orjson.loads(bytes(kept.body)), status=kept.status, headers={"Idempotency-Replayed": "true"})
