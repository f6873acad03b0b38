"""Start one program so that it dies with the process that started it.

Run as `python -I -S launch.py PARENT_PID NICENESS -- PROGRAM ARGUMENT…`. It asks the kernel for SIGKILL at the end of
its parent (prctl(2), PR_SET_PDEATHSIG) and then becomes the program. A `preexec_fn` would do the same inside the parent,
but is unsafe there once the parent has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Become the program, or end at once when the parent is already gone."""
    parent, niceness, _separator, *command = arguments
    if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        sys.exit("The kernel refused PR_SET_PDEATHSIG.")
    if os.getppid() != int(parent):
        sys.exit("The process that started this one has ended.")
    os.nice(int(niceness))
    os.execvp(command[0], command)  # noqa: S606 -- there is no shell, and the caller is our own supervisor


if __name__ == "__main__":
    main(sys.argv[1:])
