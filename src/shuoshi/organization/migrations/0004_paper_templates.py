"""The institution's own templates of papers."""

import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.crypto
import shuoshi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0003_opened"),
        ("people", "0004_second_for_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperTemplate",
            fields=[
                ("wrapped_key", models.BinaryField(default=shuoshi.kernel.crypto.new_wrapped_key, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("paper", models.CharField(max_length=20)),
                ("number", models.PositiveIntegerField()),
                ("stored", models.CharField(max_length=80, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("left_out", models.CharField(blank=True, max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("in_force", models.BooleanField(default=False)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "number"), name="template_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("in_force", True)), fields=("paper",), name="template_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_force", False), ("approved_at__isnull", False), _connector="OR"),
                        name="template_in_force_was_approved",
                    ),
                ],
            },
        ),
    ]
