"""Addresses of the journal; visits.urls takes them in."""

from django.urls import URLPattern, path

from visits.views import switches

journal_patterns: list[URLPattern] = [
    path("settings/line-switches/", switches.line_switches, name="line_switches"),
]
