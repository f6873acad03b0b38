"""An import across a guarded border is found."""

import pytest

from lint.borders import forbidden_imports
from lint.sources import Source


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("evidence/sealing.py", "import boto3"),
        ("vault/writing.py", "from botocore.exceptions import ClientError"),
        ("evidence/media/making.py", "from PIL import Image"),
        ("evidence/media/probe.py", "import av"),
        ("evidence/views/content.py", "from vault.reading import open_file"),
        ("evidence/views/content.py", "from vault import reading"),
        ("accounts/http.py", "from config.logs import redact"),
        ("accounts/http.py", "import contextvars"),
        ("accounts/http.py", "from threading import local"),
        ("accounts/http.py", "import threading\nheld = threading.local()"),
    ],
)
def test_it_finds_it(path: str, line: str) -> None:
    assert list(forbidden_imports(Source(path, line)))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("store/objects.py", "import boto3"),
        ("evidence/media/inside/pictures.py", "from PIL import Image"),
        ("evidence/reading.py", "from vault import reading"),
        ("config/logs.py", "import contextvars"),
        ("accounts/http.py", "import threading\nlock = threading.Lock()"),
    ],
)
def test_it_lets_the_right_place_pass(path: str, line: str) -> None:
    assert not list(forbidden_imports(Source(path, line)))
