from django.apps import AppConfig


class DemoConfig(AppConfig):
    """`manage.py demo` and `manage.py real`; no tables."""

    name = "crm.demo"
    label = "demo"
