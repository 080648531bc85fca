"""Closed lists of the accounts app. Chinese labels are the words of the trade."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitType(TextChoices):
    """Types of organisation units (ORG-11, ORG-15)."""

    CITY = "city", _("City company")
    GROUP_DEPARTMENT = "gcd", _("Group Customer Department")
    BUSINESS_SUPPORT = "bsc", _("Business Support Centre")
    SERVICE_CENTRE = "service_centre", _("Customer service centre")
    BRANCH = "branch", _("Branch (business office)")
    HALL = "hall", _("Service hall")
    ENFORCEMENT = "enforcement", _("Enforcement department")
    OPERATIONS = "operations", _("Business operations department")
    PARTNER = "partner", _("Partner")


class Role(TextChoices):
    """Roles of requirements 3.3; a post gives one role in one unit."""

    MANAGER = "manager", _("Account manager")
    SUPERVISOR = "supervisor", _("Supervisor")
    COMPLAINT_HANDLER = "complaint_handler", _("Complaint handler")
    REGIONAL_MARKET_MANAGER = "regional_market_manager", _("Regional market manager")
    BRAND_MANAGER = "brand_manager", _("Brand manager")
    GROUP_DEPARTMENT = "group_department", _("Group Customer Department officer")
    BUSINESS_SUPPORT = "business_support", _("Business support officer")
    SERVICE_CENTRE = "service_centre", _("Service centre agent")
    SERVICE_DIRECTOR = "service_director", _("Customer-service director")
    BACK_OFFICE = "back_office", _("Back-office support")
    AUDITOR = "auditor", _("Auditor")
    DIRECTOR = "director", _("Director")


class Grade(TextChoices):
    """Grade of an account manager (ORG-4), independent of the line."""

    SENIOR = "senior", _("Senior account manager")
    KEY_ACCOUNT = "key_account", _("Key-account manager")
    REPRESENTATIVE = "representative", _("Customer representative")


class Line(TextChoices):
    """Line of an account manager (ORG-5, ORG-6, ORG-7)."""

    GROUP = "group", _("Group line")
    VIP = "vip", _("VIP line")
    CHANNEL = "channel", _("Channel line")
    SERVICE_HALL = "service_hall", _("Service hall line")


class EmploymentForm(TextChoices):
    """Employment form (ORG-23, ORG-31): data scope and reports only, never customer rights."""

    OWN = "own", _("Company staff")
    CONTRACT = "contract", _("Contract staff")
    AGENCY = "agency", _("Agency staff")
    SOCIETY = "society", _("Society-hired staff")
    OUTSOURCED = "outsourced", _("Outsourced (partner)")


class QualificationKind(TextChoices):
    """Kinds of qualification records (ORG-27)."""

    EDUCATION = "education", _("Education")
    COMPUTER = "computer", _("Computer certificate")
    MANDARIN = "mandarin", _("Mandarin")
    OTHER = "other", _("Other")


class LeaveKind(TextChoices):
    ANNUAL = "annual", _("Annual leave")
    SICK = "sick", _("Sick leave")
    PERSONAL = "personal", _("Personal leave")
    TRAINING = "training", _("Training")


class CustomerKind(TextChoices):
    """Customer kinds (ORG-2)."""

    GROUP = "group", _("Group customer")
    VIP = "vip", _("VIP customer")
    CHANNEL = "channel", _("Channel customer")
    ORDINARY = "ordinary", _("Ordinary customer")


class CustomerState(TextChoices):
    """Lifecycle of a customer (CUS-31); only active customers are owed contact."""

    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("In service")
    SUSPENDED = "suspended", _("Suspended")
    CHURNED = "churned", _("Churned")
    EXITED = "exited", _("Exited")


class MarketBand(TextChoices):
    """Market band (CUS-23)."""

    HIGH = "high", _("High end")
    MID = "mid", _("Middle")
    LOW = "low", _("Low end")


class Industry(TextChoices):
    """Sections of GB/T 4754 (CUS-26); a customer's code is a section letter and up to three digits."""

    A = "A", _("Agriculture, forestry, husbandry and fishery")
    B = "B", _("Mining")
    C = "C", _("Manufacturing")
    D = "D", _("Electricity, heat, gas and water")
    E = "E", _("Construction")
    F = "F", _("Wholesale and retail")
    G = "G", _("Transport, storage and post")
    H = "H", _("Hotels and catering")
    I = "I", _("Information transmission, software and IT services")  # noqa: E741
    J = "J", _("Financial industry")
    K = "K", _("Real estate")
    L = "L", _("Leasing and business services")
    M = "M", _("Research and technical services")
    N = "N", _("Water, environment and public facilities")
    O = "O", _("Resident services and repair")  # noqa: E741
    P = "P", _("Education sector")
    Q = "Q", _("Health and social work")
    R = "R", _("Culture, sports and entertainment")
    S = "S", _("Public administration and social organisations")
    T = "T", _("International organisations")


