from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "shuoshi.organization"
    label = "organization"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shuoshi.organization import handing_over
        from shuoshi.organization.policies import whole_path
        from shuoshi.people import leaving
        from shuoshi.people.policies import institution_is_at

        institution_is_at(whole_path)
        leaving.asks(handing_over.held)
