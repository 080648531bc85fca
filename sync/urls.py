"""Addresses of the machine doors."""

from django.urls import path

from sync import client_views, feed_views, views, webhook_views

app_name = "sync"
urlpatterns = [
    path("import/", views.import_new, name="import_new"),
    path("import/<uuid:key>/", views.import_map, name="import_map"),
    path("import/jobs/<int:job_id>/", views.import_detail, name="import_detail"),
    path("import/jobs/<int:job_id>/progress/", views.import_progress, name="import_progress"),
    path("import/jobs/<int:job_id>/commit/", views.import_commit, name="import_commit"),
    path("import/jobs/<int:job_id>/undo/", views.import_undo, name="import_undo"),
    path("import/sample/<slug:kind>.csv", views.import_sample, name="import_sample"),
    path("settings/clients/", client_views.client_list, name="client_list"),
    path("settings/clients/<int:pk>/", client_views.client_detail, name="client_detail"),
    path("settings/clients/<int:pk>/close/", client_views.client_deactivate, name="client_deactivate"),
    path("settings/clients/<int:pk>/limits/", client_views.client_limits, name="client_limits"),
    path("settings/clients/<int:pk>/entries/", feed_views.client_entries, name="client_entries"),
    path("settings/feeds/", feed_views.feed_list, name="feed_list"),
    path("settings/feeds/<int:pk>/drop/", feed_views.feed_drop, name="feed_drop"),
    path("settings/tokens/<int:pk>/rotate/", client_views.token_rotate, name="token_rotate"),
    path("settings/webhooks/", webhook_views.webhook_list, name="webhook_list"),
    path("settings/webhooks/<int:pk>/", webhook_views.webhook_detail, name="webhook_detail"),
    path("settings/webhooks/<int:pk>/deed/", webhook_views.webhook_deed, name="webhook_deed"),
    path("settings/webhooks/messages/<int:pk>/again/", webhook_views.webhook_again, name="webhook_again"),
    path("settings/tokens/<int:pk>/revoke/", client_views.token_revoke, name="token_revoke"),
]
