#!/usr/bin/env python3
"""docs/languages.md is what docs/make_languages.py makes of the tested examples."""

import subprocess
import sys

import project

command = [sys.executable, "-B", project.path("docs/make_languages.py")]
made = subprocess.run(command, capture_output=True, text=True, check=True)
if made.stdout != project.read("docs/languages.md"):
    sys.exit("docs/languages.md: stale; run docs/make_languages.py > docs/languages.md")
