from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models
from django.utils import timezone


def copy_sessions(apps, schema_editor):
    """Nobody is signed out by the update: sessions that hold on come over, with the account that they are of."""
    old, new = apps.get_model('sessions', 'Session'), apps.get_model('releases', 'Session')
    store = SessionStore()
    for session in old.objects.filter(expire_date__gt=timezone.now()).iterator():
        user = store.decode(session.session_data).get(SESSION_KEY)
        new.objects.create(
            session_key=session.session_key,
            session_data=session.session_data,
            expire_date=session.expire_date,
            user_id=int(user) if user else None,
        )
    old.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0021_edition_contributor'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('user_id', models.BigIntegerField(db_index=True, null=True)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.RunPython(copy_sessions, migrations.RunPython.noop),
    ]
