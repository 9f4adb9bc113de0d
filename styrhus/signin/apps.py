from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "styrhus.signin"

    def ready(self):
        from styrhus.signin import security_log

        security_log.listen()
