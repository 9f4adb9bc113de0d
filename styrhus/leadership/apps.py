from django.apps import AppConfig


class LeadershipConfig(AppConfig):
    name = "styrhus.leadership"
