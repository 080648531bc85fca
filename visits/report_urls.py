"""Addresses of reports."""

from django.urls import path

from visits.views import reports

report_patterns = [
    path("reports/", reports.report_list, name="report_list"),
    path("reports/timeliness/", reports.report_timeliness, name="report_timeliness"),
    path("reports/<int:pk>/", reports.report_detail, name="report_detail"),
    path("reports/<int:pk>/decide/", reports.report_decide, name="report_decide"),
    path("reports/<int:pk>/print/", reports.report_print, name="report_print"),
]
