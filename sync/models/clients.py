"""API clients and their tokens (sync-api)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Unit
from crm.core.scope import ScopedModel
from sync.choices import TokenScope


class Client(ScopedModel):
    """A named system, e.g. `billing`, with a service user and a unit subtree (decisions 17)."""

    SCOPE_PATHS = {"unit": "unit_id"}

    name = models.CharField(max_length=40, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # Source name under which this client's external ids are stored.
    source = models.CharField(max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    requests_per_minute = models.PositiveIntegerField(default=600)
    rows_per_call = models.PositiveIntegerField(default=1000)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Token(ScopedModel):
    """A bearer token: shown once, stored as a hash."""

    SCOPE_PATHS = {"unit": "client__unit_id"}

    client = models.ForeignKey(Client, models.CASCADE, related_name="tokens")
    # SHA-256 of the token (tokens are 256-bit random: no slow hash needed); first 8 characters to recognise it by.
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    scopes = ArrayField(models.CharField(max_length=40, choices=TokenScope))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.prefix

    @property
    def scope_labels(self) -> list[str]:
        """What it may do, in words."""
        return [str(TokenScope(scope).label) for scope in self.scopes if scope in TokenScope.values]
