"""Addresses of the machine doors."""

from django.urls import path

from sync import client_views, views

app_name = "sync"
urlpatterns = [
    path("import/", views.import_new, name="import_new"),
    path("import/<uuid:key>/", views.import_map, name="import_map"),
    path("import/jobs/<int:job_id>/", views.import_detail, name="import_detail"),
    path("import/jobs/<int:job_id>/progress/", views.import_progress, name="import_progress"),
    path("import/jobs/<int:job_id>/commit/", views.import_commit, name="import_commit"),
    path("settings/clients/", client_views.client_list, name="client_list"),
    path("settings/clients/<int:pk>/", client_views.client_detail, name="client_detail"),
    path("settings/clients/<int:pk>/close/", client_views.client_deactivate, name="client_deactivate"),
    path("settings/tokens/<int:pk>/revoke/", client_views.token_revoke, name="token_revoke"),
]
