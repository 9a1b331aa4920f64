"""Gateways that are down, what is counted against the limits, days whose lists were made. The service stands still for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("channel", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField(default=1)),
                ("since", models.DateTimeField()),
                ("tried_at", models.DateTimeField()),
                ("probe_at", models.DateTimeField()),
                ("code", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Morning",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name="message",
            name="message_of_recipient",
        ),
        migrations.AddField(
            model_name="message",
            name="handed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="number_index",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="message",
            name="why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_gateway", "没有配短信或邮件通道"),
                    ("no_address", "没有能收短信的号码或邮箱"),
                    ("uncertain", "发的时候断了，不知道收到没有，不再重发"),
                    ("refused", "通道不收这个号码或地址"),
                    ("out_of_order", "通道反复出错"),
                    ("undelivered", "运营商说没有送到"),
                    ("asked_not_to", "本人不要通知"),
                    ("over", "事情已经办过了"),
                    ("not_allowed", "这个人已经不管这件事了"),
                    ("gateway_down", "通道一直连不上，等得太久了"),
                    ("enough", "这个号码今天收的短信够多了"),
                    ("full", "全站的短信发满了限量"),
                    ("unreached", "几次没有联系上"),
                    ("by_hand", "管理员改成由人告知"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["recipient", "handed_at"], name="message_of_recipient"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("number_index", ""), _negated=True),
                fields=["number_index", "handed_at"],
                name="message_of_number",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("handed_at__isnull", False)), fields=["way", "handed_at"], name="message_handed"
            ),
        ),
    ]
