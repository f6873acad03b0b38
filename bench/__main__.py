"""bin/bench [name] [--json FILE]: print how ours compares with its peers."""

import argparse
import json
import platform
import sys
from importlib import import_module
from pathlib import Path

NAMES = ("sealing", "upload")


def main() -> int:
    """Run what was asked for, all by default."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure against named peers, as ratios.")
    parser.add_argument("name", nargs="?", choices=NAMES, help="one of them; all by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    asked = parser.parse_args()
    kept = []
    for name in [asked.name] if asked.name else NAMES:
        ratio = import_module(f"bench.{name}").run()
        sys.stdout.write(ratio.told() + "\n")
        sys.stdout.flush()
        kept.append(ratio.kept())
    if asked.json:
        machine = {"machine": platform.machine(), "python": platform.python_version(), "benchmarks": kept}
        asked.json.write_text(json.dumps(machine, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
