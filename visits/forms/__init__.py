"""The shape of what people enter about keeping in touch; nothing here saves."""

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
    "mend_initial",
    "person_choices",
    "ticked_cells",
]
