from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "styrhus.compliance"
