from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "styrhus.planning"
