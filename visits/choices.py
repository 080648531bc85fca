"""Closed lists of the visits app."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    """Who started the contact (CON-11)."""

    OUTBOUND = "outbound", _("Outbound")
    INBOUND = "inbound", _("Inbound")


class Party(TextChoices):
    """Who held the contact (decisions 7)."""

    RECORD = "record", _("Manager of record")
    COVER = "cover", _("Cover")
    PRESENCE = "presence", _("In the manager's presence")
    OTHER = "other", _("Somebody else")


class Mood(TextChoices):
    """Customer's mood (CON-8)."""

    GOOD = "good", _("Good")
    NEUTRAL = "neutral", _("Neutral")
    BAD = "bad", _("Upset")


class WorkClass(TextChoices):
    """Class of work (ORG-8), computed from the occasion."""

    DEVELOPMENT = "development", _("Development")
    MAINTENANCE = "maintenance", _("Maintenance")
    SALES = "sales", _("Sales")


class VisitKind(TextChoices):
    """Regular, irregular or special (CON-15), computed from what was owed."""

    REGULAR = "regular", _("Regular")
    IRREGULAR = "irregular", _("Irregular")
    SPECIAL = "special", _("Special")


class Category(TextChoices):
    """Daily-service category (CON-38), computed from the occasion."""

    ENQUIRY = "enquiry", _("Enquiry")
    HANDLING = "handling", _("Business handling")
    NEED = "need", _("Need solving")
    REWARD = "reward", _("Reward service")
    CARE = "care", _("Care")


class ServiceKind(TextChoices):
    """Communication service or additional service (CON-38)."""

    COMMUNICATION = "communication", _("Communication service")
    ADDITIONAL = "additional", _("Additional service")


class DutyState(TextChoices):
    """States of a duty in the ledger (design §4). Provisional is a miss before the freeze."""

    OPEN = "open", _("Owed")
    MET = "met", _("Met")
    PROVISIONAL = "provisional", _("Missed (provisional)")
    MISSED = "missed", _("Missed")
    EXCUSED = "excused", _("Excused")
    VOID = "void", _("No longer owed")


class ExcuseKind(TextChoices):
    """Reasons a supervisor may excuse a duty for."""

    NO_CONTACT = "no_contact", _("Customer wants no contact")
    UNREACHABLE = "unreachable", _("Unreachable")


