"""What an open log sheet shows, as values (screens 2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from visits.parts import OpenPart
from workbench.queries.brief import Brief
from workbench.queries.learnable import Learnable

PHONE = "phone"
ORGANISATIONS = ("group", "channel")


@dataclass(frozen=True, slots=True)
class Choice:
    """One chip."""

    code: str
    label: str
    icon: str = ""
    why: str = ""
    is_on_site: bool = False
    is_effective: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person as a chip."""

    id: int
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class SheetCustomer:
    """A customer on the sheet, or one that may come on it."""

    id: int
    name: str
    kind: str = ""
    unit_id: int = 0
    hint: str = ""
    persons: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class QuickDay:
    """A day that is often chosen."""

    value: str
    label: str


@dataclass(slots=True)
class Sheet:
    """Everything the sheet shows; the typed values are in the form."""

    customers: list[SheetCustomer] = field(default_factory=list)
    found: list[SheetCustomer] = field(default_factory=list)
    likely: list[SheetCustomer] = field(default_factory=list)
    channels: list[Choice] = field(default_factory=list)
    outcomes: list[Choice] = field(default_factory=list)
    occasions: list[Choice] = field(default_factory=list)
    colleagues: list[Person] = field(default_factory=list)
    learn: list[Learnable] = field(default_factory=list)
    parts: list[OpenPart] = field(default_factory=list)
    quick_days: list[QuickDay] = field(default_factory=list)
    card: Brief | None = None
    title: str = ""
    channel: str = PHONE
    outcome: str = ""
    occasion: str = ""
    asked: str = ""
    next: str = ""
    met: tuple[int, ...] = ()
    companions: tuple[int, ...] = ()
    tapped_at: str = ""
    time_text: str = ""
    open_channels: bool = False
    earliest: str = ""
    latest: str = ""
    today: str = ""
    open_time: bool = False
    open_more: bool = False
    can_pass_on: bool = False
    is_guest: bool = False
    """The customers are looked after by somebody else: what is learned of them is edited by their manager."""
    gone: tuple[int, ...] = ()
    draft_key: str = "log:new"

    @property
    def has_persons(self) -> bool:
        """Whether a customer of the sheet is an organisation, where somebody new may be met."""
        if self.is_guest:
            return False
        return not self.customers or any(customer.kind in ORGANISATIONS for customer in self.customers)

    @property
    def more_parts(self) -> list[OpenPart]:
        """The parts that stand under "More"."""
        return [item for item in self.parts if not item.part.on_site]

    @property
    def on_site_parts(self) -> list[OpenPart]:
        """The parts of an on-site visit."""
        return [item for item in self.parts if item.part.on_site]

    @property
    def part_codes(self) -> str:
        """Which parts of an on-site visit are there: others are fetched when the customers change."""
        return " ".join(item.part.code for item in self.on_site_parts)

    @property
    def chosen_channel(self) -> Choice:
        """The chip of the way of contact that is chosen."""
        return next((choice for choice in self.channels if choice.code == self.channel), self.channels[0])

    @property
    def is_after_dial(self) -> bool:
        """Opened by coming back from a call."""
        return bool(self.tapped_at)
