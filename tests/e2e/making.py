"""Small real files for the browser tests, made at set-up; nothing comes from elsewhere."""

import subprocess
from functools import cached_property
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

MARKED = b"not a video at all"


class Samples:
    """Each is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _film(self, name: str, *codecs: str) -> Path:
        path = self.folder / name
        sources = [
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=640x360:rate=24:duration=12",
            "-f",
            "lavfi",
            "-i",
            "sine=440:duration=12",
        ]
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-loglevel",
            "error",
            "-y",
            *sources,
            *codecs,
            "-shortest",
            str(path),
        ]
        subprocess.run(command, check=True)
        return path

    @cached_property
    def webm(self) -> Path:
        """VP9 and Opus, 12 seconds."""
        quick = (
            "-c:v",
            "libvpx-vp9",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-b:v",
            "600k",
            "-g",
            "24",
            "-c:a",
            "libopus",
        )
        return self._film("cam4 hallway.webm", *quick)

    @cached_property
    def mp4(self) -> Path:
        """H.264 and AAC, 12 seconds."""
        return self._film("doorbell.mp4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
                          "-movflags", "+faststart")  # fmt: skip

    @cached_property
    def photo(self) -> Path:
        """A JPEG with something to see."""
        path = self.folder / "DSCN0001.jpg"
        picture = Image.linear_gradient("L").resize((800, 600)).convert("RGB")
        picture.paste((15, 100, 96), (200, 150, 600, 450))
        picture.save(path, quality=90)
        return path

    @cached_property
    def note(self) -> Path:
        """A short text."""
        return self.text("interview notes.txt", "The witness saw a grey van.\n" * 200)

    def text(self, name: str, words: str) -> Path:
        """A file of this name with these words."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
        return path

    @cached_property
    def empty(self) -> Path:
        """Nothing in it."""
        return self.text("empty.log", "")

    def tree(self, name: str) -> Path:
        """A folder with files in two depths."""
        self.text(f"{name}/first.txt", f"first of {name}")
        self.text(f"{name}/deep/second.txt", f"second of {name}")
        return self.folder / name

    def large(self, name: str, megabytes: int) -> Path:
        """A file whose every megabyte differs."""
        path = self.folder / name
        with path.open("wb") as out:
            for number in range(megabytes):
                out.write(number.to_bytes(4, "big") * (1024 * 1024 // 4))
        return path

    @cached_property
    def page_with_script(self) -> Path:
        """HTML that would tell on itself if it ran."""
        return self.text("statement.html", "<h1>x</h1><script>document.title = 'it ran'; alert('it ran')</script>")

    @cached_property
    def drawing_with_script(self) -> Path:
        """SVG that would tell on itself if it ran."""
        return self.text(
            "map.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('it ran')\"><script>alert('it ran')</script></svg>",
        )
