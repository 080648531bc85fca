"""`webhooks` (sync-api): set up, change, try out, look at deliveries, send again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response

from crm.core.api import filters as read
from crm.core.api.pagination import PAGE, page_answer
from crm.core.api.request import ApiRequest
from crm.core.api.schema import IDEMPOTENCY_KEY, list_parameters, page_of, problems
from crm.core.api.serializers import StrictSerializer
from crm.core.api.views import Route, idempotent
from crm.core.errors import Invalid
from crm.core.feed import Reader
from crm.core.scope import Scope
from sync.actions import webhooks as actions
from sync.api import webhook_schemas as schemas
from sync.choices import MessageState, WebhookState
from sync.models import Client, Webhook
from sync.webhooks import queries

MAY = "manage_webhooks"
ABILITIES = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), MAY)
SCOPES = {"GET": "webhooks:read", **dict.fromkeys(("POST", "PATCH", "DELETE"), "webhooks:write")}
LIST: dict[str, read.Reader] = {"state": read.one_of(*WebhookState.values)}
DELIVERIES: dict[str, read.Reader] = {"state": read.one_of(*MessageState.values)}


def _own(request: ApiRequest) -> tuple[Scope, int | None]:
    """Whose webhooks: a machine's own, for a person those of the clients in sight."""
    return request.user.access.scope_for(MAY), getattr(request.auth, "client_id", None)


def _found(request: ApiRequest, pk: int) -> Webhook:
    scope, client_id = _own(request)
    return queries.webhook(scope, pk, client_id)


def _allowed(request: ApiRequest) -> list[str] | None:
    """The types a machine's token may read; a person chooses among all, the client's tokens decide later."""
    return None if request.auth is None else list(Reader.of(request, timezone.localdate()).readable)


def _client(request: ApiRequest, name: str | None) -> Client:
    scope, client_id = _own(request)
    rows = queries.clients_to_call(scope)
    if client_id is not None:
        rows = rows.filter(pk=client_id)
    found = rows.filter(**({} if client_id is not None and name is None else {"name": name or ""})).first()
    if found is None:
        raise Invalid("There is no such client.", code="not_found", field="client")
    return found


def _given(request: ApiRequest, shape: type[Any]) -> dict[str, Any]:
    read.read_parameters(request, {})
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class WebhookList(Route):
    """The webhooks of the calling client."""

    abilities = ABILITIES
    token_scopes = SCOPES

    @extend_schema(
        operation_id="webhooks_list",
        parameters=list_parameters(LIST),
        responses={200: page_of(schemas.WebhookOut), **problems(400, 401, 403)},
    )
    def get(self, request: ApiRequest) -> Response:
        """List webhooks by id."""
        given = read.read_parameters(request, LIST, also=PAGE)
        return page_answer(request, schemas.WebhookOut, queries.records, *_own(request), filters=given)

    @extend_schema(
        operation_id="webhooks_create", request=schemas.WebhookIn, parameters=[IDEMPOTENCY_KEY],
        responses={201: schemas.WebhookNewOut, **problems(400, 401, 403, 409, 413, 415, 422)},
    )  # fmt: skip
    def post(self, request: ApiRequest) -> Response:
        """Set a webhook up: it hears of what changes from now on. The secret is in this answer only."""
        given = _given(request, schemas.WebhookIn)

        def work() -> Response:
            client = _client(request, given.pop("client", None))
            made = actions.create_webhook(
                client=client, **given, allowed=_allowed(request), by=request.user, now=timezone.now()
            )
            return Response(queries.record(made.webhook), status=201)

        answer = idempotent(request, work)
        # Kept answers hold no secret.
        answer.data = {**answer.data, "secret": actions.secret_of(_found(request, answer.data["id"]))}
        return answer