class Sex(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class SimKind(TextChoices):
    """SIM of a VIP (CUS-36)."""

    ORDINARY = "ordinary", _("Ordinary SIM")
    EXCLUSIVE = "exclusive", _("Exclusive VIP SIM")


class ContactRole(TextChoices):
    """Role of a contact person at a group customer (CUS-24)."""

    LEADER = "leader", _("Leader")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    TELECOM_ADMIN = "telecom_admin", _("Telecom administrator")
    FINANCE = "finance", _("Finance")
    OTHER = "other", _("Other")


class MemberState(TextChoices):
    ACTIVE = "active", _("Line in use")
    INACTIVE = "inactive", _("Line not in use")


class PreferredChannel(TextChoices):
    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")
    SMS = "sms", _("SMS")
    ON_SITE = "on_site", _("On-site visit")
    EMAIL = "email", _("E-mail")


class Purpose(TextChoices):
    """What a tier rule asks for (CON-1, CON-2, CON-4)."""

    CONTACT = "contact", _("Contact")
    FACE_TO_FACE = "face_to_face", _("Face-to-face contact")


class Period(TextChoices):
    """Calendar period of a promise (decisions D6: calendar, not rolling)."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    HALF = "half", _("Every half-year")
    YEAR = "year", _("Every year")


class ProposalState(TextChoices):
    OPEN = "open", _("Waiting for decision")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class TaskKind(TextChoices):
    """To-do rows (design: tasks are one model)."""

    FOLLOW_UP = "follow_up", _("Follow-up")
    CALL_BACK = "call_back", _("Call back")
    INTRODUCTION = "introduction", _("Introduction")
    CARE = "care", _("Care")
    ASSIGNED = "assigned", _("Assigned")
    ATTENTION = "attention", _("Extra attention")
    DUNNING = "dunning", _("Unpaid bill")
    AGREEMENT = "agreement", _("Agreement ends")
    PAPERS = "papers", _("Papers owed")


class AlertLevel(TextChoices):
    """How loud a churn alert is (RET-3); words and colours of the lists."""

    YELLOW = "yellow", _("Yellow")
    ORANGE = "orange", _("Orange")
    RED = "red", _("Red")


class TaskSource(TextChoices):
    """Who asked for an assigned task (交办任务, KPI-46)."""

    UNIT = "unit", _("One's own unit")
    CITY = "city", _("City company")
    PROVINCE = "province", _("Province company")


class CareTopic(TextChoices):
    """What a care task is about (ENG-1, ENG-2)."""

    BIRTHDAY = "birthday", _("Birthday greeting")
    HOLIDAY = "holiday", _("Holiday greeting")
    WEATHER = "weather", _("Weather reminder")
    TRAVEL = "travel", _("Wishes for a journey")
    CREDIT = "credit", _("Credit care")
    ACTIVITY = "activity", _("Invitation to an activity")
    OFFER = "offer", _("News of an offer")


class TaskState(TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class FileCategory(TextChoices):
    """Categories of the customer archive (CUS-12)."""

    CONTRACT = "contract", _("Contract")
    LICENCE = "licence", _("Licence")
    LETTER = "letter", _("Letter")
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other")


class DutyState(TextChoices):
    """Shown state of the contact promise on a standing (decisions 1)."""

    NONE = "none", _("Nothing owed")
    MET = "met", _("Met")
    OPEN = "open", _("Owed")
    DUE_SOON = "due_soon", _("At risk")
    OVERDUE = "overdue", _("Overdue")


class DispatchState(TextChoices):
    """States of a dispatch (派单)."""

    SENT = "sent", _("Waiting for the reply")
    REPLIED = "replied", _("Replied")
    UNSOLVED = "unsolved", _("Cannot be solved there")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EscalationState(TextChoices):
    """States of an escalation (上报)."""

    OPEN = "open", _("Reported up")
    CLOSED = "closed", _("Settled")


class StepState(TextChoices):
    """States of one level of an escalation."""

    WAITING = "waiting", _("Waiting to be accepted")
    ACCEPTED = "accepted", _("Accepted")
    ANSWERED = "answered", _("Settled here")
    PASSED_UP = "passed_up", _("Passed up")
    EXPIRED = "expired", _("Not answered in time")


class IndustrySection(TextChoices):
    """The sections of GB/T 4754, the first letter of a group customer's industry (CUS-26)."""

    FARMING = "A", _("Agriculture, forestry, animal husbandry and fishery")
    MINING = "B", _("Mining")
    MANUFACTURING = "C", _("Manufacturing")
    UTILITIES = "D", _("Electricity, heat, gas and water")
    CONSTRUCTION = "E", _("Construction")
    TRADE = "F", _("Wholesale and retail trade")
    TRANSPORT = "G", _("Transport, storage and post")
    CATERING = "H", _("Accommodation and catering")
    INFORMATION = "I", _("Information, software and IT services")
    FINANCE = "J", _("Finance (industry)")
    REAL_ESTATE = "K", _("Real estate")
    BUSINESS = "L", _("Leasing and business services")
    RESEARCH = "M", _("Scientific research and technical services")
    PUBLIC_WORKS = "N", _("Water, environment and public facilities")
    RESIDENTS = "O", _("Services to households, repair and others")
    SCHOOLING = "P", _("Education (industry)")
    HEALTH = "Q", _("Health and social work")
    CULTURE = "R", _("Culture, sports and entertainment")
    GOVERNMENT = "S", _("Public administration and social organisations")
    INTERNATIONAL = "T", _("International organisations")


def industry_words(code: str) -> str:
    """An industry with the name of its section: "C385 Manufacturing"; as it is when the section is unknown."""
    if code[:1] not in IndustrySection.values:
        return code
    return f"{code} {IndustrySection(code[:1]).label}"


class LineState(TextChoices):
    """A number in the network."""

    ACTIVE = "active", pgettext_lazy("line", "In service")
    SUSPENDED = "suspended", pgettext_lazy("line", "Stopped")
    CLOSED = "closed", pgettext_lazy("line", "Closed")


class LifecycleKind(TextChoices):
    """What happened to a line or to the customer as a whole (sync-api: lifecycle)."""

    CLOSED = "closed", pgettext_lazy("lifecycle", "Closed")
    PORTED_OUT = "ported_out", _("Ported out")
    TRANSFERRED = "transferred", _("Transferred")
    SUSPENDED = "suspended", pgettext_lazy("lifecycle", "Suspended")
    RESUMED = "resumed", _("Resumed")


class SignalKind(TextChoices):
    """Hard churn signals (RET-3, RET-9): the customer said or did it."""

    ASKED_TO_LEAVE = "asked_to_leave", _("Asked to leave")
    PORT_OUT_QUERY = "port_out_query", _("Asked about porting out")
    AUTHORISATION_CODE = "authorisation_code", _("Got an authorisation code to port out")
    TERMINATION = "termination", _("Asked for termination")
    LINES_STOPPED = "lines_stopped", _("Lines were stopped")
    MEMBERS_LEAVING = "members_leaving", _("Members are leaving")


class ProductCategory(TextChoices):
    """What a product is: business of groups, of persons, or goods that channel customers sell (SAL-1)."""

    GROUP = "group", _("Group business")
    PERSONAL = "personal", _("Personal business")
    GOODS = "goods", _("Goods for sale")


class ValueClass(TextChoices):
    """Class of a customer's value (CUS-16): A is worth most to us."""

    A = "A", _("Class A")
    B = "B", _("Class B")
    C = "C", _("Class C")
    D = "D", _("Class D")


class FeedRhythm(TextChoices):
    """How often a source tells its rows (sync-api)."""

    WORKING_DAY = "working_day", _("Every working day")
    MONTH_DAY = "month_day", _("Once a month")


class DuplicateReason(TextChoices):
    """Why two customers may be one, the strongest first."""

    CREDIT_CODE = "code", _("Same credit code")
    LICENCE = "licence", _("Same licence number")
    PHONE = "phone", _("Same phone number")
    NAME = "name", _("Same name")
    BIRTHDAY = "birthday", _("Same birthday")
    SIMILAR = "similar", _("Similar name")


class PairState(TextChoices):
    """What people said of two customers who look alike."""

    OPEN = "open", pgettext_lazy("pair", "To be looked at")
    DISMISSED = "dismissed", pgettext_lazy("pair", "Two different customers")
