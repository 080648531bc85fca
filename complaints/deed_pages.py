"""Each deed on a case as a form: its words, its fields, the action behind it. The guards are in the actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import actions
from complaints.actions.deeds import do_deed
from complaints.choices import CaseKind
from complaints.forms import deeds as forms
from complaints.forms.steps import StepForm, step_form
from complaints.queries.cases import CaseDetail
from complaints.queries.offers import offers_for
from crm.core import parameters
from crm.core.abilities import Access

if TYPE_CHECKING:
    from crm.core.models import User

Text = str | Promise


@dataclass(frozen=True, slots=True)
class DeedPage:
    """One deed: heading, button, what is said when it is done."""

    name: str
    title: Text
    button: Text
    done: Text
    icon: str
    form: type[forms.DeedForm] = forms.DeedForm
    hint: Text = ""
    asks: Text = ""
    """A question before a deed that is one tap."""

    @property
    def is_plain(self) -> bool:
        """Nothing is asked: a button does it."""
        return self.form is forms.DeedForm or self.form is forms.OrderStepForm

    @property
    def url_name(self) -> str:
        """Its address."""
        return f"complaints:case_{self.name}"


# ti-circle-check ti-hourglass ti-calendar-event ti-player-play ti-message-reply ti-mood-sad ti-lock ti-rotate
# ti-user-share ti-git-merge ti-arrow-back-up ti-send ti-stairs-up ti-scale ti-gavel ti-search ti-pencil ti-paperclip
# ti-notes ti-quote ti-message-forward ti-list-check ti-stairs
_PAGES = (
    DeedPage(
        "accept", gettext_lazy("Accept the case"), gettext_lazy("Accept"), gettext_lazy("Accepted."), "circle-check"
    ),
    DeedPage(
        "pause", gettext_lazy("Wait for the customer"), gettext_lazy("Stop the clocks"),
        gettext_lazy("The clocks stand still."), "hourglass", forms.ReasonForm,
        gettext_lazy("The clocks stand still until you take the case up again."),
    ),
    DeedPage(
        "appoint", gettext_lazy("Agree an appointment"), gettext_lazy("Stop the clocks"),
        gettext_lazy("The clocks stand still."), "calendar-event", forms.AppointForm,
        gettext_lazy("The clocks stand still until the agreed time, then they run by themselves."),
    ),
    DeedPage(
        "resume", gettext_lazy("Take up again"), gettext_lazy("Take up again"), gettext_lazy("The clocks run again."),
        "player-play",
    ),
    DeedPage(
        "reply", gettext_lazy("Tell the customer the result"), gettext_lazy("The customer was told"),
        gettext_lazy("The result is on record."), "message-reply", forms.ReplyForm,
    ),
    DeedPage(
        "not_satisfied", gettext_lazy("The customer is not satisfied"), gettext_lazy("Back to work"),
        gettext_lazy("Back to work."), "mood-sad", forms.ReasonForm,
        gettext_lazy("The case goes back to work; what was told stays in the conversation."),
    ),
    DeedPage(
        "close", gettext_lazy("Close the case"), gettext_lazy("Close"), gettext_lazy("The case is closed."), "lock",
        asks=gettext_lazy("Close this case?"),
    ),
    DeedPage(
        "reopen", gettext_lazy("Open again"), gettext_lazy("Open again"), gettext_lazy("Opened again, new clocks run."),
        "rotate", forms.ReasonForm, gettext_lazy("A new round begins; the clocks of the old one stay on record."),
    ),
    DeedPage(
        "assign", gettext_lazy("Give to a colleague"), gettext_lazy("Give"), gettext_lazy("Given."), "user-share",
        forms.AssignForm,
    ),
    DeedPage(
        "merge", gettext_lazy("Merge into another case"), gettext_lazy("Merge"), gettext_lazy("Merged."), "git-merge",
        forms.MergeForm, gettext_lazy("This case ends in the other one; it can be undone for a few days."),
    ),
    DeedPage(
        "undo_merge", gettext_lazy("Undo the merge"), gettext_lazy("Undo the merge"), gettext_lazy("Undone."),
        "arrow-back-up",
    ),
    DeedPage(
        "dispatch", gettext_lazy("Send to another unit"), gettext_lazy("Send"), gettext_lazy("Sent."), "send",
        forms.DispatchForm, gettext_lazy("First across, then up: no reply in time is reported up by itself."),
    ),
    DeedPage(
        "escalate", gettext_lazy("Report up"), gettext_lazy("Report up"), gettext_lazy("Reported up."), "stairs-up",
        forms.ReasonForm, gettext_lazy("For what cannot be solved at this level; it goes up level by level."),
    ),
    DeedPage(
        "propose", gettext_lazy("Propose a judgement"), gettext_lazy("Propose"), gettext_lazy("Proposed."), "scale",
        forms.JudgementForm, gettext_lazy("Your supervisor decides."),
    ),
    DeedPage(
        "judge", gettext_lazy("Judge the complaint"), gettext_lazy("Decide"), gettext_lazy("Decided."), "gavel",
        forms.JudgementForm,
    ),
    DeedPage(
        "cause", gettext_lazy("Root cause"), gettext_lazy("Save"), gettext_lazy("Saved."), "search", forms.CauseForm
    ),
    DeedPage(
        "correct", gettext_lazy("Correct the case"), gettext_lazy("Save"), gettext_lazy("Saved."), "pencil",
        forms.CorrectForm,
    ),
    DeedPage(
        "attach", gettext_lazy("Add a file"), gettext_lazy("Add"), gettext_lazy("File added."), "paperclip",
        forms.AttachForm,
    ),
    DeedPage(
        "note", gettext_lazy("Internal note"), gettext_lazy("Add the note"), gettext_lazy("Noted."), "notes",
        forms.NoteForm, gettext_lazy("For colleagues only."),
    ),
    DeedPage(
        "said", gettext_lazy("The customer said"), gettext_lazy("Add"), gettext_lazy("Noted."), "quote", forms.SaidForm
    ),
    DeedPage(
        "update", gettext_lazy("Interim word to the customer"), gettext_lazy("The customer was told"),
        gettext_lazy("Noted; the next update is due later."), "message-forward", forms.UpdateForm,
    ),
    DeedPage(
        "order_step", gettext_lazy("Next step of the order"), gettext_lazy("Done"), gettext_lazy("Done."), "list-check",
        forms.OrderStepForm,
    ),
    DeedPage(
        "step", gettext_lazy("Next step"), gettext_lazy("Record the step"), gettext_lazy("Step recorded."), "stairs",
        StepForm,
    ),
)  # fmt: skip
PAGES: Mapping[str, DeedPage] = {page.name: page for page in _PAGES}


def form_of(
    page: DeedPage, detail: CaseDetail, access: Access, *, now: datetime, data: Any = None, files: Any = None
) -> forms.DeedForm:
    """The form of a deed on this case, with its choices and what is known already."""
    head = detail.head
    if page.form is StepForm:
        today = timezone.localdate(now)
        days = int(parameters.value("case_follow_up_days", today))
        typed = str(data.get("step", "")) if data is not None else ""
        step = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else detail.next_step or 0
        return step_form(step, data, version=head.version, today=today, follow_up_days=days)
    made = page.form
    if made is forms.ReplyForm and head.kind != CaseKind.COMPLAINT:
        made = forms.SettledReplyForm
    form = made(data, files, initial={"version": head.version} | _known(page.name, detail))
    if form.offers:
        form.give(offers_for(access, head, set(form.offers.values()), now=now))
    return form


def _known(name: str, detail: CaseDetail) -> dict[str, Any]:
    head = detail.head
    if name == "correct":
        return {
            "category_code": head.category, "product_id": head.product_id, "level": head.level, "facts": head.facts,
            "expectation": head.expectation, "numbers": head.numbers, "caused_by_id": head.caused_by_id,
        }  # fmt: skip
    if name == "order_step":
        return {"position": next((row.position for row in detail.order_steps if row.is_next), 0)}
    if name == "cause":
        return {"cause": head.cause}
    if name == "judge" and head.proposed_judgement != "pending":
        return {"judgement": head.proposed_judgement}
    if name == "dispatch":
        return {"text": head.facts}
    return {}


def do(page: DeedPage, form: forms.DeedForm, *, case_id: int, by: User, now: datetime) -> Any:
    """Do it; whatever is refused is raised by the action."""
    common: dict[str, Any] = {
        "case_id": case_id, "version": form.cleaned_data.get("version"), "by": by, "now": now,
    }  # fmt: skip
    if isinstance(form, StepForm):
        return actions.record_step(step=form.cleaned_data["step"], data=form.data_of(), **common)
    own: dict[str, Callable[..., Any]] = {
        "note": actions.add_note, "said": actions.add_said, "update": actions.add_update, "reply": actions.reply_case,
    }  # fmt: skip
    values = form.values()
    if page.name == "attach":
        return actions.add_case_file(upload=values["file"], **common)
    if page.name == "correct":
        return actions.correct_case(changes=values, **common)
    if page.name in own:
        return own[page.name](**values, **common)
    return do_deed(deed=page.name, values=values, **common)


def said_about(result: Any) -> list[str]:
    """What is told besides "done": one option only, service phrases in our words; neither stops anything."""
    told = [str(text) for text in getattr(result, "warnings", ())]
    numbers = getattr(result, "phrases", ())
    if numbers:
        text = _("Service phrases to avoid were used: No. %(numbers)s.")
        told.append(text % {"numbers": ", ".join(map(str, numbers))})
    return told
