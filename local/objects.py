"""An S3 server of our own: SeaweedFS, with versioning and Object Lock."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local import confinement
from local.binaries import SCRIPTS, WEED
from local.homes import Home
from local.ports import free_ports, is_free
from local.processes import Known, children_of, plain_environment, start, until

REGION = "us-east-1"
PORTS = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc")


class Objects:
    """One S3 server with one identity."""

    def __init__(self, home: Home, *, access_key: str, secret_key: str, forgetful: bool = False) -> None:
        self.home = home
        self.access_key = access_key
        self.secret_key = secret_key
        self.forgetful = forgetful
        self.ports: dict[str, int] = {}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """The address of the S3 interface. Known once started."""
        return f"http://127.0.0.1:{self.ports['s3']}"

    def start(self) -> None:
        """Begin to serve; `wait` says when it does."""
        root = self.home.folder("s3")
        for name in ("data", "filer", "tmp", "logs"):
            self.home.folder(f"s3/{name}")
        if not self.ports:  # started again: others know the address by now
            self.ports = self._choose_ports(root / "ports.json")
        self._configure(root)
        self.process = start(
            confinement.with_private_tmp(root / "tmp", [self.home.path, SCRIPTS], [WEED, *self._arguments(root)]),
            log=self.home.log("s3"), directory=root,
            environment=plain_environment(
                HOME=str(root), TMPDIR=str(root / "tmp"), GOMEMLIMIT="300MiB", GOGC="50"
            ),
        )  # fmt: skip

    @staticmethod
    def _choose_ports(kept: Path) -> dict[str, int]:
        # The same ports again where they are free: the master remembers its peers by address.
        if kept.exists():
            ports: dict[str, int] = json.loads(kept.read_text())
            if all(map(is_free, ports.values())):
                return ports
        ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        kept.write_text(json.dumps(ports))
        return ports

    def _configure(self, root: Path) -> None:
        (root / "filer.toml").write_text(f'[leveldb2]\nenabled = true\ndir = "{root}/filer/db"\n')
        identity = {
            "name": "proofroom",
            "credentials": [{"accessKey": self.access_key, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        secret = root / "s3.json"
        secret.touch(mode=0o600)
        secret.write_text(json.dumps({"identities": [identity]}))

    def _arguments(self, root: Path) -> list[str]:
        # Inside a private /tmp the short path keeps the sockets below the 107 bytes that the kernel allows.
        sockets = Path("/tmp") if confinement.private_tmp() else self.home.runtime()
        ports = [
            f"-{name}{'.port.grpc' if grpc else '.port'}={port}"
            for key, port in self.ports.items()
            for name, _dot, grpc in [key.partition(".")]
        ]
        return [
            f"-logdir={root}/logs", "server", f"-dir={root}/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *ports,
            "-master.telemetry=false", "-master.volumeSizeLimitMB=1024", "-master.electionTimeout=1s",
            "-volume.max=0", "-volume.index=leveldb", "-volume.preStopSeconds=0", "-volume.minFreeSpace=1GiB",
            "-filer", f"-filer.localSocket={sockets}/f.sock", "-filer.disableDirListing",
            "-filer.exposeDirectoryData=false", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0",
            f"-s3.localSocket={sockets}/s3.sock", f"-s3.config={root}/s3.json", "-s3.cacheCapacityMB=0",
            "-s3.allowDeleteBucketNotEmpty=false", "-s3.autoCreateBucket=false", "-s3.iam=false",
        ]  # fmt: skip

    def wait(self, seconds: float = 60) -> None:
        """Wait until it answers. Raises RuntimeError when it does not."""
        if not until(lambda: self._ended() or self.answers(), seconds, 0.05) or self._ended():
            raise RuntimeError(f"The object store does not answer; see {self.home.path / 'logs' / 's3.log'}.")

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def answers(self) -> bool:
        """Whether the S3 interface answers anybody at all (403 for strangers is an answer)."""
        try:
            urllib.request.urlopen(self.endpoint, timeout=5).close()  # noqa: S310 -- our own loopback address
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code == 403
        except OSError:
            return False
        return True

    def create_bucket(self, name: str) -> None:
        """A versioned bucket with Object Lock. Does nothing when it is there. Retried while the store wakes up."""
        client = boto3.client(
            "s3", endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}, connect_timeout=2),
        )  # fmt: skip
        last: list[Exception] = []

        def there() -> bool:
            try:
                if name not in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
                    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
                # The first write makes the volumes; a bucket that can't take it yet isn't ready.
                client.put_object(Bucket=name, Key="installation", Body=b"proofroom\n")
            except (BotoCoreError, ClientError, OSError) as error:
                last.append(error)
                return False
            return True

        try:
            if not until(there, 30, 0.1):
                raise RuntimeError(f"The bucket could not be made: {last[-1]}")
        finally:
            client.close()

    def known(self) -> Known | None:
        """The server itself, not the bubblewrap around it."""
        if self.process is None:
            return None
        inside = children_of(self.process.pid) if confinement.private_tmp() else [self.process.pid]
        return Known.of(inside[0]) if inside else None

    def stop(self) -> None:
        """End it. It often ignores a polite request for minutes, and what it acknowledged is written: 2 s, then kill."""
        if self.process is None:
            return
        if server := self.known():
            server.end(gently=0 if self.forgetful else 2)
        self.process.kill()
        self.process.wait()
        self.process = None
        self._remove_sockets()

    def _remove_sockets(self) -> None:
        if not confinement.private_tmp():
            for service in ("master", "volume", "filer", "s3"):
                Path(f"/tmp/seaweedfs-{service}-grpc-{self.ports[f'{service}.grpc']}.sock").unlink(missing_ok=True)
        shutil.rmtree(self.home.path / "s3" / "tmp", ignore_errors=True)
