"""Units, staff, posts, leave and cover (ORG-4…12, 16…21, 23, 27, 31)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.choices import EmploymentForm, Grade, LeaveKind, Line, QualificationKind, Role, UnitType
from crm.core.scope import ScopedModel


class Unit(ScopedModel):
    """A node of the organisation tree (ORG-11). `path` is "/1/4/9/": a subtree is one prefix."""

    SCOPE_PATHS = {"unit": "id"}

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=50)
    type = models.CharField(max_length=20, choices=UnitType)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=False, default="", blank=True)
    area = models.CharField(max_length=50, blank=True)
    head = models.ForeignKey("accounts.Staff", models.PROTECT, null=True, blank=True, related_name="heads")
    complaint_handler = models.ForeignKey(
        "accounts.Staff", models.PROTECT, null=True, blank=True, related_name="handles_complaints_of"
    )
    # The ledger of this unit's customers starts here; null: not live yet, nothing is owed.
    live_from = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    # When the directory told of it last.
    source_updated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["path"], name="unit_path_like", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name


class Staff(ScopedModel):
    """A staff member: the person behind a user. Grade and line are independent (ORG-4, ORG-5)."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "id"}

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff")
    # Same as the username (工号): the natural key of directory sync.
    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=50)
    pinyin = models.CharField(max_length=120, blank=True)
    initials = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="staff")
    line = models.CharField(max_length=20, choices=Line, blank=True)
    grade = models.CharField(max_length=20, choices=Grade, blank=True)
    post_level = models.PositiveSmallIntegerField(default=3)
    employment_form = models.CharField(max_length=20, choices=EmploymentForm, default=EmploymentForm.OWN)
    phone = models.CharField(max_length=20, blank=True)
    supervisor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reports")
    backup = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="backs_up")
    hired_on = models.DateField(null=True, blank=True)
    probation_ends_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(supervisor=F("id")), name="staff_not_own_supervisor"),
            models.CheckConstraint(condition=~Q(backup=F("id")), name="staff_not_own_backup"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(ScopedModel):
    """One role in one unit, with its subtree; a person may hold several."""

    SCOPE_PATHS = {"unit": "unit_id", "manager": "staff_id"}

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=30, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "role", "unit"],
                condition=Q(ends_on=None),
                name="one_open_post_per_role_and_unit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}:{self.role}@{self.unit_id}"


class PrivateGrant(ScopedModel):
    """`view_private_profile` granted to one manager (3.3: "own, if granted"; decisions 12)."""

    SCOPE_PATHS = {"unit": "staff__unit_id", "manager": "staff_id"}

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="private_grant")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.staff_id)


class Leave(ScopedModel):
    """Days away: lowers capacity and moves suggestions. Both ends inclusive."""

    SCOPE_PATHS = {"unit": "staff__unit_id", "manager": "staff_id"}

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="leaves")
    kind = models.CharField(max_length=20, choices=LeaveKind, default=LeaveKind.ANNUAL)
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"


class Cover(ScopedModel):
    """代管: the substitute sees and acts from–to (inclusive), credit stays, it ends by itself."""

    SCOPE_PATHS = {"unit": "absent__unit_id", "manager": "absent_id"}

    absent = models.ForeignKey(Staff, models.CASCADE, related_name="covered_by")
    substitute = models.ForeignKey(Staff, models.CASCADE, related_name="covers")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    arranged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    arranged_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cover_ends_after_start"),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="cover_by_somebody_else"),
        ]
        indexes = [models.Index(fields=["substitute", "ends_on"], name="cover_substitute")]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.absent_id}"


class Qualification(ScopedModel):
    """A qualification record (ORG-27)."""

    SCOPE_PATHS = {"unit": "staff__unit_id", "manager": "staff_id"}

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="qualifications")
    kind = models.CharField(max_length=20, choices=QualificationKind)
    level = models.CharField(max_length=50)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.level}"
