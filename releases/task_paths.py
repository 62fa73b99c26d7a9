"""Paths under which earlier versions queued their tasks. A worker still finds those that wait in the queue.

Kept for one release after the modules moved; then this module and its call in `apps.py` go.
"""

import sys

from releases.services.agreements import suggestions
from releases.services.files import inspection

MOVED = {
    "releases.services.inspecting": inspection,
    "releases.services.suggesting": suggestions,
}


def keep_earlier_paths() -> None:
    """Make the modules of queued tasks importable under the names that they had."""
    sys.modules.update(MOVED)