class ExcuseState(TextChoices):
    REQUESTED = "requested", _("Waiting for decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class VoiceKind(TextChoices):
    """What was said or learned (CON-15, CON-16, CON-18, CUS-20, CUS-21, CMP-25)."""

    OPINION = "opinion", _("Opinion")
    CRITICISM = "criticism", _("Criticism")
    PROBLEM = "problem", _("Problem in the cooperation")
    NEED = "need", _("Need")
    PRAISE = "praise", _("Praise")
    COMPETITOR = "competitor", _("Competitor")
    KEY_CHANGE = "key_change", _("Key change")
    INFORMATION = "information", _("Other information")


class VoiceTopic(TextChoices):
    """What it is about; the first five are the key changes of CUS-20."""

    MANAGEMENT = "management", _("Management system")
    OPERATIONS = "operations", _("State of the business")
    FINANCE = "finance", _("Finance system")
    MARKET = "market", _("Products and market")
    LEADERSHIP = "leadership", _("Leadership")
    NETWORK = "network", _("Network")
    TARIFF = "tariff", _("Tariffs and bills")
    SERVICE = "service", _("Service")
    OTHER = "other", _("Something else")


KEY_TOPICS = ("management", "operations", "finance", "market", "leadership")


class VoiceSource(TextChoices):
    """Where information comes from (CUS-34)."""

    VISIT = "visit", _("A visit")
    CUSTOMER = "customer", _("The customer, otherwise")
    PRESS = "press", _("Press")
    WEB = "web", _("Internet")
    THIRD_PARTY = "third_party", _("Third party")


class BulletinKind(TextChoices):
    """What a bulletin passes on (CON-26)."""

    POLICY = "policy", _("Policy")
    RULE = "rule", _("Rule")
    METHOD = "method", _("Procedure")
    PRODUCT = "product", _("Product")


class Reliability(TextChoices):
    """How sure it is (CUS-34)."""

    SURE = "sure", _("Confirmed")
    LIKELY = "likely", _("Probable")
    HEARSAY = "hearsay", _("Hearsay")


class LoggedFrom(TextChoices):
    """Where a visit came from."""

    FORM = "form", _("Form")
    API = "api", _("API")
    IMPORT = "import", _("Import")


class Feature(TextChoices):
    """Parts of the work that a line has or has not (issue 3: per line switches)."""

    CHECK_IN = "check_in", _("Check-in book")
    CUSTOMER_SIGNATURE = "customer_signature", _("Customer's signature")
    MONTHLY_REPORT = "monthly_report", _("Monthly sales report")
    CHECKLIST = "checklist", _("Visit checklist")
    STOCK = "stock", _("Stock")
    PRICE = "price", _("Prices")
    DISPLAY = "display", _("Display")


class ReviewState(TextChoices):
    """Where the review of somebody's work stands (PLAN-4)."""

    WAITING = "waiting", _("To review")
    APPROVED = "approved", _("Reviewed")
    RETURNED = "returned", _("Returned")


class ReviewDecision(TextChoices):
    """What a reviewer says."""

    APPROVED = "approved", _("Reviewed")
    RETURNED = "returned", _("Returned")


class CallSource(TextChoices):
    """Who told of a missed call (CON-13)."""

    HOTLINE = "hotline", _("Hotline")
    PERSON = "person", _("Written down")


class MissedState(TextChoices):
    """Where a missed call stands. Tried: called back, the customer did not answer."""

    WAITING = "waiting", _("To be called back")
    TRIED = "tried", _("Called back, not reached")
    DONE = "done", _("Called back")
    DROPPED = "dropped", _("Dropped")


class MissedStep(IntegerChoices):
    """Whose turn it is (CON-13): nobody calls back → the backup, then the supervisor."""

    MANAGER = 0, _("Manager")
    BACKUP = 1, _("Backup")
    SUPERVISOR = 2, _("Supervisor")


class CallbackReason(TextChoices):
    """Why a contact was drawn; a similar text only raises the chance (CON-34)."""

    RANDOM = "random", _("Drawn at random")
    TWIN = "twin", _("Drawn, similar text")


class CallbackState(TextChoices):
    """Where a callback stands (KPI-7)."""

    WAITING = "waiting", _("To be called")
    TRIED = "tried", _("Not reached yet")
    CONFIRMED = "confirmed", _("Confirmed")
    DENIED = "denied", _("Never happened")
    UNREACHED = "unreached", _("Not reached")
    CANCELLED = "cancelled", _("Cancelled")


class ReversalKind(TextChoices):
    """A visit leaves the count, or comes back into it."""

    REVERSED = "reversed", _("Taken out of the count")
    RESTORED = "restored", _("Put back into the count")


class PlanPeriod(TextChoices):
    """Periods of a plan (PLAN-1)."""

    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


class PlanState(TextChoices):
    """A draft that nobody touched becomes the plan with its week; it is not late (PLAN-6)."""

    DRAFT = "draft", _("Draft")
    ACCEPTED = "accepted", _("Handed in")
    SYSTEM = "system", _("Drafted by the system")


class HalfDay(TextChoices):
    MORNING = "am", _("Morning")
    AFTERNOON = "pm", _("Afternoon")


class ItemState(TextChoices):
    """States of a plan's item (PLAN-5, PLAN-7)."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Completed")
    MISSED = "missed", _("Not done")
    CANCELLED = "cancelled", _("Left out")


class ItemReason(TextChoices):
    """Why something is in a plan; shown with the day it speaks of."""

    CALL_BACK = "call_back", _("Call back")
    FOLLOW_UP = "follow_up", _("Promised")
    ASSIGNED = "assigned", _("Assigned")
    INTRODUCTION = "introduction", _("Introduce yourself")
    CARE = "care", _("Care")
    BIRTHDAY = "birthday", _("Birthday")
    FACE_TO_FACE = "face_to_face", _("Meet in person")
    DUE = "due", _("Due this week")
    SUGGESTED = "suggested", _("This month's share")
    FORECAST = "forecast", _("The new period's share")
    TARGET = "target", _("Owed by tier")
    OWN = "own", _("Added by hand")
    AGAIN = "again", _("Planned again")


class ReportKind(TextChoices):
    """Reports of managers."""

    MONTHLY_SALES = "monthly_sales", _("Monthly analysis of customers' sales")
    SERVICE_ANALYSIS = "service_analysis", _("Analysis and summary of service work")


class ReportState(TextChoices):
    """Where a report stands (PLAN-13)."""

    DRAFT = "draft", _("To be written")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    READ = "read", _("Read")


class GuidanceKind(TextChoices):
    """What a channel customer was advised on (SAL-43)."""

    ORDER = "order", _("Ordering")
    DISPLAY = "display", _("Display")
    PRICE = "price", _("Prices")


class ViolationState(TextChoices):
    """Where the report of a price under the minimum stands (SAL-33)."""

    DRAFT = "draft", _("Draft")
    REPORTED = "reported", _("Waiting for decision")
    APPROVED = "approved", _("Tier lowered")
    REFUSED = "refused", _("Refused")


class ReportSection(TextChoices):
    """Mandatory sections of reports (PLAN-12, PLAN-14)."""

    SALES = "sales", _("Overall analysis of sales")
    PROBLEMS = "problems", _("Problems, causes and countermeasures")
    OPINIONS = "opinions", _("Main opinions on product quality and service")
    FORECAST = "forecast", _("Forecast for the next month")
    SUMMARY = "summary", _("Summary of the service work")
    ANALYSIS = "analysis", _("Analysis: what went well, what did not")
    MEASURES = "measures", _("Measures for improvement")
