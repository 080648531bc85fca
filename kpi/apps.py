from django.apps import AppConfig


class KpiConfig(AppConfig):
    """Assessment: indicators, results, scorecards, dashboards."""

    name = "kpi"

    def ready(self) -> None:
        """Register parameters, measures and the steps of the night."""
        from kpi import card_measures, card_parameters, sweeps  # noqa: F401
