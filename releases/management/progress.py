"""The bar that an operator sees of long work."""

import sys
from functools import partial

from tqdm import tqdm

from releases.services.editions.progress import Progress


def show_progress(unit: str) -> Progress:
    """A bar on standard error that counts in `unit` ("files"); none where that is no terminal."""
    return partial(tqdm, unit=f" {unit}", disable=None, file=sys.stderr)
