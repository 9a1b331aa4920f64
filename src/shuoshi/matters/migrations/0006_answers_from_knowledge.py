"""What answers rest on, and which questions no entry answered. May run while serving: new tables, one column with a default."""

import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0001_initial"),
        ("matters", "0005_recount"),
    ]

    operations = [
        migrations.AddField(
            model_name="result",
            name="cites",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="matters.matter"
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="matters.result"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.entryversion"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["version", "matter"], name="citation_of_version")],
                "constraints": [models.UniqueConstraint(fields=("result", "version"), name="citation_once")],
            },
        ),
        migrations.CreateModel(
            name="Unanswered",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unanswered", to="matters.matter"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.knowledgetask"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "matter"), name="unanswered_once")],
            },
        ),
    ]
