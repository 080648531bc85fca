"""Customers and their profile groups (ORG-2, CUS-5…12, 23…31, 36)."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Right

from accounts.choices import (
    ContactRole,
    CustomerKind,
    CustomerState,
    FileCategory,
    MarketBand,
    MemberState,
    PreferredChannel,
    Sex,
    SimKind,
)
from accounts.models.staff import Staff, Unit
from accounts.models.tiers import Tier
from crm.core.scope import ScopedModel

OF_CUSTOMER = {"unit": "customer__unit_id", "manager": "customer__manager_id"}


class Customer(ScopedModel):
    """A customer. `manager` and `tier` repeat the open Assignment and TierHistory rows (one writer each)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "manager_id"}

    # K + 8 digits from the sequence accounts_customer_number; gaps allowed (decisions 29).
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, choices=CustomerKind)
    name = models.CharField(max_length=50)
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=50, blank=True)
    # Bigrams of the name, made in Python (mechanisms F).
    name_tokens = SearchVectorField(null=True)
    state = models.CharField(max_length=12, choices=CustomerState, default=CustomerState.ACTIVE)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="customers", db_index=False)
    manager = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="customers", db_index=False)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, blank=True, related_name="customers", db_index=False)
    # A person who belongs to a group customer.
    group = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="people", db_index=False)
    phone = models.CharField(max_length=20, blank=True)
    other_phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    district = models.CharField(max_length=30, blank=True)
    business_address = models.CharField(max_length=200, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    industry = models.CharField(max_length=4, blank=True)  # GB/T 4754 class letter or code
    market_band = models.CharField(max_length=10, choices=MarketBand, blank=True)
    monthly_spend = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    exited_on = models.DateField(null=True, blank=True)
    # Owed contact from this day (became active, got a tier, unit went live); set by the ledger's rules.
    owed_from = models.DateField(null=True, blank=True)
    is_important = models.BooleanField(default=False)
    important_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    important_at = models.DateTimeField(null=True, blank=True)
    important_reason = models.CharField(max_length=200, blank=True)
    preferred_channel = models.CharField(max_length=20, choices=PreferredChannel, blank=True)
    preferred_time = models.CharField(max_length=50, blank=True)
    dnd_from = models.TimeField(null=True, blank=True)
    dnd_to = models.TimeField(null=True, blank=True)
    no_marketing = models.BooleanField(default=False)
    sim_kind = models.CharField(max_length=10, choices=SimKind, blank=True)
    sim_issued_on = models.DateField(null=True, blank=True)
    sim_replaced_on = models.DateField(null=True, blank=True)
    service_notes = models.TextField(max_length=1000, blank=True)  # ENG-26
    source_updated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Set when a fact of the profile was last confirmed or changed (CUS-12: not updated for 6 months).
    profile_updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_customer_per_number"),
            models.CheckConstraint(
                condition=~Q(kind="ordinary") | Q(manager=None, tier=None),
                name="ordinary_has_no_manager_or_tier",
            ),
        ]
        indexes = [
            GinIndex(fields=["name_tokens"], name="customer_name_tokens"),
            models.Index(fields=["initials"], name="customer_initials", opclasses=["varchar_pattern_ops"]),
            models.Index(Right("phone", 4), name="customer_phone_tail"),
            models.Index(fields=["manager", "id"], name="customer_manager"),
            models.Index(fields=["unit", "id"], name="customer_unit"),
            models.Index(fields=["id"], condition=Q(is_important=True), name="customer_important"),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="customer_group"),
            models.Index(fields=["updated_at", "id"], name="customer_updated"),
        ]

    def __str__(self) -> str:
        return self.name


