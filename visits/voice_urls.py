"""Addresses of customer voice and bulletins."""

from django.urls import path

from visits.views import voices
from visits.views.bulletins import bulletin_detail, bulletin_list, bulletin_new, bulletin_withdraw

voice_patterns = [
    path("visits/voices/", voices.voice_list, name="voice_list"),
    path("visits/voices/<int:pk>/", voices.voice_detail, name="voice_detail"),
    path("visits/voices/<int:pk>/send/", voices.voice_send, name="voice_send"),
    path("visits/voices/<int:pk>/report-up/", voices.voice_report_up, name="voice_report_up"),
    path("customers/<int:pk>/voice/", voices.voice_new, name="voice_new"),
    path("bulletins/", bulletin_list, name="bulletin_list"),
    path("bulletins/new/", bulletin_new, name="bulletin_new"),
    path("bulletins/<int:pk>/", bulletin_detail, name="bulletin_detail"),
    path("bulletins/<int:pk>/withdraw/", bulletin_withdraw, name="bulletin_withdraw"),
]
