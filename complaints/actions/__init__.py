"""Every human write of the desk: verbs of the business, keyword-only, `by=`, `now=`, atomic."""

from .bulk import act_on_cases
from .cases import (
    accept_case,
    assign_case,
    close_case,
    correct_case,
    not_satisfied,
    pause_case,
    reopen_case,
    resume_case,
)
from .files import add_case_file, open_case_file
from .intake import minimal_card, take_request
from .judgements import judge_case, propose_judgement, set_cause
from .matters import report_case_up, send_case
from .merges import merge_cases, undo_merge
from .one_call import OneCall, Solved, solve_in_one_call
from .orders import finish_order_step
from .replies import Said, add_note, add_said, add_update, reply_case
from .sheet import Answer, IntakeSheet
from .steps import Recorded, record_step

__all__ = [
    "Answer",
    "IntakeSheet",
    "OneCall",
    "Recorded",
    "Said",
    "Solved",
    "accept_case",
    "act_on_cases",
    "add_case_file",
    "add_note",
    "add_said",
    "add_update",
    "assign_case",
    "close_case",
    "correct_case",
    "finish_order_step",
    "judge_case",
    "merge_cases",
    "minimal_card",
    "not_satisfied",
    "open_case_file",
    "pause_case",
    "propose_judgement",
    "record_step",
    "reopen_case",
    "reply_case",
    "report_case_up",
    "resume_case",
    "send_case",
    "set_cause",
    "solve_in_one_call",
    "take_request",
    "undo_merge",
]