class ExternalId(ScopedModel):
    """The id of a customer in another system; one per source, and those of customers merged into him (sync-api)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="external_ids", db_index=False)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)
    # 0: the id he goes by. Else the merge that brought it: what the source writes to it reaches the survivor.
    alias = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_customer_per_external_id"),
            models.UniqueConstraint(fields=["customer", "source", "alias"], name="one_external_id_per_source"),
        ]
        # Somebody types the number without saying whose it is.
        indexes = [models.Index(fields=["external_id"], name="external_id_alone")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class PersonProfile(ScopedModel):
    """Basic and preference groups of a person (CUS-6, CUS-7)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="person")
    sex = models.CharField(max_length=10, choices=Sex, blank=True)
    birthday = models.DateField(null=True, blank=True)
    is_lunar_birthday = models.BooleanField(default=False)
    personality = models.CharField(max_length=100, blank=True)
    sports = models.CharField(max_length=100, blank=True)
    reward_preference = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return str(self.customer_id)


class PrivateProfile(ScopedModel):
    """Private group (CUS-8): masked, own ability, shown by POST with a reason, every look logged."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="private")
    home_address = models.CharField(max_length=200, blank=True)
    id_number = models.CharField(max_length=20, blank=True)
    occupation = models.CharField(max_length=50, blank=True)
    employer = models.CharField(max_length=100, blank=True)
    position = models.CharField(max_length=50, blank=True)
    family_background = models.TextField(max_length=1000, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    consent_note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.customer_id)


class FamilyMember(ScopedModel):
    """A family member; private (CUS-8)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="family")
    relation = models.CharField(max_length=30)
    name = models.CharField(max_length=50)
    birthday = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.relation


class JobChange(ScopedModel):
    """A dated change of job; private (CUS-8)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="job_changes")
    changed_on = models.DateField()
    employer_before = models.CharField(max_length=100, blank=True)
    employer_after = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return str(self.changed_on)


class ChannelProfile(ScopedModel):
    """Licence of a channel customer."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="channel_profile")
    licence_no = models.CharField(max_length=40, blank=True)
    licence_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.licence_no


class ContactPerson(ScopedModel):
    """A human at a group or channel customer (CUS-24)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_persons", db_index=False)
    name = models.CharField(max_length=50)
    position = models.CharField(max_length=50, blank=True)
    role = models.CharField(max_length=20, choices=ContactRole, default=ContactRole.OTHER)
    phone = models.CharField(max_length=20, blank=True)
    birthday = models.DateField(null=True, blank=True)
    relation_strength = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    external_id = models.CharField(max_length=100, blank=True)
    external_source = models.CharField(max_length=40, blank=True)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(relation_strength=None) | Q(relation_strength__range=(1, 5)),
                name="contact_strength_1_to_5",
            ),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="one_contact_person_per_external_id",
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="contact_person_customer")]

    def __str__(self) -> str:
        return self.name


class GroupMember(ScopedModel):
    """A subscriber line under a group customer (CUS-28)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="members")
    msisdn = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=50, blank=True)
    state = models.CharField(max_length=10, choices=MemberState, default=MemberState.ACTIVE)
    source_updated_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.msisdn


class RelationshipStrength(ScopedModel):
    """Strength of the relation, 1–5, dated (CON-33)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="strengths", db_index=False)
    strength = models.PositiveSmallIntegerField()
    judged_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(strength__range=(1, 5)), name="strength_1_to_5"),
            models.UniqueConstraint(fields=["customer", "judged_on"], name="one_strength_per_day"),
        ]

    def __str__(self) -> str:
        return str(self.strength)


class CustomerFile(ScopedModel):
    """A file of the customer archive, versioned by title (CUS-12)."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="files", db_index=False)
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=FileCategory)
    title = models.CharField(max_length=100)
    file_version = models.PositiveSmallIntegerField(default=1)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "title", "file_version"], name="one_file_per_version")
        ]

    def __str__(self) -> str:
        return self.title


class RequiredField(models.Model):
    """Required-field policy of headquarters (CUS-27); completeness counts these (CUS-9)."""

    kind = models.CharField(max_length=20, choices=CustomerKind)
    group = models.CharField(max_length=20)  # basic, preferences, private, contacts
    field = models.CharField(max_length=40)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "field"], condition=Q(effective_to=None), name="one_open_required_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}.{self.field}"


class Segment(ScopedModel):
    """Saved filters of the customer list, usable as a target list (CUS-15)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "owner__staff__id"}

    name = models.CharField(max_length=50)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_segment_name_per_owner")]

    def __str__(self) -> str:
        return self.name
