"""The lights of Today: both goals of a manager's work at a glance (ORG-32, screens 1); one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.abilities import Access
from kpi.choices import Category, Light
from kpi.faces import Face, Subject, face_of
from kpi.queries.results import person_results
from kpi.rules.goals import is_business

SHOWN = 3
RANKED = {Light.RED: 0, Light.AMBER: 1, Light.GREEN: 2, Light.NONE: 3}


@dataclass(frozen=True, slots=True)
class LightChip:
    """One figure with the address of its rows."""

    label: str
    number: str
    look: str
    icon: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class LightGroup:
    """One goal: how many of each light, and the figures that need attention first."""

    key: str
    title: str
    url: str
    red: int
    amber: int
    green: int
    chips: Sequence[LightChip]


def today_lights(access: Access, staff_id: int, today: date) -> list[LightGroup]:
    """Both groups; nothing where nothing has been counted yet."""
    month = today.replace(day=1)
    faces = [face_of(cell, today) for cell in person_results(access, staff_id, month).values()]
    if not faces:
        return []
    subject = Subject(month, None, staff_id)
    business = [face for face in faces if is_business(face.indicator.category, face.code)]
    relations = [face for face in faces if face not in business and face.indicator.category != Category.INFORMATION]
    return [
        _group("business", _("Business expansion"), business, subject),
        _group("relations", _("Customer relations"), relations, subject),
    ]


def _group(key: str, title: str, faces: Sequence[Face], subject: Subject) -> LightGroup:
    lights = [face.light for face in faces]
    ordered = sorted(faces, key=lambda face: (RANKED[face.light], face.indicator.position))
    return LightGroup(
        key,
        title,
        f"{reverse('kpi:dashboard')}#{key}",
        lights.count(Light.RED),
        lights.count(Light.AMBER),
        lights.count(Light.GREEN),
        [
            LightChip(face.label, face.number, face.look, face.icon, face.light_text, subject.rows(face.code))
            for face in ordered[:SHOWN]
        ],
    )
