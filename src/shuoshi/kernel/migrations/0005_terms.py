from django.db import migrations, models


class Migration(migrations.Migration):
    """Terms after which keys and settled notices go. Keys that stand already have none: whether they came with an
    import, which may be run again after years, cannot be told any more."""

    dependencies = [("kernel", "0004_alarms")]

    operations = [
        migrations.AddField(
            model_name="idempotencykey",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="idempotencykey",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False)), fields=["expires_at"], name="idempotency_key_old"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("state", "DONE")), fields=["settled_at"], name="notice_old"),
        ),
    ]
