"""How the web server serves: threads, since a stream waits for the network most of its time."""

import ctypes
import os
import signal
import sys
from typing import Any

wsgi_app = "config.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("PROOFROOM_WEB_PROCESSES", "2"))
threads = int(os.environ.get("PROOFROOM_WEB_THREADS", "16"))  # above PROOFROOM_TRANSFERS, so that pages always answer
timeout = 120
graceful_timeout = 5
keepalive = 5
control_socket_disable = True  # its default place is the user's home, shared by all installations
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def post_fork(_server: Any, _worker: Any) -> None:
    """A worker dies with its master, so that a master that was killed leaves no port taken."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
