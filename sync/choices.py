"""Closed lists of the sync app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TokenScope(TextChoices):
    """Scopes a token may have (sync-api)."""

    CUSTOMERS_READ = "customers:read", _("Read customers")
    CUSTOMERS_WRITE = "customers:write", _("Write customers")
    PRIVATE_READ = "private:read", _("Read private profiles")
    VISITS_READ = "visits:read", _("Read visits and duties")
    VISITS_WRITE = "visits:write", _("Write visits")
    MISSED_CALLS_WRITE = "missed_calls:write", _("Report missed calls")
    COMPLAINTS_READ = "complaints:read", _("Read cases")
    COMPLAINTS_WRITE = "complaints:write", _("Take requests down and work on cases")
    SALES_READ = "sales:read", _("Read quotas and orders")
    SALES_WRITE = "sales:write", _("Write quotas and orders")
    LINES_READ = "lines:read", _("Read lines and lifecycle events")
    LINES_WRITE = "lines:write", _("Write lines and lifecycle events")
    SIGNALS_READ = "signals:read", _("Read churn signals")
    SIGNALS_WRITE = "signals:write", _("Report churn signals")
    BILLING_READ = "billing:read", _("Read subscriptions, usage and bills")
    BILLING_WRITE = "billing:write", _("Write subscriptions, usage and bills")
    AGREEMENTS_READ = "agreements:read", _("Read agreements")
    AGREEMENTS_WRITE = "agreements:write", _("Write agreements")
    POLICIES_READ = "policies:read", _("Read service policies")
    ALERTS_READ = "alerts:read", _("Read alerts and save cases")
    CHURN_READ = "churn:read", _("Read churn records")
    KPI_READ = "kpi:read", _("Read indicators and results")
    CARE_WRITE = "care:write", _("Tell of the weather")
    DIRECTORY_READ = "directory:read", _("Read units and staff")
    DIRECTORY_WRITE = "directory:write", _("Write units and staff")
    IMPORTS_WRITE = "imports:write", _("Load files")
    EXPORTS_WRITE = "exports:write", _("Order exports")
    WEBHOOKS_READ = "webhooks:read", _("Read webhooks and their deliveries")
    WEBHOOKS_WRITE = "webhooks:write", _("Set up webhooks")


class WebhookState(TextChoices):
    """Whether a webhook is served."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", pgettext_lazy("webhook", "Paused")
    DISABLED = "disabled", _("Switched off after failures")


class MessageState(TextChoices):
    """How far a message to a webhook has come."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", _("Delivered")
    PARKED = "parked", _("Given up")
