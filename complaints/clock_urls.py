"""Addresses of the targets in time and the office hours."""

from django.urls import path

from complaints.views import clock

clock_patterns = [
    path("sla/", clock.sla_list, name="sla_list"),
    path("sla/new/", clock.sla_new, name="sla_new"),
    path("sla/hours/", clock.office_hours, name="office_hours"),
]
