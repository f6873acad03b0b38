"""What browsers load: lean, whole, ours."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC, BUILT = ROOT / "static", ROOT / "static" / "built"
OWN_LIMIT = 100_000  # bytes of own JavaScript a page


def test_a_page_loads_less_than_100_kb_of_our_own_script() -> None:
    own = [path for path in STATIC.rglob("*.js") if BUILT not in path.parents]
    assert sum(path.stat().st_size for path in own) < OWN_LIMIT


def test_everything_that_the_theme_names_is_there_and_nothing_else() -> None:
    named = set(re.findall(r"url\(\"?((?:img|fonts)/[^\")]+)", (BUILT / "theme.css").read_text()))
    there = {str(path.relative_to(BUILT)) for folder in ("img", "fonts") for path in (BUILT / folder).rglob("*.*")}
    assert named == there


def test_nothing_points_to_another_host() -> None:
    texts = [
        path.read_text()
        for path in [*STATIC.rglob("*.js"), *(ROOT / "templates").rglob("*.html")]
        if BUILT not in path.parents
    ]
    assert not [text for text in texts if re.search(r"https?://(?!www\.w3\.org/)", text)]
