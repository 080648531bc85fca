from django.apps import AppConfig


class KpiConfig(AppConfig):
    """Assessment: indicators, results, scorecards, dashboards."""

    name = "kpi"

    def ready(self) -> None:
        """Register parameters, measures, the words of notices and the steps of the night."""
        from kpi import card_measures, card_parameters, notices, parameters, sweeps  # noqa: F401
