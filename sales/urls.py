"""Addresses of sales."""

from django.urls import path

from sales import agreement_urls, money_urls
from sales.views import orders, quotas, usage

app_name = "sales"
urlpatterns = [
    path("sales/", orders.home, name="home"),
    path("sales/orders/", orders.order_list, name="order_list"),
    path("sales/quotas/", quotas.quota_list, name="quota_list"),
    path("sales/quotas/set/", quotas.quota_set, name="quota_set"),
    path("sales/usage/", usage.usage_list, name="usage_list"),
    path("customers/<int:customer_id>/usage/", usage.customer_usage, name="customer_usage"),
    path("customers/<int:customer_id>/usage/members/", usage.member_use_list, name="member_use_list"),
    path("customers/<int:customer_id>/usage/advice/", usage.advice_new, name="advice_new"),
    path("customers/<int:customer_id>/usage/advice/<int:pk>/file/", usage.advice_file, name="advice_file"),
    path("customers/<int:customer_id>/usage/new/", usage.usage_new, name="usage_new"),
    path("customers/<int:customer_id>/subscriptions/new/", usage.subscription_new, name="subscription_new"),
    path("subscriptions/<int:pk>/", usage.subscription_edit, name="subscription_edit"),
    path("subscriptions/<int:pk>/survey/", usage.survey_new, name="survey_new"),
]
urlpatterns += money_urls.urlpatterns
urlpatterns += agreement_urls.urlpatterns
