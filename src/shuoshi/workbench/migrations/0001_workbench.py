import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.crypto
import shuoshi.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("matters", "0023_answer_texts"),
        ("organization", "0005_leavers"),
        ("people", "0006_address_given_for"),
    ]

    operations = [
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("wrapped_key", models.BinaryField(default=shuoshi.kernel.crypto.new_wrapped_key, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("own", "只有我自己"), ("unit", "本单位的人"), ("whole", "所有工作人员")], max_length=5
                    ),
                ),
                ("short", models.CharField(max_length=12)),
                ("text", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("put_away_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["own", "unit", "whole"])), name="phrase_scope_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope", "unit"), ("unit__isnull", True), _connector="XOR"),
                        name="phrase_of_a_unit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("put_away_at__isnull", True), ("scope", "own")),
                        fields=("person", "short"),
                        name="phrase_once_own",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("put_away_at__isnull", True), ("scope", "unit")),
                        fields=("unit", "short"),
                        name="phrase_once_in_unit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("put_away_at__isnull", True), ("scope", "whole")),
                        fields=("short",),
                        name="phrase_once_for_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("wrapped_key", models.BinaryField(default=shuoshi.kernel.crypto.new_wrapped_key, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("on", models.DateField()),
                ("words", shuoshi.kernel.crypto.EncryptedText(owner="self")),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["person", "on", "id"],
                        name="reminder_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("person", "matter"), name="watch_once"
                    )
                ],
            },
        ),
    ]
