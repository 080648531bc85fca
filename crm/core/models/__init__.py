"""Tables of the ground: people who sign in, what they did, settings, long work, notices, files."""

from crm.core.models.files import Attachment
from crm.core.models.keys import IdempotencyKey
from crm.core.models.logs import AccessKind, AccessLog, Change
from crm.core.models.notices import Notice
from crm.core.models.people import Session, SignInLock, User, UserManager
from crm.core.models.settings import Parameter, WorkDay
from crm.core.models.work import Heartbeat, Job, JobRowError, JobState, SweepRun

__all__ = [
    "AccessKind",
    "AccessLog",
    "Attachment",
    "Change",
    "Heartbeat",
    "IdempotencyKey",
    "Job",
    "JobRowError",
    "JobState",
    "Notice",
    "Parameter",
    "Session",
    "SignInLock",
    "SweepRun",
    "User",
    "UserManager",
    "WorkDay",
]
