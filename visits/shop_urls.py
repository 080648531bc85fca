"""Addresses of what channel visits found."""

from django.urls import path

from visits.views import shop

shop_patterns = [
    path("violations/", shop.violation_list, name="violation_list"),
    path("violations/<int:pk>/", shop.violation_detail, name="violation_detail"),
    path("violations/<int:pk>/decide/", shop.violation_decide, name="violation_decide"),
    path("visits/<int:pk>/copy/", shop.shop_print, name="shop_print"),
]
