"""Addresses of arrears, credit and guarantees."""

from django.urls import path

from sales.views import money

urlpatterns = [
    path("sales/arrears/", money.arrears_list, name="arrears_list"),
    path("sales/money/<int:customer_id>/", money.money_detail, name="money_detail"),
    path("sales/money/<int:customer_id>/asked/", money.dunning_new, name="dunning_new"),
    path("sales/money/<int:customer_id>/credit/", money.credit_new, name="credit_new"),
    path("sales/money/<int:customer_id>/guarantee/", money.guarantee_new, name="guarantee_new"),
    path("sales/bills/<int:bill_id>/", money.bill_detail, name="bill_detail"),
    path("sales/credit/", money.credit_list, name="credit_list"),
    path("sales/credit/limits/", money.tier_credit, name="tier_credit"),
    path("sales/credit/changes/<int:change_id>/", money.change_detail, name="change_detail"),
    path("sales/guarantees/", money.guarantee_list, name="guarantee_list"),
    path("sales/guarantees/<int:pk>/", money.guarantee_detail, name="guarantee_detail"),
]
