"""What every command of bin/ does first: look whether this machine will do, set up what is missing, go on in .venv.

Standard library only, and readable by any Python 3, so that an old one can be told so.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def set_up(*kinds):
    """Check and set up for the kinds (run, test, bench). Ends the process with a sentence when that fails."""
    from local import preflight

    try:
        preflight.check(ROOT, setup_needed=False)
        from local import setting_up

        if setting_up.is_needed(*kinds):
            preflight.check(ROOT, setup_needed=True)
        setting_up.ensure(*kinds)
    except preflight.Unfit as unfit:
        sys.exit(str(unfit))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as failed:
        if type(failed).__name__ != "SetupFailed":
            raise
        sys.exit(str(failed))


def become(module, arguments):
    """Replace this process by `python -m module` of .venv, with the checkout first in its path."""
    python = os.path.join(ROOT, ".venv", "bin", "python")
    os.environ["PYTHONPATH"] = ROOT
    os.environ["PYTHONUTF8"] = "1"
    os.execv(python, [python, "-m", module, *arguments])
