"""Addresses of accounts."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("customers/", views.customer_list, name="customer_list"),
    path("handover/", views.handover_new, name="handover_new"),
    path("handover/<int:pk>/", views.handover_detail, name="handover_detail"),
    path("handover/<int:pk>/undo/", views.handover_undo, name="handover_undo"),
]
