"""`proofroom`: the commands and their exit codes (0 done, 1 failed, 2 usage, 3 not playable, 4 not verified, 5 unreachable)."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from proofroom_client import memory
from proofroom_client.errors import FAILED, Stopped, exit_code_of
from proofroom_client.room import Room
from proofroom_client.verifying import verify_bundle
from verifier.errors import ProofroomError
from verifier.words import shown

_MOST_PARALLEL = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked)
    except ProofroomError as error:
        print(f"proofroom: {shown(str(error))}", file=sys.stderr)
        return exit_code_of(error)
    except KeyboardInterrupt:
        print(f"\nproofroom: {Stopped()}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # Who reads our output has gone; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        print(f"proofroom: {shown(str(error))}", file=sys.stderr)
        return FAILED


def _run(asked: argparse.Namespace) -> int:
    if asked.command == "verify":
        return verify_bundle(asked.bundle, asked.key, asked.file, entries=asked.entries, as_json=asked.json)
    url = memory.address(asked.url)
    if asked.command == "login":
        from proofroom_client.signing_in import login

        return login(url)
    with Room(url, memory.token(url)) as room:
        return _served(room, asked)


def _served(room: Room, asked: argparse.Namespace) -> int:
    if asked.command == "show":
        from proofroom_client.showing import show

        return show(room, asked.item, as_json=asked.json)
    if asked.command == "download":
        from proofroom_client.downloading import download

        return download(room, asked.items, asked.to, as_json=asked.json)
    from proofroom_client.uploading import Wish, upload

    return upload(room, asked.paths, Wish(asked.case, asked.parallel, asked.json, asked.wait))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="proofroom", description="Evidence in, out, and proven.")
    parser.add_argument("--url", help="address of the Proofroom; else PROOFROOM_URL, else that of the last login")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("login", help="sign in: shows a code that you confirm in the browser")
    _add_upload(commands.add_parser("upload", help="upload files and folders; the same command again resumes"))
    download = commands.add_parser("download", help="fetch originals, and compare them with what was sealed")
    download.add_argument("items", nargs="+", metavar="ITEM", help="an item's number or id")
    download.add_argument("--to", type=Path, required=True, metavar="DIR")
    show = commands.add_parser("show", help="what is known of an item")
    show.add_argument("item", metavar="ITEM", help="its number or id")
    _add_verify(commands.add_parser("verify", help="verify a custody bundle, offline"))
    for command in commands.choices.values():
        # After the command as well as before it; SUPPRESS keeps the later default from hiding the earlier value.
        command.add_argument("--url", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if command.prog.split()[-1] != "login":
            command.add_argument("--json", action="store_true", help="one line of JSON each, for scripts")
    return parser


def _add_upload(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--case", default="", metavar="NUMBER", help="the case to file in; without it: uncategorised")
    parser.add_argument("--wait", action="store_true", help="wait until each file is sealed and prepared for viewing")
    parser.add_argument("--parallel", type=_parallel, default=3, metavar="N", help="files at once (default 3)")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="the ZIP or a folder")
    parser.add_argument("--key", metavar="VKEY", help="the log's key, or a file with it; get it from the agency itself")
    parser.add_argument("--file", type=Path, action="append", default=[], metavar="PATH", help="compare this file too")
    parser.add_argument("--entries", action="store_true", help="tell every entry in words")


def _parallel(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST_PARALLEL:
        raise argparse.ArgumentTypeError(f"between 1 and {_MOST_PARALLEL}")
    return number


if __name__ == "__main__":
    sys.exit(main())
