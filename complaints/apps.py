from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """The desk: intake, complaints with their clocks, quality feedback, irregularities."""

    name = "complaints"

    def ready(self) -> None:
        """Register parameters, the words of notices and the steps of the night."""
        from complaints import notices, parameters, signing, sweeps  # noqa: F401
