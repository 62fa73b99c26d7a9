import django.db.models.deletion
from django.db import migrations, models

ACTIONS = ("add", "change", "delete", "view")


def name_permissions(apps, before, after):
    """Django renames the content type with its model, and leaves what somebody may do under the old name."""
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="releases")
    for action in ACTIONS:
        named = {"codename": f"{action}_{after}", "name": f"Can {action} {after}"}
        if not permissions.filter(codename=named["codename"]).exists():
            permissions.filter(codename=f"{action}_{before}").update(**named)


def forwards(apps, editor):
    name_permissions(apps, "remark", "comment")


def backwards(apps, editor):
    name_permissions(apps, "comment", "remark")


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('releases', '0018_blob_stored_at'),
    ]

    operations = [
        migrations.AlterModelTable(
            name='remark',
            table='releases_remark',
        ),
        migrations.RenameModel(
            old_name='Remark',
            new_name='Comment',
        ),
        migrations.AlterField(
            model_name='comment',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='releases.edition'),
        ),
        migrations.AlterField(
            model_name='comment',
            name='link',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='comments', to='releases.previewlink'),
        ),
        migrations.RemoveConstraint(
            model_name='comment',
            name='remark_says_something',
        ),
        migrations.RemoveConstraint(
            model_name='comment',
            name='remark_is_somebodys',
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('consents', True), _connector='OR'), name='comment_says_something'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('author__isnull', False), ('link__isnull', False), _connector='OR'), name='comment_is_somebodys'),
        ),
        migrations.RunPython(forwards, backwards),
    ]
