"""Every address of the REST API (version 1)."""

from django.urls import path, re_path

from accounts.api import contact_persons, customers, directory, directory_writes, lines, profiles, value
from complaints.api import parts as complaint_parts
from complaints.api import routes as complaints
from crm.core.api import exports
from crm.core.api.views import DocsView, SchemaView, unknown_address
from engagement.api import routes as engagement
from kpi.api import routes as kpi
from retention.api import alerts as retention_alerts
from retention.api import routes as retention
from sales.api import agreements, relations
from sales.api import billing as sales_billing
from sales.api import routes as sales
from sync.api import changes, imports, reconciliation, webhooks
from visits.api import care, missed_calls
from visits.api import routes as visits

app_name = "api"
urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(url_name="api:schema"), name="docs"),
    path("customers", customers.CustomerList.as_view(), name="customers"),
    path("customers/bulk", customers.CustomerBulk.as_view(), name="customers_bulk"),
    path("customers/<int:pk>", customers.CustomerDetail.as_view(), name="customer"),
    path("customers/<int:pk>/profile", profiles.CustomerProfile.as_view(), name="customer_profile"),
    path(
        "customers/by-external-id/<str:source>/<path:external_id>",
        customers.CustomerByExternalId.as_view(),
        name="customer_by_external_id",
    ),
    path(
        "customers/<int:pk>/external-ids/<str:source>",
        customers.CustomerExternalId.as_view(),
        name="customer_external_id",
    ),
    path("contact-persons", contact_persons.ContactPersonList.as_view(), name="contact_persons"),
    path("contact-persons/<int:pk>", contact_persons.ContactPersonDetail.as_view(), name="contact_person"),
    path("group-members", lines.GroupMemberList.as_view(), name="group_members"),
    path("lines", lines.LineList.as_view(), name="lines"),
    path("lifecycle-events", lines.LifecycleEventList.as_view(), name="lifecycle_events"),
    path("signals", lines.SignalList.as_view(), name="signals"),
    path("visits", visits.VisitList.as_view(), name="visits"),
    path("visits/<int:pk>", visits.VisitDetail.as_view(), name="visit"),
    path("duties", visits.DutyList.as_view(), name="duties"),
    path("missed-calls", missed_calls.MissedCallList.as_view(), name="missed_calls"),
    path("complaints", complaints.ComplaintList.as_view(), name="complaints"),
    path("complaints/<int:pk>", complaints.ComplaintDetail.as_view(), name="complaint"),
    path("complaints/<int:pk>/steps", complaint_parts.ComplaintSteps.as_view(), name="complaint_steps"),
    path(
        "complaints/<int:pk>/transitions", complaint_parts.ComplaintTransitions.as_view(), name="complaint_transitions"
    ),
    path("complaints/<int:pk>/entries", complaint_parts.ComplaintEntries.as_view(), name="complaint_entries"),
    path("complaints/<int:pk>/attachments", complaint_parts.ComplaintFiles.as_view(), name="complaint_attachments"),
    path(
        "complaints/<int:pk>/attachments/<int:file_id>",
        complaint_parts.ComplaintFile.as_view(),
        name="complaint_attachment",
    ),
    path("sales/orders", sales.OrderList.as_view(), name="sales_orders"),
    path("sales/quotas", sales.QuotaList.as_view(), name="sales_quotas"),
    path("products", sales_billing.ProductList.as_view(), name="products"),
    path("subscriptions", sales_billing.SubscriptionList.as_view(), name="subscriptions"),
    path("usage", sales_billing.UsageList.as_view(), name="usage"),
    path("usage/bulk", sales_billing.UsageBulk.as_view(), name="usage_bulk"),
    path("member-uses", sales_billing.MemberUseList.as_view(), name="member_uses"),
    path("bills", sales_billing.BillList.as_view(), name="bills"),
    path("bills/bulk", sales_billing.BillBulk.as_view(), name="bills_bulk"),
    path("payments", sales_billing.PaymentList.as_view(), name="payments"),
    path("payments/bulk", sales_billing.PaymentBulk.as_view(), name="payments_bulk"),
    path("service-policies", engagement.PolicyList.as_view(), name="service_policies"),
    path("policy-enrolments", engagement.EnrolmentList.as_view(), name="policy_enrolments"),
    path("needs", relations.NeedList.as_view(), name="needs"),
    path("credit-accounts", relations.CreditAccountList.as_view(), name="credit_accounts"),
    path("guarantees", relations.GuaranteeList.as_view(), name="guarantees"),
    path("value-assessments", value.ValueAssessmentList.as_view(), name="value_assessments"),
    path("agreements", agreements.AgreementList.as_view(), name="agreements"),
    path("alerts", retention_alerts.AlertList.as_view(), name="alerts"),
    path("alerts/<int:pk>", retention_alerts.AlertDetail.as_view(), name="alert"),
    path("save-cases", retention_alerts.SaveCaseList.as_view(), name="save_cases"),
    path("save-cases/<int:pk>", retention_alerts.SaveCaseDetail.as_view(), name="save_case"),
    path("churn-records", retention.ChurnRecordList.as_view(), name="churn_records"),
    path("churn-records/<int:pk>", retention.ChurnRecordDetail.as_view(), name="churn_record"),
    path("kpi/results", kpi.ResultList.as_view(), name="kpi_results"),
    path("kpi/indicators", kpi.IndicatorList.as_view(), name="kpi_indicators"),
    path("exports", exports.ExportList.as_view(), name="exports"),
    path("exports/<int:pk>", exports.ExportDetail.as_view(), name="export"),
    path("exports/<int:pk>/file", exports.ExportFile.as_view(), name="export_file"),
    path("weather-warnings", care.WeatherList.as_view(), name="weather_warnings"),
    path("units", directory.UnitList.as_view(), name="units"),
    path("units/bulk", directory_writes.UnitBulk.as_view(), name="units_bulk"),
    path("units/<str:code>", directory_writes.UnitWrite.as_view(), name="unit"),
    path("staff", directory.StaffList.as_view(), name="staff"),
    path("staff/bulk", directory_writes.StaffBulk.as_view(), name="staff_bulk"),
    path("staff/<str:number>", directory_writes.StaffWrite.as_view(), name="staff_member"),
    path("reconciliation", reconciliation.Reconciliation.as_view(), name="reconciliation"),
    path("tiers", directory.TierList.as_view(), name="tiers"),
    path("imports", imports.ImportList.as_view(), name="imports"),
    path("jobs", imports.JobList.as_view(), name="jobs"),
    path("jobs/<int:pk>", imports.JobDetail.as_view(), name="job"),
    path("jobs/<int:pk>/errors", imports.JobErrors.as_view(), name="job_errors"),
    path("jobs/<int:pk>/undo", imports.JobUndo.as_view(), name="job_undo"),
    path("changes", changes.ChangeList.as_view(), name="changes"),
    path("webhooks", webhooks.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<int:pk>", webhooks.WebhookDetail.as_view(), name="webhook"),
    path("webhooks/<int:pk>/deliveries", webhooks.WebhookDeliveries.as_view(), name="webhook_deliveries"),
    path("webhooks/<int:pk>/ping", webhooks.WebhookPing.as_view(), name="webhook_ping"),
    path("webhooks/<int:pk>/secret", webhooks.WebhookSecret.as_view(), name="webhook_secret"),
    path("webhooks/<int:pk>/replay", webhooks.WebhookReplay.as_view(), name="webhook_replay"),
    re_path(r"^.*$", unknown_address, name="unknown"),
]
