from django.apps import AppConfig


class FirstRunConfig(AppConfig):
    name = "shuoshi.config.first_run"
    label = "first_run"
