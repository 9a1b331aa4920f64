from django.db import migrations, models

import shuoshi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_search")]

    operations = [
        migrations.AddField(
            model_name="workerbeat",
            name="swept_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Raised",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(max_length=20),
                ),
                ("about", models.CharField(blank=True, max_length=64)),
                ("first_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=1)),
                ("ends_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "about"), name="raised_once")],
            },
        ),
    ]
