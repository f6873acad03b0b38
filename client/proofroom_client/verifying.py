"""`proofroom verify`: a custody bundle against the log's key, offline."""

import json
from collections.abc import Sequence
from pathlib import Path

from proofroom_client.errors import DONE, NOT_VERIFIED, BadUsage
from verifier.errors import KeyUnreadable, VerificationFailed
from verifier.notes import VerifierKey
from verifier.recipe import verify
from verifier.verified import OpenEntry, Verified
from verifier.words import shown

_MOST_KEY_BYTES = 4096


def verify_bundle(bundle: Path, key: str | None, files: Sequence[Path], *, entries: bool, as_json: bool) -> int:
    """Verify and say what is proven and what isn't. Returns 0, or 4 when the verification failed."""
    for path in (bundle, *files):
        if not path.exists():
            raise BadUsage(why=f"{path} does not exist.")
    log_key = _key(key) if key else None
    try:
        proven = verify(bundle, log_key, files)
    except (VerificationFailed, KeyUnreadable) as error:
        told = {"verified": False, "code": error.code, "reason": str(error)}
        print(json.dumps(told) if as_json else f"NOT VERIFIED ({error.code}): {shown(str(error))}")
        return NOT_VERIFIED
    print(json.dumps(_json(proven)) if as_json else "\n".join(_lines(proven, entries=entries)))
    return DONE


def _key(given: str) -> VerifierKey:
    """The key itself, or a file that holds it. Raises BadUsage."""
    path = Path(given)
    if path.is_file() and path.stat().st_size <= _MOST_KEY_BYTES:
        given = path.read_text(encoding="utf-8", errors="replace")
    try:
        return VerifierKey.parse(given)
    except KeyUnreadable as error:
        raise BadUsage(why=str(error)) from error


def _lines(proven: Verified, *, entries: bool) -> list[str]:
    lines = ["VERIFIED", *(f"  {one}" for one in proven.statements())]
    lines += ["Not proven", *(f"  {one}" for one in proven.cautions())]
    if entries:
        lines += ["Entries", *(f"  {_when(one)}  {one.sentence()}" for one in proven.entries)]
    return lines


def _json(proven: Verified) -> dict[str, object]:
    return {
        "verified": True,
        "statements": proven.statements(),
        "cautions": proven.cautions(),
        "log": proven.checkpoint.origin,
        "size": proven.checkpoint.size,
        "as_of": proven.as_of.isoformat(),
        "scope": [{"kind": kind, "id": str(subject)} for kind, subject in proven.scope],
        "entries": [
            {"leaf": one.leaf, "at": one.entry.at.isoformat(), "said": one.sentence()} for one in proven.entries
        ],
        "leaf_only": proven.leaf_only,
        "withheld": len(proven.withheld),
        "files": [{"file": one.file, "item": one.item, "sha256": one.sha256} for one in proven.files],
    }


def _when(one: OpenEntry) -> str:
    return f"{one.entry.at:%Y-%m-%d %H:%M:%S} UTC"
