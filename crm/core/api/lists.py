"""How lists leave: as JSON at once, page by page as lines, packed when the caller unpacks, not again when unchanged.

A body with `items` and `next` is a list. `Accept: application/x-ndjson` streams all its pages, one record a line, with
the memory of one page; a line that is missing its end was cut off.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import orjson
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request

from crm.core.api.renderers import NDJSON, OPTIONS, default

SMALL = 1000
LEVEL = 4
NOT_HASHED = frozenset({"changes_cursor"})
"""Differs at each call although the list does not."""


def dumps(value: Any) -> bytes:
    """JSON as the API writes it."""
    return orjson.dumps(value, default=default, option=OPTIONS)


def is_list(body: Any) -> bool:
    """Whether an answer is a page of a list."""
    return isinstance(body, Mapping) and "items" in body and "next" in body


def is_endless(body: Mapping[str, Any]) -> bool:
    """Whether there is always a next page, as in the feed: nothing to stream to the end or to have already."""
    return "more" in body


def list_answer(request: Request, body: Mapping[str, Any]) -> HttpResponse:
    """A page; 304 without it when the caller has the same one."""
    if is_endless(body):
        response = HttpResponse(dumps(body), content_type="application/json")
        pack(request, response)
        return response
    told = {name: body[name] for name in NOT_HASHED if name in body}
    text = dumps({name: value for name, value in body.items() if name not in NOT_HASHED} if told else body)
    tag = f'W/"{hashlib.sha256(text).hexdigest()[:20]}"'
    if tag in tags(request):
        response = HttpResponse(status=304)
    else:
        text = text[:-1] + b"," + dumps(told)[1:] if told else text
        response = HttpResponse(text, content_type="application/json")
        pack(request, response)
    response["ETag"] = tag
    return response


def record_tag(body: Mapping[str, Any]) -> str:
    """The ETag of one record: its version, which writes may name, or what is in it."""
    version = body.get("version")
    return f'"{version}"' if isinstance(version, int) else f'W/"{hashlib.sha256(dumps(body)).hexdigest()[:20]}"'


def lines_answer(
    request: Request, body: Mapping[str, Any], again: Callable[[], Any], done: Callable[[], None] | None
) -> StreamingHttpResponse:
    """All pages of a list from this one on, one record a line; `again` answers the next, `done` is told the end."""
    lines = _lines(request, body, again)
    is_packed = unpacks(request)
    response = StreamingHttpResponse(_packed(lines) if is_packed else lines, content_type=NDJSON)
    if is_packed:
        response["Content-Encoding"] = "gzip"
    if "changes_cursor" in body:
        response["Changes-Cursor"] = body["changes_cursor"]
    patch_vary_headers(response, ["Accept", "Accept-Encoding"])
    if done is not None:
        response._resource_closers.append(done)  # type: ignore[attr-defined] # called when the server is done with it
    return response


def _lines(request: Request, body: Mapping[str, Any], again: Callable[[], Any]) -> Iterator[bytes]:
    while True:
        yield b"".join(dumps(item) + b"\n" for item in body["items"])
        if body["next"] is None:
            return
        asked = request.query_params.copy()
        asked["cursor"] = body["next"]
        asked.pop("count", None)
        request._request.GET = cast("Any", asked)
        body = again().data


def _packed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for chunk in chunks:
        yield packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def tags(request: Request) -> frozenset[str]:
    """What `If-None-Match` names."""
    return frozenset(part.strip() for part in request.META.get("HTTP_IF_NONE_MATCH", "").split(","))


def unpacks(request: Request) -> bool:
    """Whether the caller takes gzip."""
    named = [part.strip().partition(";") for part in request.META.get("HTTP_ACCEPT_ENCODING", "").split(",")]
    return any(name == "gzip" and weight.replace(" ", "") not in ("q=0", "q=0.0") for name, _sign, weight in named)


def pack(request: Request, response: HttpResponseBase) -> None:
    """Pack an answer that is worth it."""
    if not isinstance(response, HttpResponse) or len(response.content) < SMALL:
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    if unpacks(request) and not response.has_header("Content-Encoding"):
        response.content = gzip.compress(response.content, LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
