"""Notices are carried further, regular jobs noted. The service stands still for it; what stands already is not told once more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0006_copies"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("took_ms", models.PositiveIntegerField()),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="notice",
            name="event_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="to_carry",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="notice",
            name="to_carry",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="notice",
            name="channel",
            field=models.CharField(choices=[("desk", "Desk"), ("slip", "Slip"), ("speaker", "Speaker")], max_length=8),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("to_carry", True)), fields=["created_at"], name="notice_to_carry"),
        ),
    ]
