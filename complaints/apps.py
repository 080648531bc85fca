from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """The desk: intake, complaints with their clocks, quality feedback, irregularities."""

    name = "complaints"

    def ready(self) -> None:
        """Register measures, parameters, the words of notices and the steps of the night."""
        from complaints import measures, notices, parameters, signing, sweeps  # noqa: F401
