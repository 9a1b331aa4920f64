import django.db.models.deletion
from django.db import migrations, models

import shuoshi.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0010_points"),
    ]

    operations = [
        migrations.CreateModel(
            name="NotOfSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuoshi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "photo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="not_of_sheet",
                        to="channels.sheetphoto",
                    ),
                ),
            ],
        ),
    ]
