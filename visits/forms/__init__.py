"""The shape of what people enter about keeping in touch; nothing here saves."""

from .switches import SwitchForm, ticked_switches
from .visits import (
    CountingForm,
    DecisionForm,
    ExcuseForm,
    MendForm,
    MomentInput,
    SaidForm,
    mend_initial,
    person_choices,
    ticked_cells,
)

__all__ = [
    "CountingForm",
    "DecisionForm",
    "ExcuseForm",
    "MendForm",
    "MomentInput",
    "SaidForm",
    "SwitchForm",
    "mend_initial",
    "person_choices",
    "ticked_cells",
    "ticked_switches",
]
