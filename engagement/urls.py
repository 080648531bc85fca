"""Addresses of service policies."""

from django.urls import path

from engagement.views import catalogue, enrolments

app_name = "engagement"
urlpatterns = [
    path("policies/", catalogue.policy_list, name="policy_list"),
    path("policies/new/", catalogue.policy_new, name="policy_new"),
    path("policies/<int:pk>/", catalogue.policy_edit, name="policy_edit"),
    path("policies/without/", enrolments.without_list, name="without_list"),
    path("policies/without/enrol/", enrolments.enrol_many, name="enrol_many"),
    path("policies/enrolments/", enrolments.enrolment_list, name="enrolment_list"),
    path("policies/enrolments/<int:pk>/", enrolments.enrolment_edit, name="enrolment_edit"),
    path("policies/enrolments/<int:pk>/end/", enrolments.enrolment_end, name="enrolment_end"),
    path("policies/enrolments/<int:pk>/used/", enrolments.enrolment_used, name="enrolment_used"),
    path("customers/<int:pk>/policies/new/", enrolments.enrolment_new, name="enrolment_new"),
]
