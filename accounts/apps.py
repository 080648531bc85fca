from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who we are and whom we serve: units, staff, customers, tiers, assignments."""

    name = "accounts"

    def ready(self) -> None:
        """Register measures, parameters, notices and steps of the night."""
        from accounts import clocks, measures, notices, parameters, sweeps  # noqa: F401
        from accounts.actions.merging import finding  # noqa: F401
