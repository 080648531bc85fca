from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who we are and whom we serve: units, staff, customers, tiers, assignments."""

    name = "accounts"
