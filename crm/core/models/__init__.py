"""Tables of the ground: people who sign in, what they did, settings, long work, notices, files."""

from crm.core.models.budget import RowsShown
from crm.core.models.delivery import Delivery, DeliveryChannel, DeliveryKind, DeliveryState, NoticeChoice
from crm.core.models.exports import ExportFormat, ExportOrder, ExportState
from crm.core.models.files import Attachment, DocumentClass
from crm.core.models.guide import Article, GuideArea
from crm.core.models.keys import IdempotencyKey
from crm.core.models.lists import SavedView
from crm.core.models.logs import AccessKind, AccessLog, Change
from crm.core.models.notices import Notice
from crm.core.models.people import Session, SignInLock, User, UserManager
from crm.core.models.settings import OfficeHours, Parameter, WorkDay
from crm.core.models.sharing import ShareLink
from crm.core.models.signing import Signature, SignLink, SignMethod
from crm.core.models.work import Heartbeat, Job, JobRowError, JobState, SweepPiece, SweepRun

__all__ = [
    "AccessKind",
    "AccessLog",
    "Article",
    "Attachment",
    "Change",
    "Delivery",
    "DeliveryChannel",
    "DeliveryKind",
    "DeliveryState",
    "DocumentClass",
    "ExportFormat",
    "ExportOrder",
    "ExportState",
    "GuideArea",
    "Heartbeat",
    "IdempotencyKey",
    "Job",
    "JobRowError",
    "JobState",
    "Notice",
    "NoticeChoice",
    "OfficeHours",
    "Parameter",
    "RowsShown",
    "SavedView",
    "Session",
    "ShareLink",
    "SignInLock",
    "SignLink",
    "SignMethod",
    "Signature",
    "SweepPiece",
    "SweepRun",
    "User",
    "UserManager",
    "WorkDay",
]
