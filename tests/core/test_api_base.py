"""What every REST view stands on: strict bodies, one error format, declared rights (sync-api, bad inputs 1-18)."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.core.abilities import NO_ACCESS
from crm.core.api import filters, pagination
from crm.core.api.authentication import SessionAuthentication
from crm.core.api.parsers import StrictJsonParser, loads
from crm.core.api.permissions import HasAbility
from crm.core.api.problem import Problem, handle
from crm.core.api.renderers import JsonRenderer
from crm.core.api.serializers import PhoneField, StrictSerializer, TextField
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed
from crm.core.models import AccessLog, User
from crm.core.pages import Keyset, encode_cursor

pytestmark = pytest.mark.django_db


class PersonIn(StrictSerializer):
    name = TextField(max_length=10, allow_blank=False)
    phone = PhoneField(required=False)
    number = TextField(read_only=True)


class Example(APIView):
    authentication_classes = [SessionAuthentication]
    permission_classes = [HasAbility]
    parser_classes = [StrictJsonParser]
    renderer_classes = [JsonRenderer]
    abilities = {"GET": "view_customers", "POST": "edit_customers"}
    answer = None

    def get(self, request):
        known = {"born": filters.day, "tier": filters.one_of("gold"), "n": filters.number, "q": filters.text}
        found = filters.read_parameters(request, known, also=pagination.SORTED_PAGE)
        pagination.sort_of(request, ("name", "-name"), "name")
        keyset = Keyset(("name", "id"), pagination.limit_of(request), (str, int))
        keyset.where(pagination.cursor_of(request))
        items, following = keyset.page([("a", 1), ("b", 2)], lambda row: row)
        body = pagination.list_body(request, items, following)
        return Response(body | {"found": {k: str(v) for k, v in found.items()}})

    def post(self, request):
        if isinstance(self.answer, Exception):
            raise self.answer
        body = PersonIn(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(body.validated_data, status=201)

    def delete(self, request):
        return Response(status=204)

    def get_exception_handler(self):
        return handle


@pytest.fixture
def person(db):
    user = User.objects.create_user("M1001", name="Ann")
    user.access = replace(NO_ACCESS, user_id=user.pk, abilities=frozenset({"view_customers", "edit_customers"}))
    return user


@pytest.fixture
def call(person):
    def send(method="get", path="/", data=None, user=person, raw=None, **initkwargs):
        body = raw if raw is not None else json.dumps(data if data is not None else {}).encode()
        extra = {} if method == "get" else {"data": body, "content_type": "application/json"}
        request = getattr(RequestFactory(), method)(path, **extra)
        request.user = user
        request.id = "req-1"
        request.resolver_match = None
        request._dont_enforce_csrf_checks = True
        response = Example.as_view(**initkwargs)(request)
        response.render()
        return response.status_code, json.loads(response.content or b"null"), response

    return send


def codes(body):
    return {(error["pointer"], error["code"]) for error in body["errors"]}


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        (b"{bad", "invalid_json", "1"),
        (b'{"a": NaN}', "invalid_json", "NaN"),
        (b'{"a": -Infinity}', "invalid_json", "Infinity"),
        (b'{"a": 1e999}', "invalid_json", "1e999"),
        (b'{"a": ' + b"9" * 5000 + b"}", "invalid_json", "999"),
        (b'{"a": 1, "a": 2}', "invalid_json", "a"),
        (b'{"name": "a\\u0000"}', "invalid_character", "NUL"),
        (b'{"name": ["x", {"y": "\\ud800"}]}', "invalid_character", "U+D800"),
        (b'{"a\\u0000b": 1}', "invalid_character", ""),
        (b'{"a": "\xff"}', "invalid_json", "7"),
        (b"[" * 21 + b"]" * 21, "too_deep", "20"),
        (b"[" * 100_000, "too_deep", "20"),
    ],
)
def test_a_body_that_is_not_strict_json_is_refused_with_the_reason(call, raw, code, words):
    """Bad inputs 2, 4, 6."""
    status, body, response = call("post", raw=raw)
    assert (status, body["code"]) == (400, code)
    assert words in body["detail"]
    assert response["Content-Type"] == "application/problem+json"


def test_the_place_of_a_bad_character_is_named(call):
    _status, body, _response = call("post", raw=b'{"list": [{"y": "\\u0000"}]}')
    assert codes(body) == {("/list/0/y", "invalid_character")}


def test_brackets_inside_texts_do_not_count_as_depth(call):
    status, _body, _response = call("post", raw=json.dumps({"name": "[" * 10}).encode())
    assert status == 201


def test_unknown_and_read_only_fields_are_errors_all_told_at_once(call):
    """Bad input 18: mass assignment is refused, not ignored."""
    status, body, _response = call("post", data={"is_staff": True, "number": "7", "phone": "12", "name": "\u200b"})
    assert status == 400
    assert codes(body) == {
        ("/is_staff", "unknown_field"),
        ("/number", "read_only_field"),
        ("/phone", "invalid_phone"),
        ("/name", "blank"),
    }
    assert body["request_id"] == "req-1"


@pytest.mark.parametrize(
    ("data", "code"),
    [({"name": 5}, "invalid"), ({"name": "x" * 11}, "too_long"), ({}, "required"), ({"name": None}, "null")],
)
def test_a_text_field_takes_text_only_and_names_what_is_wrong(call, data, code):
    status, body, _response = call("post", data=data)
    assert (status, codes(body)) == (400, {("/name", code)})


@pytest.mark.parametrize("data", [[], "x", 5, None])
def test_a_body_that_is_no_object_is_refused(call, data):
    assert call("post", raw=json.dumps(data).encode())[0] == 400


def test_a_phone_comes_out_in_its_one_form(call):
    assert call("post", data={"name": "a", "phone": "+86 138-0013-8000"})[1]["phone"] == "13800138000"


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("?nonsense=1", "/?nonsense", "unknown_parameter"),
        ("?born=2026-02-30", "/?born", "invalid_date"),
        ("?born=0001-01-01", "/?born", "out_of_range"),
        ("?tier=bronze", "/?tier", "invalid_choice"),
        ("?n=abc", "/?n", "not_a_number"),
        ("?n=" + "9" * 30, "/?n", "out_of_range"),
        ("?q=a%00b", "/?q", "invalid_character"),
        ("?tier=gold&tier=gold", "/?tier", "repeated_parameter"),
        ("?sort=password", "/?sort", "unknown_sort"),
        ("?limit=0", "/?limit", "out_of_range"),
        ("?limit=1001", "/?limit", "out_of_range"),
        ("?limit=abc", "/?limit", "out_of_range"),
        ("?cursor=abc", "/?cursor", "invalid_cursor"),
        ("?cursor=%00", "/?cursor", "invalid_cursor"),
        ("?cursor=" + "A" * 5000, "/?cursor", "invalid_cursor"),
    ],
)
def test_a_wrong_query_parameter_is_an_error_that_names_it(call, query, pointer, code):
    """Bad inputs 1, 7, 9-11, 16."""
    status, body, _response = call(path=f"/{query}")
    assert (status, codes(body)) == (400, {(pointer, code)})


def test_a_good_query_is_read_and_the_page_goes_on_by_cursor(call):
    status, body, _response = call(path="/?tier=gold&born=1990-02-28&limit=1&sort=-name")
    assert status == 200
    assert body["items"] == [["a", 1]]
    assert call(path=f"/?sort=-name&cursor={body['next']}")[0] == 200


@pytest.mark.parametrize("values", [["a"], ["a", 1, 2], [{"x": 1}, 1], [{"d": "nope"}, 1], [2**70, 1], ["a\x00", 1]])
def test_a_cursor_of_another_shape_is_refused(call, values):
    assert call(path=f"/?cursor={encode_cursor(values)}")[1]["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (Conflict(current={"name": "b"}), 409, "conflict"),
        (NotAllowed(), 403, "not_allowed"),
        (
            Invalid(errors=[FieldProblem("phone", "invalid_phone", "x"), FieldProblem("a.0.b", "blank", "y")]),
            400,
            "invalid",
        ),
        (Http404(), 404, "not_found"),
    ],
)
def test_a_refusal_of_the_business_has_its_status_and_its_fields(call, answer, status, code):
    got, body, _response = call("post", data={"name": "a"}, answer=answer)
    assert (got, body["code"], body["status"]) == (status, code, status)
    if status == 409:
        assert body["current"] == {"name": "b"}
    if code == "invalid":
        assert codes(body) == {("/phone", "invalid_phone"), ("/a/0/b", "blank")}


def test_without_sign_in_it_is_401_and_a_method_that_declares_nothing_is_403(call, person):
    """Decisions 13; deny by default."""
    from django.contrib.auth.models import AnonymousUser

    status, _body, response = call(user=AnonymousUser())
    assert status == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert call("delete")[0] == 403
    assert call("put")[0] == 405
    assert AccessLog.objects.filter(kind="denied", user=person).count() == 1


def test_an_ability_one_has_not_is_403_and_leaves_only_its_row(call, person):
    person.access = replace(person.access, abilities=frozenset({"view_customers"}))
    assert call("post", data={"name": "a"})[0] == 403
    assert AccessLog.objects.filter(kind="denied", user=person).count() == 1


def test_a_token_needs_its_scope_besides_the_ability(call, person):
    class Token:
        scopes = frozenset({"customers:read"})
        access = person.access

    request = RequestFactory().get("/")
    request.user = person

    class View:
        abilities = {"GET": "view_customers"}
        token_scopes = {"GET": "customers:read"}
        allowed_methods = ["GET"]

    class Asked:
        method, user, auth = "GET", person, Token

    assert HasAbility().has_permission(Asked, View)
    View.token_scopes = {"GET": "customers:write"}
    assert not HasAbility().has_permission(Asked, View)
    View.token_scopes = {}
    assert not HasAbility().has_permission(Asked, View)


def test_a_large_bulk_body_is_checked_quickly(call):
    """The check of characters and depth costs less than the parsing."""
    import time

    raw = json.dumps(
        [{"external_id": f"B{n}", "name": "江城海尔电器有限公司", "phone": "13800138000"} for n in range(10_000)]
    ).encode()
    began = time.process_time()
    loads(raw)
    assert time.process_time() - began < 1.0
    assert connection.vendor == "postgresql"


DOUBLED = (
    '{"a":1,"a":2}', '{"a" :1,"a":2}', '{"a":1,"a"\n:2}', '{"a":{"b":1,"b":2}}',
    '[{"a":1},{"a":1,"b":[{"c":1,"c":1}]}]',
    '{"a":"\\":","b":1,"b":2}', '{"a":":x","a":1}', '{"\\u0061":1,"a":2}', '{"a"\t:1,"a" :2}', '{"":1,"":2}',
)  # fmt: skip
SINGLE = (
    '{"a":1,"b":{"a":2}}', '{"a" : 1, "b" :2}',
    '{"a":"\\":\\":"}', '{"a":":x","b":"\\\\"}', '["a",":"]', '":"', "[]", "{}", "3",
    '[{"a":1},{"a":1}]', '{"a\\"":1}', '{"名":"值：“:”"}',
)  # fmt: skip


def test_a_doubled_key_is_found_however_the_body_is_written():
    """Bad input 3: the quick look agrees with the close one, whatever stands before the colon and inside texts."""
    for text in DOUBLED:
        with pytest.raises(Problem):
            loads(text.encode())
    for text in SINGLE:
        assert loads(text.encode()) == json.loads(text), text


def test_no_character_that_cannot_be_stored_passes_the_quick_look():
    """Bad inputs 1-6: raw or escaped, in a text or in a key."""
    bad = ["\x7f", "\x80", "\x9f", "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"]
    for char in bad:
        for text in (f'["x{char}y"]', f'{{"k{char}":1}}', json.dumps([char])):
            with pytest.raises(Problem):
                loads(text.encode())
    for text in ("·£ÿ", "中文", "😀", "\ufffd"):
        assert loads(json.dumps([text], ensure_ascii=False).encode()) == [text]
