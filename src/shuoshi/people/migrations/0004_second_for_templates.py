"""A paper template is put in force by two administrators."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_proposal_title"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="deed",
            field=models.CharField(
                choices=[
                    ("create_account", "开账号"),
                    ("enable", "恢复账号"),
                    ("reset_password", "重设密码"),
                    ("drop_totp", "解除动态口令"),
                    ("appoint", "任职"),
                    ("end_post", "免职"),
                    ("use_template", "启用文书模板"),
                ],
                max_length=20,
            ),
        ),
    ]
