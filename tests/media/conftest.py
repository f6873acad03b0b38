"""Files to look at, made here."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest

from evidence.media import probe
from evidence.media.probe import Examined


@dataclass
class Held:
    """Bytes as a reading's handle gives them."""

    content: bytes
    asked: int = 0
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Count them."""
        self.size = len(self.content)

    def read(self, first: int, last: int) -> Iterator[memoryview]:
        """Bytes first..last."""
        self.asked += last + 1 - first
        yield memoryview(self.content)[first : last + 1]


Look = Callable[[bytes], Examined]


@pytest.fixture(scope="session")
def look() -> Look:
    """Examine some bytes in the sandbox."""
    return lambda content: probe.examine(Held(content), lambda: None)


def picture(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    """A picture whose upper left quarter is red and whose rest is blue."""
    from PIL import Image

    target = io.BytesIO()
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    image.convert(mode).save(target, form, **more)
    return target.getvalue()


def shown(content: bytes) -> "list[list[str]]":
    """Which colour each quarter of a preview has."""
    from PIL import Image

    image = Image.open(io.BytesIO(content)).convert("RGB")
    wide, high = image.size

    def colour(x: int, y: int) -> str:
        red, _, blue = image.getpixel((x, y))  # type: ignore[misc]
        return "red" if red > blue else "blue"

    return [[colour(wide * x // 4, high * y // 4) for x in (1, 3)] for y in (1, 3)]


def video(codec: str = "mpeg4", form: str = "mp4", frames: int = 12, size: tuple[int, int] = (64, 48)) -> bytes:
    """A video of so many frames at 12 a second, silent."""
    import av
    from PIL import Image

    target = io.BytesIO()
    with av.open(target, "w", format=form) as container:
        stream = cast("av.VideoStream", container.add_stream(codec, rate=12))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            for packet in stream.encode(av.VideoFrame.from_image(Image.new("RGB", size, (number * 9, 80, 80)))):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return target.getvalue()
