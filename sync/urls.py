"""Addresses of the machine doors."""

from django.urls import path

from sync import client_views

app_name = "sync"
urlpatterns = [
    path("settings/clients/", client_views.client_list, name="client_list"),
    path("settings/clients/<int:pk>/", client_views.client_detail, name="client_detail"),
    path("settings/clients/<int:pk>/close/", client_views.client_deactivate, name="client_deactivate"),
    path("settings/tokens/<int:pk>/revoke/", client_views.token_revoke, name="token_revoke"),
]
