"""Tables of the desk, by subject."""

from complaints.models.cases import Case, CaseEntry, CaseFile, CaseMerge, CaseStep, OrderStep
from complaints.models.clocks import CaseClock, CasePause
from complaints.models.feedback import Instruction, Irregularity, IrregularityFile, QualityFeedback, VoiceFeedback
from complaints.models.reference import Category, OrderType, PhraseHit, ServicePhrase, SlaRule

__all__ = [
    "Case",
    "CaseClock",
    "CaseEntry",
    "CaseFile",
    "CaseMerge",
    "CasePause",
    "CaseStep",
    "Category",
    "Instruction",
    "Irregularity",
    "IrregularityFile",
    "OrderStep",
    "OrderType",
    "PhraseHit",
    "QualityFeedback",
    "ServicePhrase",
    "SlaRule",
    "VoiceFeedback",
]
