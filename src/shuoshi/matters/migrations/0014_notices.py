"""Another way to be told. May run while serving: no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0013_supervision"),
    ]

    operations = [
        migrations.AlterField(
            model_name="matter",
            name="tell_by",
            field=models.CharField(
                choices=[
                    ("call", "打电话"),
                    ("sms", "短信"),
                    ("email", "电子邮件"),
                    ("visit", "上门"),
                    ("representative", "请代表转告"),
                    ("page", "自己在网上查"),
                ],
                max_length=16,
            ),
        ),
    ]
