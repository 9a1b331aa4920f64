"""An e-mail address is used for what it was left for. May run while serving; those left before are the person's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_files_looked_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="given_for",
            field=models.UUIDField(null=True),
        ),
    ]
