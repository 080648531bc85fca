from django.apps import AppConfig


class SalesConfig(AppConfig):
    """What is sold: quotas and results."""

    name = "sales"

    def ready(self) -> None:
        """Register measures, parameters, the words of notices, the steps of the night and the kinds of long work."""
        from sales import (  # noqa: F401
            agreement_notices,
            measures,
            money_notices,
            money_parameters,
            reference_lists,
            sweeps,
            usage_parameters,
        )
