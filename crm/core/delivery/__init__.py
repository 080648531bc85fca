"""Notices that leave the house (PLT-6): planned into an outbox, sent once or never, by apprise."""

from crm.core.delivery.choices import NoticePlan, choose_channels, notice_plan
from crm.core.delivery.planning import plan_deliveries
from crm.core.delivery.sending import send_again, send_waiting

__all__ = ["NoticePlan", "choose_channels", "notice_plan", "plan_deliveries", "send_again", "send_waiting"]
