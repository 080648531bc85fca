"""Who we are and whom we serve."""

from .customers import (
    ChannelProfile,
    ContactPerson,
    Customer,
    CustomerFile,
    ExternalId,
    FamilyMember,
    GroupMember,
    JobChange,
    PersonProfile,
    PrivateProfile,
    RelationshipStrength,
    RequiredField,
    Segment,
)
from .dispatches import Dispatch, Escalation, EscalationStep
from .feeds import FeedExpectation, OwnedField
from .learned import LearnedFact
from .lines import LifecycleEvent, Line, Signal
from .merging import CustomerMerge, DuplicatePair
from .portfolio import Assignment, Handover, HandoverItem, Standing, Task
from .products import Product, ProductPrice
from .staff import Cover, Leave, Post, PrivateGrant, Qualification, Staff, Unit
from .tiers import Tier, TierHistory, TierProposal, TierRule
from .value import ValueAssessment

__all__ = [
    "Assignment",
    "ChannelProfile",
    "ContactPerson",
    "Cover",
    "Customer",
    "CustomerFile",
    "CustomerMerge",
    "Dispatch",
    "DuplicatePair",
    "Escalation",
    "EscalationStep",
    "ExternalId",
    "FamilyMember",
    "FeedExpectation",
    "GroupMember",
    "Handover",
    "HandoverItem",
    "JobChange",
    "LearnedFact",
    "Leave",
    "LifecycleEvent",
    "Line",
    "OwnedField",
    "PersonProfile",
    "Post",
    "PrivateGrant",
    "PrivateProfile",
    "Product",
    "ProductPrice",
    "Qualification",
    "RelationshipStrength",
    "RequiredField",
    "Segment",
    "Signal",
    "Staff",
    "Standing",
    "Task",
    "Tier",
    "TierHistory",
    "TierProposal",
    "TierRule",
    "Unit",
    "ValueAssessment",
]
