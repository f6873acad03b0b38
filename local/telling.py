"""What bin/run says on the screen."""

import contextlib
import os
import shlex
import time
from collections.abc import Iterator, Mapping, Sequence


class Board:
    """Plain lines, each written at once, so that they also read well in a file."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def say(self, sentence: str) -> None:
        """One line."""
        with contextlib.suppress(BrokenPipeError, OSError):  # whoever read this may have gone; the services stay
            print(sentence, flush=True)

    @contextlib.contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Tell what is being done and, when it is, how long it took."""
        begun = time.monotonic()
        self.say(f"{doing} …")
        yield
        self.say(f"  done in {time.monotonic() - begun:.1f} s")

    def ready(self, address: str, people: Sequence[Mapping[str, str]]) -> None:
        """The address, and who may sign in."""
        self.say(f"\nProofroom answers at {address}   (after {time.monotonic() - self.began:.1f} s)\n")
        if people:
            width = max(len(person["email"]) for person in people)
            self.say("Fictional people who may sign in, each with a password and a code:")
            for person in people:
                self.say(f"  {person['email']:<{width}}  {person['password']}   {person['name']}, {person['role']}")
            self.say(f"The code of an authenticator app:  {self._manage()} demo_code E-MAIL")
        self.say("For evaluation: keys and services are embedded and unfit for real evidence. Ctrl-C stops everything.")

    @staticmethod
    def _manage() -> str:
        home = os.environ.get("PROOFROOM_HOME")
        return f"PROOFROOM_HOME={shlex.quote(home)} bin/manage" if home else "bin/manage"

    def already(self, says: Mapping[str, str]) -> None:
        """Another process has this home."""
        where = says.get("address")
        told = f"answers at {where}" if where else "is still starting"
        self.say(f"Proofroom already runs from this home: process {says.get('pid', 'unknown')} {told}.")
        self.say("Stop it with Ctrl-C there, or start a second copy with another PROOFROOM_HOME.")

    def problem(self, text: str) -> None:
        """Why it does not run."""
        self.say(f"Proofroom can't run: {text}")

    def no_namespaces(self) -> None:
        """What is missing without user namespaces, and what permits them."""
        self.say(
            "User namespaces are not permitted here, so pictures and videos are not opened (they are sealed and can be "
            "downloaded). To permit them, as root:\n"
            "  sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000\n"
            "  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0     (Ubuntu 23.10 and later)"
        )
