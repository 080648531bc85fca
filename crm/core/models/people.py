"""Who signs in: users, their sessions, and the locks against guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from crm.core.abilities import Access
    from crm.core.sessions import SessionStore


class UserManager(BaseUserManager["User"]):
    """Creates users; there is no sign-up and no superuser (decisions 21)."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Create one user; without a password he cannot sign in until one is set."""
        user = self.model(username=username.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Staff numbers are compared without regard to case."""
        return self.get(username__iexact=username or "")


class User(AbstractBaseUser):
    """A person (or an API client's service user) who may sign in with his staff number."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("Like the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = models.CharField(_("staff number"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=64)
    email = models.EmailField(_("e-mail"), null=True, blank=True)  # noqa: DJ001 - none is none, so that two people without one do not collide
    language = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    lists = models.TextField(blank=True, default="")
    """His columns and standard views by list, as JSON: read with the session, so that no list asks for it."""
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    is_staff = False  # there is no Django admin to enter

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Upper("username"), name="core_user_username_any_case")]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name."""
        return self.name

    def get_short_name(self) -> str:
        """The person's name."""
        return self.name

    def clean(self) -> None:
        """An empty e-mail is none at all, so that it never collides."""
        super().clean()
        self.email = self.email or None

    @cached_property
    def access(self) -> Access:
        """What this user may see and do today (PLT-7), asked once per instance."""
        from crm.core.abilities import access_for

        return access_for(self, timezone.localdate())


class Session(AbstractBaseSession):
    """A browser's session: whose, since when, last seen when, and whether its screen is locked (SEC-4)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", db_index=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)

    objects: ClassVar[BaseSessionManager[Session]] = BaseSessionManager()  # type: ignore[assignment]

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "core_session"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """The store that reads session and user in one statement."""
        from crm.core.sessions import SessionStore

        return SessionStore


class SignInLock(models.Model):
    """Wrong sign-ins of one account or one address; the row is what parallel guesses queue for (decisions 18)."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("account")
        ADDRESS = "address", _("address")
        CODE = "code", _("one-time code")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    subject = models.CharField(max_length=64)  # a keyed digest: people type passwords into the wrong box
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="core_sign_in_lock_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject[:8]}"
