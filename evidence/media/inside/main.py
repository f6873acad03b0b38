"""Where it begins inside the sandbox: limits first, then one look at one item."""

import json
import os
import resource
import socket
import sys

from . import wire
from .saying import Facts, Unreadable, fact
from .sniff import HEAD_BYTES, TAIL_LIMIT, Type, sniff
from .source import Worker

MEMORY = 3 << 30  # address space; a picture of 200 million pixels and its smaller copies fit
FILES = 64


def run(descriptor: int, cpu_seconds: int) -> None:
    """Examine the item at the other end of the socket, and hand over what was found."""
    _limit(cpu_seconds)
    worker = Worker(socket.socket(fileno=descriptor))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a codec mutters may quote the evidence
    facts: Facts = {}
    found = sniff(worker.at(0, HEAD_BYTES), worker.at(0, worker.size) if worker.size <= TAIL_LIMIT else None)
    said: dict[str, object] = {"facts": facts}
    try:
        found = _examine(worker, found, facts)
    except Unreadable as error:
        said["reason"] = error.code
    except MemoryError:
        said["reason"] = "too-large"
    kind = facts.pop("kind", None)
    said["mime"], said["kind"] = found.mime, kind["value"] if kind else found.kind
    worker.put(wire.FACTS, json.dumps(said).encode())
    worker.done()


def _examine(worker: Worker, found: Type, facts: Facts) -> Type:
    if found.reader == "none":
        return found
    from . import pictures

    if found.reader == "moving":
        from . import moving

        found, image = moving.read(worker, found, facts)
    else:
        image = pictures.read(worker, found, facts)
    if image is not None:
        worker.put(wire.PREVIEW, pictures.encoded(image, pictures.PREVIEW))
        worker.put(wire.POSTER, pictures.encoded(image, pictures.POSTER))
    facts["read_by"] = fact(_versions(), "the reader itself")
    return found


def _versions() -> str:
    loaded = {"PIL": "Pillow", "av": "PyAV", "pillow_heif": "pillow-heif"}
    there = {name: sys.modules[module] for module, name in loaded.items() if module in sys.modules}
    return ", ".join(f"{name} {module.__version__}" for name, module in there.items())


def _limit(cpu_seconds: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, cpu_seconds), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, FILES), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
