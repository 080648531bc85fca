"""How the sign-in library behaves here: our lock-out, neutral answers, our own addresses, encrypted second factors."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import access_log, sign_in
from crm.core.db import write
from crm.core.middleware import client_ip
from crm.core.models import User
from crm.core.pages import is_own_path
from crm.core.sealed import seal, unseal
from crm.core.sessions import end_sessions


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by staff number and password; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The staff number or the password is not right."),
        "too_many_login_attempts": _("Too many wrong attempts. Please try again in a quarter of an hour."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The current password is not right."),
        "incorrect_code": _("The code is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by directors."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count the attempt, evaluate it, take the count back when it was right; a disabled account is simply wrong."""
        name = str(credentials.get("username") or "")
        now = timezone.now()
        try:
            attempt = sign_in.begin(name, client_ip(request), now=now)
        except sign_in.TooManyAttempts:
            sign_in.log_failure(name, None, now=now)
            raise self.validation_error("too_many_login_attempts") from None
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if not isinstance(user, User) or user.is_service:
            sign_in.log_failure(name, attempt, now=now)
            return None
        attempt.succeeded()
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """Signed in: leave the row in the access log."""
        super().login(request, user)
        access_log.record("sign_in", user, at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        """Signed out: leave the row in the access log."""
        access_log.record("sign_out", request.user, at=timezone.now())
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """A new password ends every other session of the account."""
        user.set_password(password)
        user.must_change_password = False
        with write(by=user):
            user.save(update_fields=["password", "must_change_password"])
            end_sessions([user.pk], except_key=self.request.session.session_key)

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site (bad input 28: `//evil`, `https:evil`, `/\\evil`)."""
        return is_own_path(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as our own proxies saw it."""
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - a label, nothing listens

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Disabled while signing in: back to the sign-in page, no more said."""
        return HttpResponseRedirect(reverse("account_login"))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is sent by mail in this version; the access log has it."""


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted in the database; the key does not lie there."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("The code is not right.")}

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored."""
        return seal(text, "mfa")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unseal(encrypted_text, "mfa")

    def get_totp_label(self, user: Any) -> str:
        """What the authenticator app shows: the staff number."""
        return str(user.username)
