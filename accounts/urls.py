"""Addresses of accounts."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("customers/", views.customer_list, name="customer_list"),
    path("customers/new/", views.customer_new, name="customer_new"),
    path("customers/segments/", views.segment_list, name="segment_list"),
    path("customers/segments/new/", views.segment_new, name="segment_new"),
    path("customers/segments/<int:pk>/", views.segment_edit, name="segment_edit"),
    path("customers/segments/<int:pk>/delete/", views.segment_delete, name="segment_delete"),
    path("customers/<int:pk>/edit/", views.customer_edit, name="customer_edit"),
    path("customers/<int:pk>/decide/", views.customer_decide, name="customer_decide"),
    path("customers/<int:pk>/strength/", views.judge_strength, name="judge_strength"),
    path("customers/<int:pk>/private/", views.reveal_private, name="reveal_private"),
    path("customers/<int:pk>/family/new/", views.family_new, name="family_new"),
    path("customers/<int:pk>/jobs/new/", views.job_change_new, name="job_change_new"),
    path("customers/<int:pk>/contacts/new/", views.contact_person_new, name="contact_person_new"),
    path("customers/<int:pk>/members/new/", views.member_new, name="member_new"),
    path("customers/<int:pk>/files/new/", views.file_upload, name="file_upload"),
    path("contacts/<int:pk>/edit/", views.contact_person_edit, name="contact_person_edit"),
    path("files/<int:pk>/", views.file_download, name="file_download"),
    path("handover/", views.handover_new, name="handover_new"),
    path("handover/<int:pk>/", views.handover_detail, name="handover_detail"),
    path("handover/<int:pk>/undo/", views.handover_undo, name="handover_undo"),
    path("structure/", views.structure, name="structure"),
    path("settings/staff/", views.staff_list, name="staff_list"),
    path("settings/staff/new/", views.staff_new, name="staff_new"),
    path("settings/staff/<int:pk>/", views.staff_detail, name="staff_detail"),
    path("settings/staff/<int:pk>/posts/", views.post_new, name="post_new"),
    path("settings/staff/<int:pk>/qualifications/", views.qualification_new, name="qualification_new"),
    path("settings/staff/<int:pk>/leave/", views.leave_new, name="leave_new"),
    path("settings/staff/<int:pk>/deactivate/", views.staff_deactivate, name="staff_deactivate"),
    path("settings/staff/<int:pk>/reactivate/", views.staff_reactivate, name="staff_reactivate"),
    path("settings/staff/<int:pk>/private-grant/", views.private_grant, name="private_grant"),
    path("settings/posts/<int:pk>/end/", views.post_end, name="post_end"),
    path("settings/units/", views.unit_list, name="unit_list"),
    path("settings/units/new/", views.unit_new, name="unit_new"),
    path("settings/units/<int:pk>/", views.unit_edit, name="unit_edit"),
    path("settings/tiers/", views.tier_list, name="tier_list"),
    path("settings/tiers/<int:pk>/", views.tier_edit, name="tier_edit"),
    path("settings/tiers/<int:pk>/promise/", views.tier_rule_edit, name="tier_rule_edit"),
    path("settings/required-fields/", views.required_field_list, name="required_field_list"),
    path("settings/roles/", views.role_list, name="role_list"),
]
