"""Addresses of the registers."""

from django.urls import path

from conduct import views

app_name = "conduct"
urlpatterns = [
    path("outings/", views.outing_list, name="outing_list"),
    path("outings/new/", views.outing_new, name="outing_new"),
    path("outings/leave/", views.outing_leave, name="outing_leave"),
    path("outings/exceptions/", views.reconciliation, name="reconciliation"),
    path("outings/<int:pk>/back/", views.outing_back, name="outing_back"),
    path("outings/<int:pk>/cancel/", views.outing_cancel, name="outing_cancel"),
    path("registers/call-details/", views.call_detail_list, name="call_detail_list"),
    path("customers/<int:pk>/call-details/new/", views.call_detail_new, name="call_detail_new"),
    path("registers/call-details/<int:pk>/", views.call_detail, name="call_detail"),
    path("registers/call-details/<int:pk>/decide/", views.call_detail_decide, name="call_detail_decide"),
    path("registers/call-details/<int:pk>/authorisation/", views.call_detail_file, name="call_detail_file"),
]
