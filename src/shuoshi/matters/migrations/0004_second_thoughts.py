"""Until when the speaker may speak after the end, and whether staff wrote a withdrawal down."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_conflicts_ruled_on")]

    operations = [
        migrations.AddField(model_name="matter", name="reconsidered_until", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="matter", name="withdrawal_entered", field=models.BooleanField(default=False)),
    ]
