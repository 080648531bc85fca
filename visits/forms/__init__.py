"""The shape of what people enter about keeping in touch; nothing here saves."""

from .callbacks import CallbackForm, CallTestForm, ObjectionForm
from .care import TripNoteForm, WeatherForm
from .journal import AmendForm, ArrivalForm, DayForm, DrawnForm, ReviewForm, SpecialForm, chosen_work
from .missed_calls import CallBackForm, DropForm, MissedCallForm
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
    "AmendForm",
    "ArrivalForm",
    "CallBackForm",
    "CallTestForm",
    "CallbackForm",
    "CountingForm",
    "DayForm",
    "DecisionForm",
    "DrawnForm",
    "DropForm",
    "ExcuseForm",
    "MendForm",
    "MissedCallForm",
    "MomentInput",
    "ObjectionForm",
    "ReviewForm",
    "SaidForm",
    "SpecialForm",
    "SwitchForm",
    "TripNoteForm",
    "WeatherForm",
    "chosen_work",
    "mend_initial",
    "person_choices",
    "ticked_cells",
    "ticked_switches",
]
