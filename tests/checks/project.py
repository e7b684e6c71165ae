"""What the checks share: the project's files and how a problem is told."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIP = 77
"""The exit status of a check whose tool is not installed."""


def files(*endings, under=""):
    """The project's files, relative to its root: those that git knows or would add."""
    try:
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = _walk()
    return sorted({name for name in listed if name.startswith(under) and name.endswith(endings or "")
                   and os.path.isfile(os.path.join(ROOT, name))})


def _walk():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in ("build", ".git", "node_modules", "__pycache__")]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), ROOT)


def path(name):
    return os.path.join(ROOT, name)


def read(name):
    """The text of a file; None where it is not text."""
    with open(path(name), "rb") as file:
        data = file.read()
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None


def line_of(text, position):
    return text.count("\n", 0, position) + 1


_TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<raw>R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)")|(?P<text>"(?:\\.|[^"\\\n])*")'
    r"|(?P<char>'(?:\\.|[^'\\\n])+')", re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """C or C++ with its comments blanked; positions stay."""
    return _TOKEN.sub(lambda token: _blank(token[0]) if token["comment"] else token[0], text)


def literals(text):
    """(position, literal with its quotes) of every string literal of C++ source."""
    for token in _TOKEN.finditer(text):
        if token["text"] or token["raw"]:
            yield token.start(), token[0]


class Problems:
    """Counts what is told; `finish` ends the check."""

    def __init__(self):
        self.count = 0

    def tell(self, name, line, message):
        self.count += 1
        print(f"{name}:{line}: {message}")

    def finish(self, looked_at):
        if self.count:
            print(f"{self.count} problems in {looked_at}")
        sys.exit(1 if self.count else 0)
