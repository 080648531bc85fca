"""Addresses of accounts."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("customers/", views.customer_list, name="customer_list"),
]
