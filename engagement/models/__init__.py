"""Tables of engagement."""

from engagement.models.policies import PolicyEnrolment, ServicePolicy

__all__ = ["PolicyEnrolment", "ServicePolicy"]
