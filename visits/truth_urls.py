"""Addresses of missed calls, callbacks and care."""

from django.urls import path

from visits.views import call_tests, callbacks, care, missed_calls

truth_patterns = [
    path("missed-calls/", missed_calls.missed_call_list, name="missed_call_list"),
    path("missed-calls/new/", missed_calls.missed_call_new, name="missed_call_new"),
    path("missed-calls/<int:pk>/", missed_calls.missed_call_detail, name="missed_call_detail"),
    path("missed-calls/<int:pk>/dial/", missed_calls.missed_call_dial, name="missed_call_dial"),
    path("missed-calls/<int:pk>/drop/", missed_calls.missed_call_drop, name="missed_call_drop"),
    path("callbacks/", callbacks.callback_list, name="callback_list"),
    path("callbacks/<int:pk>/", callbacks.callback_detail, name="callback_detail"),
    path("callbacks/<int:pk>/missed/", callbacks.callback_missed, name="callback_missed"),
    path("callbacks/<int:pk>/dial/", callbacks.callback_dial, name="callback_dial"),
    path("callbacks/<int:pk>/object/", callbacks.callback_object, name="callback_object"),
    path("callbacks/<int:pk>/rule/", callbacks.callback_rule, name="callback_rule"),
    path("call-tests/", call_tests.call_test_list, name="call_test_list"),
    path("weather/", care.weather_list, name="weather_list"),
    path("customers/<int:customer_id>/trip/", care.trip_new, name="trip_new"),
]
