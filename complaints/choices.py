"""Closed lists of the complaints app. Chinese labels are the words of the trade."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class CaseKind(TextChoices):
    """What a customer brings (受理); an irregularity is a record of its own."""

    ENQUIRY = "enquiry", _("Enquiry")
    HANDLING = "handling", _("Business handling")
    NEED = "need", _("Service request")
    COMPLAINT = "complaint", _("Complaint")
    QUALITY = "quality", _("Product quality")


class CaseChannel(TextChoices):
    """How it came in (CMP-5)."""

    WALK_IN = "walk_in", _("Walk-in")
    PHONE = "phone", _("Phone")
    VISIT = "visit", _("During a visit")
    HOTLINE = "hotline", _("Hotline")
    SYSTEM = "system", _("Another system")


class CaseLevel(TextChoices):
    """How grave it is; a major matter is reported at once (PLAN-16)."""

    ORDINARY = "ordinary", _("Ordinary matter")
    SERIOUS = "serious", _("Serious matter")
    MAJOR = "major", _("Major matter")


class CaseState(TextChoices):
    """States of a case; the clock stands still only in the two waiting ones."""

    RECEIVED = "received", _("To be accepted")
    HANDLING = "handling", _("In hand")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for the customer")
    APPOINTED = "appointed", _("Appointment agreed")
    REPLIED = "replied", _("Result told")
    CLOSED = "closed", _("Case closed")
    MERGED = "merged", _("Merged into another")


OPEN_STATES = (
    CaseState.RECEIVED, CaseState.HANDLING, CaseState.WAITING_CUSTOMER, CaseState.APPOINTED, CaseState.REPLIED,
)  # fmt: skip
PAUSE_STATES = (CaseState.WAITING_CUSTOMER, CaseState.APPOINTED)


class Judgement(TextChoices):
    """有理由投诉 or not (CMP-4)."""

    PENDING = "pending", _("Not judged yet")
    JUSTIFIED = "justified", _("Justified")
    UNJUSTIFIED = "unjustified", _("Not justified")


class StepNumber(IntegerChoices):
    """The six steps (CMP-7, reconstructed: G1); 1–3 feelings, 4–6 the matter."""

    PREDICT = 1, _("Predict needs")
    MEET = 2, _("Meet the feelings")
    OPEN = 3, _("Open questions")
    PROVIDE = 4, _("Provide information")
    AGREE = 5, _("Reach agreement")
    KEEP_IN_TOUCH = 6, _("Keep in touch")


FEELINGS = (StepNumber.PREDICT, StepNumber.MEET, StepNumber.OPEN)


class CustomerMood(TextChoices):
    """The mood a handler meets (CMP-8)."""

    CALM = "calm", _("Calm")
    WORRIED = "worried", _("Worried")
    DISAPPOINTED = "disappointed", _("Disappointed")
    ANGRY = "angry", _("Angry")


class EntryKind(TextChoices):
    """Lines of the conversation of a case."""

    NOTE = "note", _("Internal note")
    SAID = "said", _("The customer said")
    UPDATE = "update", _("Interim word to the customer")
    REPLY = "reply", _("Reply to the customer")
    CHANGE = "change", _("Change")


class ReplyMethod(TextChoices):
    """How the customer was told (CMP-1)."""

    PHONE = "phone", _("Phone")
    FACE = "face", _("Face to face")
    WECHAT = "wechat", _("WeChat")
    SMS = "sms", _("SMS")
    LETTER = "letter", _("Letter")


class ClockKind(TextChoices):
    """The three clocks of a case (issue: SLA engine)."""

    FIRST_REPLY = "first_reply", _("First reply")
    UPDATE = "update", _("Next update")
    SOLUTION = "solution", _("Solution")


class ClockState(TextChoices):
    """States of one clock; late = stopped after its deadline, void = not needed any more."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Within its time")
    LATE = "late", _("Too late")
    VOID = "void", _("Not needed")


class Hours(TextChoices):
    """In which hours a clock runs."""

    OFFICE = "office", _("Office hours")
    ALWAYS = "always", _("Round the clock")


class QualityState(TextChoices):
    """States of a 商品及服务质量信息反馈单 (CMP-28…31)."""

    REPORTED = "reported", _("To be inspected")
    INSPECTED = "inspected", _("Inspected")
    SIGNED = "signed", _("Signed by the customer")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Exchange approved")
    REJECTED = "rejected", _("Rejected")
    EXCHANGED = "exchanged", _("Exchanged")
    CONFIRMED = "confirmed", _("Confirmed by the customer")
    CLOSED = "closed", _("Settled and closed")


class IrregularityKind(TextChoices):
    """Kinds of irregular business (CMP-34)."""

    UNLICENSED = "unlicensed", _("Unlicensed operation")
    PRICE = "price", _("Price violation")
    OTHER = "other", _("Other irregularity")


class IrregularityState(TextChoices):
    """The hops of an irregularity report (CMP-35)."""

    REPORTED = "reported", _("Reported")
    FORWARDED = "forwarded", _("Forwarded")
    RESULT = "result", _("Result known")
    COPIED = "copied", _("Result passed on")
    CLOSED = "closed", _("Settled and closed")


class PhrasePlace(TextChoices):
    """Where a service phrase was met; never in the customer's own words (CMP-16)."""

    REPLY = "reply", _("Reply to the customer")
    UPDATE = "update", _("Interim word")
    STEP = "step", _("Step")
    NOTE = "note", _("Note")
