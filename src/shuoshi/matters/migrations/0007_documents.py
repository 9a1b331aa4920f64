"""Papers that were issued."""

import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.crypto
import shuoshi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_terms"),
        ("matters", "0006_answers_from_knowledge"),
        ("organization", "0004_paper_templates"),
        ("people", "0004_second_for_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("number", models.CharField(max_length=60, unique=True)),
                ("issuer", models.CharField(max_length=160)),
                ("issued_at", models.DateTimeField()),
                ("content", shuoshi.kernel.crypto.EncryptedText(owner="matter")),
                ("digest", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.event"),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="matters.matter"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.papertemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("matter", "kind", "ordinal", "edition"), name="document_edition_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("edition__gte", 1)), name="document_edition_from_one"),
                ],
            },
        ),
    ]
