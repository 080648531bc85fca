"""What an action says when it will not do something (SEC-24, decisions 13)."""

import pytest
from django.urls import path
from django.utils import translation

from crm.core.abilities import public, signed_in
from crm.core.errors import Conflict, DomainError, FieldProblem, Invalid, NotAllowed, OwnRequest, refuse_own
from crm.core.models import AccessLog, User


def raiser(fault):
    def view(request):
        raise fault

    return view


urlpatterns = [
    path("conflict/", public(raiser(Conflict(current={"name": "b"})))),
    path("invalid/", public(raiser(Invalid("Too late.", code="too_late", field="day")))),
    path("refused/", public(raiser(DomainError("No.", code="no")))),
    path("not-allowed/", signed_in(raiser(NotAllowed()))),
    path("own/", signed_in(raiser(OwnRequest()))),
]
handler404 = "crm.core.views.errors.not_found"


def test_nobody_decides_on_his_own_request():
    """SEC-24: the doer never approves his own request."""
    with pytest.raises(OwnRequest):
        refuse_own(7, 7)
    refuse_own(7, 8)
    refuse_own(None, None)


def test_the_sentence_is_said_in_the_language_of_the_moment_with_its_numbers():
    refusal = Invalid("at most %(max)d", params={"max": 5})
    assert str(refusal) == "at most 5"
    with translation.override("en"):
        assert str(NotAllowed()) == "You may not do this."


def test_several_problems_travel_together():
    refusal = Invalid(errors=[FieldProblem("a", "blank", "x"), FieldProblem("b", "too_long", "y")])
    assert [(problem.field, problem.code) for problem in refusal.problems] == [("a", "blank"), ("b", "too_long")]
    assert [(problem.field, problem.code) for problem in DomainError("x", code="c", field="f").problems] == [("f", "c")]


@pytest.mark.django_db
@pytest.mark.urls("tests.core.test_errors")
@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/conflict/", 409, "conflict"),
        ("/invalid/", 400, "too_late"),
        ("/refused/", 422, "no"),
        ("/nothing/", 404, "not_found"),
    ],
)
def test_a_refusal_that_no_form_shows_has_its_own_status_for_scripts(client, address, status, code):
    """Decisions 13."""
    answer = client.get(address, HTTP_HX_REQUEST="true")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert body["request_id"] == answer["X-Request-Id"]


@pytest.mark.django_db
@pytest.mark.urls("tests.core.test_errors")
@pytest.mark.parametrize("address", ["/not-allowed/", "/own/"])
def test_a_refusal_for_lack_of_right_leaves_its_row(client, address):
    person = User.objects.create_user("M1", name="Ann")
    client.force_login(person)
    assert client.get(address, HTTP_ACCEPT="application/json").status_code == 403
    assert AccessLog.objects.filter(kind="denied", user=person).count() == 1


@pytest.mark.django_db
def test_a_form_without_its_token_is_told_that_the_page_is_old(db):
    """Bad input 31."""
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", {"login": "x", "password": "y"}).status_code == 403
    answer = strict.post("/sign-in/", {"login": "x"}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-12345678", True), ("short", False), ("x" * 65, False), ("a b c d e f g h", False), ("<script>1234", False)],
)
def test_a_request_keeps_a_sensible_id_and_gets_one_of_ours_otherwise(client, given, kept):
    answered = client.get("/sign-in/", HTTP_X_REQUEST_ID=given)["X-Request-Id"]
    assert (answered == given) is kept
    assert len(answered) >= 8
