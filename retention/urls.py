"""Addresses of churn: losses, budget, movement, reports."""

from django.urls import path

from retention.views import alerts, analyses, columns, losses, model, reports, stickiness

app_name = "retention"
urlpatterns = [
    path("churn/alerts/", alerts.alert_list, name="alert_list"),
    path("churn/alerts/<int:pk>/", alerts.alert_detail, name="alert_detail"),
    path("churn/offers/<int:pk>/", alerts.offer_detail, name="offer_detail"),
    path("churn/offers/<int:pk>/answer/", alerts.offer_answer, name="offer_answer"),
    path("churn/cases/<int:pk>/", alerts.save_case, name="save_case"),
    path("churn/analyses/", analyses.analysis_list, name="analysis_list"),
    path("churn/analyses/<int:pk>/", analyses.analysis_detail, name="analysis_detail"),
    path("churn/analyses/<int:pk>/share/", analyses.analysis_share, name="analysis_share"),
    path("churn/intelligence/", analyses.intel_list, name="intel_list"),
    path("churn/intelligence/new/", analyses.intel_new, name="intel_new"),
    path("churn/intelligence/<int:pk>/file/", analyses.intel_file, name="intel_file"),
    path("settings/offer-limits/", analyses.offer_limits, name="offer_limits"),
    path("customers/<int:customer_id>/alert/", alerts.customer_alert, name="customer_alert"),
    path("customers/<int:customer_id>/alert/new/", alerts.alert_new, name="alert_new"),
    path("churn/", losses.loss_list, name="loss_list"),
    path("churn/<int:pk>/", losses.loss_detail, name="loss_detail"),
    path("churn/stickiness/", stickiness.stickiness_list, name="stickiness_list"),
    path("churn/model/", model.model, name="model"),
    path("churn/model/train/", model.model_train, name="model_train"),
    path("churn/model/columns/", columns.column_list, name="column_list"),
    path("churn/model/columns/<int:pk>/", columns.column_edit, name="column_edit"),
    path("churn/model/<int:pk>/", model.version, name="version"),
    path("churn/model/<int:pk>/take/", model.model_take, name="model_take"),
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
