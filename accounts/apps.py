from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who we are and whom we serve: units, staff, customers, tiers, assignments."""

    name = "accounts"

    def ready(self) -> None:
        """Register parameters, notices and steps of the night."""
        from accounts import clocks, notices, parameters, sweeps  # noqa: F401