class WebhookDetail(Route):
    """One webhook."""

    abilities = ABILITIES
    token_scopes = SCOPES

    @extend_schema(operation_id="webhooks_get", responses={200: schemas.WebhookOut, **problems(400, 401, 403, 404)})
    def get(self, request: ApiRequest, pk: int) -> Response:
        """Get one webhook."""
        read.read_parameters(request, {})
        return Response(queries.record(_found(request, pk)))

    @extend_schema(
        operation_id="webhooks_update", request=schemas.WebhookPatchIn,
        responses={200: schemas.WebhookOut, **problems(400, 401, 403, 404, 413, 415)},
    )  # fmt: skip
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change address, types, note or state; switched on again it goes on from where it stopped."""
        found, given = _found(request, pk), _given(request, schemas.WebhookPatchIn)
        actions.edit_webhook(webhook=found, **given, allowed=_allowed(request), by=request.user, now=timezone.now())
        return Response(queries.record(_found(request, pk)))

    @extend_schema(operation_id="webhooks_delete", responses={204: None, **problems(400, 401, 403, 404)})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Take a webhook away with what waits for it."""
        read.read_parameters(request, {})
        actions.delete_webhook(webhook=_found(request, pk), by=request.user)
        return Response(status=204)


class WebhookDeliveries(Route):
    """What was sent to a webhook."""

    abilities = ABILITIES
    token_scopes = SCOPES

    @extend_schema(
        operation_id="webhooks_deliveries",
        parameters=list_parameters(DELIVERIES),
        responses={200: page_of(schemas.DeliveryOut), **problems(400, 401, 403, 404)},
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        """List messages with their tries, newest first; kept for thirty days."""
        given = read.read_parameters(request, DELIVERIES, also=PAGE)
        found = _found(request, pk)
        return page_answer(
            request,
            schemas.DeliveryOut,
            queries.message_records,
            _own(request)[0],
            found.pk,
            state=given.get("state", ""),
        )


DEED: dict[Any, Any] = problems(400, 401, 403, 404, 409, 413, 415, 422)


class WebhookPing(Route):
    """Try a webhook out."""

    abilities = ABILITIES
    token_scopes = SCOPES

    @extend_schema(
        operation_id="webhooks_ping", request=None, parameters=[IDEMPOTENCY_KEY],
        responses={202: OpenApiResponse(schemas.DeliveryOut, description="It is sent within seconds."), **DEED},
    )  # fmt: skip
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Send a message of type `ping`."""
        _given(request, StrictSerializer)
        found = _found(request, pk)
        return idempotent(request, lambda: self._work(request, found))

    def _work(self, request: ApiRequest, found: Webhook) -> Response:
        made = actions.ping(webhook=found, by=request.user, now=timezone.now())
        return Response(queries.message_record(made), status=202)


class WebhookSecret(Route):
    """Change the secret."""

    abilities = ABILITIES
    token_scopes = SCOPES

    @extend_schema(
        operation_id="webhooks_rotate_secret", request=None, responses={200: schemas.SecretOut, **DEED},
    )  # fmt: skip
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Give a new secret; for a day messages carry the signatures of both."""
        _given(request, StrictSerializer)
        secret = actions.rotate_secret(webhook=_found(request, pk), by=request.user, now=timezone.now())
        return Response({"secret": secret})


class WebhookReplay(Route):
    """Send again."""

    abilities = ABILITIES
    token_scopes = SCOPES
    both: ClassVar[str] = "Give either delivery or since."

    @extend_schema(
        operation_id="webhooks_replay", request=schemas.ReplayIn, parameters=[IDEMPOTENCY_KEY],
        responses={202: schemas.ReplayOut, **DEED},
    )  # fmt: skip
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Send one delivery again, or everything that was told since a moment; under the old ids."""
        found, given = _found(request, pk), _given(request, schemas.ReplayIn)
        if len(given) != 1:
            raise Invalid(self.both, code="one_of")
        return idempotent(request, lambda: self._work(request, found, given))

    def _work(self, request: ApiRequest, found: Webhook, given: dict[str, Any]) -> Response:
        about: dict[str, Any] = {"by": request.user, "now": timezone.now()}
        if "since" in given:
            number = actions.replay_since(webhook=found, since=given["since"], **about)
        else:
            message = queries.message(_own(request)[0], given["delivery"], found.pk)
            actions.replay(message=message, **about)
            number = 1
        return Response({"messages": number}, status=202)
