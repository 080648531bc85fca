"""What customers said and what was learned about them: the one capture 客户反映 (CON-15…18, CUS-20, PLAN-19)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Customer
from crm.core.scope import ScopedModel
from visits.choices import KEY_TOPICS, Reliability, VoiceKind, VoiceSource, VoiceTopic
from visits.models.visits import OF_CUSTOMER, Visit


class CustomerVoice(ScopedModel):
    """One thing a customer said or that was learned about him, from a visit or apart from one."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="voices")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="voices")
    kind = models.CharField(max_length=20, choices=VoiceKind)
    topic = models.CharField(max_length=20, choices=VoiceTopic, blank=True, default="", db_default="")
    text = models.CharField(max_length=500)
    # 对策建议: what he who heard it proposes (PLAN-19).
    suggestion = models.CharField(max_length=500, blank=True, default="", db_default="")
    source = models.CharField(
        max_length=20, choices=VoiceSource, default=VoiceSource.VISIT, db_default=VoiceSource.VISIT
    )
    reliability = models.CharField(max_length=10, choices=Reliability, blank=True, default="", db_default="")
    # When it was found out; a key change must be reported at once (CUS-20).
    found_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    # When it was written down: found → reported is the delay of F50.
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="key_change") | Q(topic__in=KEY_TOPICS), name="key_change_names_its_topic"
            )
        ]
        indexes = [
            models.Index(fields=["-said_at", "-id"], name="voice_time"),
            models.Index(fields=["reported_at"], condition=Q(kind="key_change"), name="voice_key_change"),
        ]

    def __str__(self) -> str:
        return self.text
