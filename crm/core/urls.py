"""Addresses of the ground, and the few of the sign-in library that we use (decisions 18)."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings as site
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import public, signed_in
from crm.core.views import (
    access_log,
    delivery,
    exports,
    guide,
    jobs,
    lists,
    notices,
    personal,
    reference,
    settings,
    sharing,
    signing,
    stepping,
)

app_name = "core"

urlpatterns = [
    path("locked/", personal.locked, name="locked"),
    path("unlock/", personal.unlock, name="unlock"),
    path("language/", personal.set_language, name="set_language"),
    path("theme/", personal.set_theme, name="set_theme"),
    path("step/", stepping.step, name="step"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/bell/", notices.notice_bell, name="notice_bell"),
    path("notices/read/", notices.notice_read, name="notice_read"),
    path("notices/<int:notice_id>/open/", notices.notice_open, name="notice_open"),
    path("guide/", guide.guide_list, name="guide_list"),
    path("guide/new/", guide.guide_new, name="guide_new"),
    path("guide/<slug:code>/", guide.guide_detail, name="guide_detail"),
    path("guide/<slug:code>/edit/", guide.guide_edit, name="guide_edit"),
    path("guide/<slug:code>/share/", sharing.guide_share, name="guide_share"),
    path("shared/<str:token>/", sharing.share, name="share"),
    path("exports/", exports.export_list, name="export_list"),
    path("exports/new/", exports.export_new, name="export_new"),
    path("exports/<int:pk>/", exports.export_detail, name="export_detail"),
    path("exports/<int:pk>/decide/", exports.export_decide, name="export_decide"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
    path("notices/choices/", delivery.notice_choices, name="notice_choices"),
    path("settings/outbox/", delivery.outbox_list, name="outbox_list"),
    path("settings/outbox/<int:pk>/again/", delivery.outbox_again, name="outbox_again"),
    path("settings/", settings.settings_index, name="settings_index"),
    path("settings/parameters/", settings.parameter_list, name="parameter_list"),
    path("settings/parameters/<slug:key>/", settings.parameter_edit, name="parameter_edit"),
    path("settings/working-days/", settings.working_day_list, name="working_day_list"),
    path("settings/working-days/<str:day>/remove/", settings.working_day_remove, name="working_day_remove"),
    path("settings/lists/", reference.reference_list, name="reference_list"),
    path("settings/lists/<slug:key>/", reference.reference_edit, name="reference_edit"),
    path("settings/nights/", settings.sweep_run_list, name="sweep_run_list"),
    path("settings/access-log/", access_log.access_log_list, name="access_log_list"),
    path("sign/<str:token>/", signing.sign_link, name="sign_link"),
    path("lists/<slug:key>/", lists.list_tools, name="list_tools"),
    path("lists/<slug:key>/columns/", lists.list_columns, name="list_columns"),
    path("lists/<slug:key>/new/", lists.view_new, name="view_new"),
    path("views/<int:pk>/", lists.view_open, name="view_open"),
    path("views/<int:pk>/edit/", lists.view_edit, name="view_edit"),
    path("views/<int:pk>/delete/", lists.view_delete, name="view_delete"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<int:job_id>/", jobs.job_detail, name="job_detail"),
    path("jobs/<int:job_id>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<int:job_id>/errors/", jobs.job_errors, name="job_errors"),
    path("jobs/<int:job_id>/file/", jobs.job_file, name="job_file"),
]

# The library's form views would take PUT for POST.
form = require_http_methods(["GET", "POST"])

# Included without a namespace: the library looks its own names up.
sign_in_patterns: list[URLPattern] = [
    path("sign-in/", public(form(account.login)), name="account_login"),
    path("sign-out/", signed_in(form(account.logout)), name="account_logout"),
    path("password/", signed_in(form(account.password_change)), name="account_change_password"),
    path("confirm/", signed_in(form(account.reauthenticate)), name="account_reauthenticate"),
    path("second-factor/", signed_in(require_GET(mfa.index)), name="mfa_index"),
    path("sign-in/code/", public(form(mfa.authenticate)), name="mfa_authenticate"),
    path("confirm/code/", signed_in(form(mfa.reauthenticate)), name="mfa_reauthenticate"),
    path("second-factor/app/", signed_in(form(totp.activate_totp)), name="mfa_activate_totp"),
    path("second-factor/app/remove/", signed_in(form(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("second-factor/codes/", signed_in(require_GET(recovery.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        signed_in(form(recovery.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/file/",
        signed_in(require_GET(recovery.download_recovery_codes)),
        name="mfa_download_recovery_codes",
    ),
]
if site.OIDC:
    from crm.core import oidc

    sign_in_patterns += oidc.patterns()
