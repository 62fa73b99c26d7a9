from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0027_party_actions_in_suggestions'),
    ]

    operations = [
        migrations.RenameField(model_name='release', old_name='kind', new_name='form'),
    ]
