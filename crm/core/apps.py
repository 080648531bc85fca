from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def after_migrate(sender: AppConfig, using: str, **options: Any) -> None:
    """Put the change log and the working days in place; every other table exists by now."""
    from crm.core import changelog, working_days

    changelog.install()
    working_days.seed()


class CoreConfig(AppConfig):
    """The ground every other app stands on; it imports none of them."""

    name = "crm.core"
    label = "core"

    def ready(self) -> None:
        """Register core's parameters, notices and sweeps."""
        from crm.core import exports, housekeeping, jobs, own_parameters, words  # noqa: F401

        words.keep_words()
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="crm.core.after_migrate")
