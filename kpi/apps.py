from django.apps import AppConfig


class KpiConfig(AppConfig):
    """Assessment: indicators, results, scorecards, dashboards."""

    name = "kpi"
