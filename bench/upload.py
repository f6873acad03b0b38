"""Uploading through HTTP, hashed and encrypted, against rclone copying the same file plain to the same S3."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

from bench.installation import Installation, started
from bench.measuring import Ratio, compare

SIZE = 256 << 20
BLOCK = 1 << 20
SEALED_SECONDS = 120


def run() -> Ratio:
    """From the first byte sent to the last one acknowledged as durable. The file is random, so nothing compresses."""
    with started() as installation:
        file = installation.home.parent / "evidence.bin"
        with file.open("wb") as out:
            for _ in range(SIZE // BLOCK):
                out.write(os.urandom(BLOCK))
        token, plain = installation.token(), _rclone(installation)
        sent: list[str] = []
        return compare(
            "upload through HTTP",
            "rclone",
            SIZE,
            lambda number: sent.append(_upload(installation, token, file, number)),
            lambda number: plain(file, number),
            settle=lambda: _sealed(installation, token, sent[-1]),
        )


def _sealed(installation: Installation, token: str, item: str) -> None:
    """Wait until the item is sealed and prepared: the workers read it back meanwhile."""
    until = time.monotonic() + SEALED_SECONDS
    while time.monotonic() < until:
        connection = HTTPConnection("localhost", installation.port, timeout=30)
        connection.request("GET", f"/api/v1/items/{item}/", headers={"Authorization": f"Bearer {token}"})
        found = json.loads(connection.getresponse().read())
        connection.close()
        if found["state"] == "sealed" and found["processing"] in ("done", "failed"):
            return
        time.sleep(0.3)
    raise SystemExit("The files were not sealed in time.")


def _upload(installation: Installation, token: str, file: Path, number: int) -> str:
    """Speak tus 1.0: one POST, one PATCH with the whole file. Returns the item's id."""
    connection = HTTPConnection("localhost", installation.port, timeout=300)
    name = base64.b64encode(f"evidence-{number}.bin".encode()).decode()
    connection.request("POST", "/api/v1/uploads/", headers={
        "Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0", "Upload-Length": str(SIZE),
        "Upload-Metadata": f"filename {name}",
    })  # fmt: skip
    made = connection.getresponse()
    said = made.read()
    if made.status != 201:
        raise SystemExit(f"The upload was refused: {made.status} {said[:500]!r}")
    path = "/" + made.headers["Location"].partition("://")[2].partition("/")[2] if "://" in made.headers["Location"] \
        else made.headers["Location"]  # fmt: skip
    with file.open("rb") as body:
        connection.request("PATCH", path, body=body, headers={
            "Authorization": f"Upload {made.headers['Proofroom-Credential']}", "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream", "Content-Length": str(SIZE),
        })  # fmt: skip
        taken = connection.getresponse()
        said = taken.read()
    if taken.status != 204 or taken.headers["Upload-Offset"] != str(SIZE):
        raise SystemExit(f"The file was not taken: {taken.status} {json.dumps(said[:500].decode(errors='replace'))}")
    connection.close()
    return made.headers["Proofroom-Item"]


def _rclone(installation: Installation) -> Callable[[Path, int], None]:
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or "rclone"
    s3 = installation.services()["s3"]
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(installation.home.parent), "RCLONE_CONFIG": os.devnull,
        "RCLONE_S3_PROVIDER": "Other", "RCLONE_S3_ENDPOINT": s3["endpoint"], "RCLONE_S3_ACCESS_KEY_ID": s3["access_key"],
        "RCLONE_S3_SECRET_ACCESS_KEY": s3["secret_key"], "RCLONE_S3_NO_CHECK_BUCKET": "true",
    }  # fmt: skip

    def copy(file: Path, number: int) -> None:
        target = f":s3:{s3['bucket']}/bench/plain-{number}"
        subprocess.run([program, "copyto", str(file), target], env=environment, check=True, capture_output=True)

    return copy
