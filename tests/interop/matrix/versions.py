"""Which release of each SDK the workers run, as the lists of their packages say."""

import re
from pathlib import Path

from programs import WORKERS

_LISTS: dict[str, tuple[Path, str]] = {
    "python": (WORKERS.parents[2] / "scripts/lib/common.sh", r"^python_sdk=dbos==(\S+)$"),
    "typescript": (WORKERS / "typescript/package.json", r'"@dbos-inc/dbos-sdk": "([^"]+)"'),
    "go": (WORKERS / "go/go.mod", r"dbos-transact-golang v(\S+)$"),
    "java": (WORKERS / "java/pom.xml", r"<artifactId>transact</artifactId><version>([^<]+)<"),
    "rust": (WORKERS / "rust/Cargo.toml", r'^dbos = "=([^"]+)"$'),
}


def version(sdk: str) -> str:
    path, pattern = _LISTS[sdk]
    found = re.search(pattern, path.read_text(), re.MULTILINE)
    assert found, f"no version of {sdk} in {path.name}"
    return found[1]
