import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from releases.services.exporting import OutsideTheFolder, export_site


class Command(BaseCommand):
    help = "Write all posts and files into an empty folder, in the layout of a Jekyll site."

    def add_arguments(self, parser):
        parser.add_argument("out", type=Path, help="An empty folder, or one that does not exist yet.")

    def handle(self, *, out, **options):
        try:
            found = export_site(out, at=timezone.now(), progress=self.progress)
        except (OSError, OutsideTheFolder) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{found.untouched + found.rewritten} posts: {found.untouched} byte for byte as they came,"
            f" {found.rewritten} written anew. {found.files} files."
        )

    def progress(self, rows, title):
        return tqdm(rows, desc=title, disable=None, file=sys.stderr)
