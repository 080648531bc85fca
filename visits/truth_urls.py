"""Addresses of missed calls, callbacks and care."""

from django.urls import path

from visits.views import missed_calls

truth_patterns = [
    path("missed-calls/", missed_calls.missed_call_list, name="missed_call_list"),
    path("missed-calls/new/", missed_calls.missed_call_new, name="missed_call_new"),
    path("missed-calls/<int:pk>/", missed_calls.missed_call_detail, name="missed_call_detail"),
    path("missed-calls/<int:pk>/dial/", missed_calls.missed_call_dial, name="missed_call_dial"),
    path("missed-calls/<int:pk>/drop/", missed_calls.missed_call_drop, name="missed_call_drop"),
]
