"""Addresses of churn: losses, budget, movement, reports."""

from django.urls import path

from retention.views import losses, reports

app_name = "retention"
urlpatterns = [
    path("churn/", losses.loss_list, name="loss_list"),
    path("churn/<int:pk>/", losses.loss_detail, name="loss_detail"),
    path("churn/budget/", losses.budget, name="budget"),
    path("churn/base/", losses.base_list, name="base_list"),
    path("churn/movement/", losses.movement, name="movement"),
    path("churn/movement/rows/", losses.movement_rows, name="movement_rows"),
    path("churn/by-competitor/", losses.by_competitor, name="by_competitor"),
    path("churn/reports/", reports.report_list, name="report_list"),
    path("churn/reports/<int:pk>/", reports.report_detail, name="report_detail"),
    path("churn/reports/<int:pk>/submit/", reports.report_submit, name="report_submit"),
    path("churn/reports/<int:pk>/check/", reports.report_check, name="report_check"),
    path("churn/reports/<int:pk>/print/", reports.report_print, name="report_print"),
]
