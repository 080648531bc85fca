"""Joining applications, their qualification check, and agreements (SAL-14, SAL-15)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import ContactPerson, Customer, Staff
from accounts.models.customers import OF_CUSTOMER
from crm.core.models import Attachment
from crm.core.scope import ScopedModel
from sales.choices import AgreementKind, AgreementState, ApplicationState


class QualificationRule(models.Model):
    """One line of the checklist by which a joining group is examined; the rules are data (SAL-14, G18)."""

    code = models.CharField(max_length=30, unique=True)
    label_zh = models.CharField(max_length=100)
    label_en = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.code


class JoiningApplication(ScopedModel):
    """A group asks to join (入网申请); somebody else checks it, and an agreement may follow when it passed."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.SUBMITTED)
    text = models.TextField(max_length=1000, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    applied_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Who checked it where it was checked in another system (the source's own word).
    checker_name = models.CharField(max_length=60, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    result_note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(state__in=["submitted", "checking"]),
                name="one_application_under_way",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(applied_by=None) | ~Q(checked_by=F("applied_by")),
                name="application_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["passed", "failed"])
                | Q(checked_on__isnull=False) & (Q(checked_by__isnull=False) | ~Q(checker_name="")),
                name="application_result_has_its_checker",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="application_customer"),
            models.Index(fields=["id"], condition=Q(state__in=["submitted", "checking"]), name="application_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"


class ApplicationCheck(ScopedModel):
    """One line of the checklist for one application: met or not, and why."""

    SCOPE_PATHS = {"unit": "application__customer__unit_id", "manager": "application__customer__manager_id"}

    application = models.ForeignKey(JoiningApplication, models.CASCADE, related_name="checks", db_index=False)
    rule = models.ForeignKey(QualificationRule, models.PROTECT, related_name="+", db_index=False)
    is_met = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "rule"], name="one_check_per_rule")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.rule_id}"


class Agreement(ScopedModel):
    """An agreement with a customer, from a day to a day inclusive (or without an end); a renewal links back.

    In force on a day: signed, and the day is between `starts_on` and `ends_on`. One that is ended early keeps its
    last day in `ends_on`.
    """

    SCOPE_PATHS = OF_CUSTOMER

    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=AgreementKind, default=AgreementKind.SERVICE)
    # The check that allowed it; a renewal carries on the one of the agreement it follows.
    application = models.ForeignKey(
        JoiningApplication, models.RESTRICT, null=True, blank=True, related_name="+", db_index=False
    )
    previous = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.SIGNED)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # The day we learnt that it ends early.
    terminated_on = models.DateField(null=True, blank=True)
    our_signer = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    their_signer = models.ForeignKey(
        ContactPerson, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    note = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=40, blank=True)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(kind="service") | Q(application__isnull=False), name="service_agreement_was_checked"
            ),
            models.CheckConstraint(
                condition=Q(state="signed", terminated_on=None)
                | Q(state="terminated", terminated_on__isnull=False, ends_on__isnull=False),
                name="agreement_terminated_on",
            ),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(previous=F("id")), name="agreement_does_not_follow_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-ends_on"], name="agreement_customer"),
            models.Index(fields=["ends_on", "id"], condition=Q(ends_on__isnull=False), name="agreement_end"),
        ]

    def __str__(self) -> str:
        return self.number


class AgreementReminder(ScopedModel):
    """That an agreement's end was announced 90, 60 or 30 days ahead: once each (SAL-15).

    With the day of the end, so that an agreement whose end is moved is announced anew.
    """

    SCOPE_PATHS = {"unit": "agreement__customer__unit_id", "manager": "agreement__customer__manager_id"}

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reminders", db_index=False)
    ends_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    reminded_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "ends_on", "days"], name="one_reminder_per_agreement_and_days")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.days}"
