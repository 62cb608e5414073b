"""What a measurement says of the machine that it was done on: enough to judge the figures, nothing that names it."""

from __future__ import annotations

import os
import platform


def machine() -> dict[str, object]:
    """{'cores': 2, 'python': '3.11.7', 'system': 'Linux x86_64'}"""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
