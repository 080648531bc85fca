"""What people do for customers beyond the visit."""

from engagement.actions.catalogue import keep_policy
from engagement.actions.enrolments import Enrolled, end_enrolment, enrol, grant, keep_enrolment, mark_used

__all__ = ["Enrolled", "end_enrolment", "enrol", "grant", "keep_enrolment", "keep_policy", "mark_used"]
