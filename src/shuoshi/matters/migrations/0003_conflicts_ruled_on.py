"""A declared conflict is ruled on and may be lifted; who rules and who designates where nobody else is free."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("matters", "0002_answer_questions")]

    operations = [
        migrations.RemoveConstraint(model_name="exclusion", name="exclusion_unit_once"),
        migrations.RemoveConstraint(model_name="exclusion", name="exclusion_person_once"),
        migrations.AddField(model_name="exclusion", name="lifted_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="exclusion",
            name="why",
            field=models.CharField(
                choices=[
                    ("concerned", "反映的就是这个人或单位"),
                    ("recused", "裁定回避"),
                    ("declared", "自己声明，裁定前先回避"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.UniqueConstraint(
                name="exclusion_unit_once", fields=["matter", "unit"], condition=Q(lifted_at__isnull=True)
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.UniqueConstraint(
                name="exclusion_person_once", fields=["matter", "person"], condition=Q(lifted_at__isnull=True)
            ),
        ),
        migrations.AddField(
            model_name="matter", name="dispatcher_designates", field=models.BooleanField(default=False)
        ),
        migrations.AddField(model_name="request", name="lead_may_rule", field=models.BooleanField(default=False)),
    ]
