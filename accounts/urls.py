"""Addresses of accounts."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("customers/", views.customer_list, name="customer_list"),
    path("customers/new/", views.customer_new, name="customer_new"),
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
]
