"""`python -m proofroom_client`."""

import sys

from proofroom_client.cli import main

sys.exit(main())
