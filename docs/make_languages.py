#!/usr/bin/env python3
"""Prints the page of languages: each with how to install it, its tested example, and what is proven.

    docs/make_languages.py > docs/languages.md

The examples are the regions between the marks [readme] and [/readme] of files that the tests run.
"""

import dataclasses
import pathlib
import re
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[1]


@dataclasses.dataclass(frozen=True)
class Language:
    name: str
    install: str
    example: str
    code: str
    proven: str


STORY = "the story on both databases"
PACKAGE = f"its own suite with real workers on both databases; {STORY}"


def with_transactions(proven: str, drivers: str) -> str:
    return f"{proven}; a row and a workflow in one transaction of {drivers}"


LANGUAGES = [
    Language("Go", "`replace dbosc.dev/dbosc => ../dbosc/bindings/go`, with the library installed",
             "bindings/go/examples/greet/main.go", "go", with_transactions(PACKAGE, "pgx and database/sql")),
    Language("Java", "`mvn -f bindings/java install`, then `dev.dbosc:dbosc`",
             "bindings/java/examples/dev/dbosc/examples/Greet.java", "java", with_transactions(PACKAGE, "JDBC")),
    Language("Ruby", "`gem build dbosc.gemspec && gem install --local dbosc-*.gem` in `bindings/ruby`",
             "bindings/ruby/examples/greet.rb", "ruby", with_transactions(PACKAGE, "pg and ActiveRecord")),
    Language("Rust", "copy `bindings/examples/rust/src`", "bindings/examples/rust/examples/example.rs", "rust",
             with_transactions(STORY, "tokio-postgres and rusqlite")),
    Language("Python", "copy `bindings/examples/python/dbosc.py`", "bindings/examples/python/example.py", "python",
             with_transactions(STORY, "psycopg and sqlite3")),
    Language("Node.js", "copy `bindings/examples/node/dbosc.mjs`, `npm install koffi`",
             "bindings/examples/node/example.mjs", "js", with_transactions(STORY, "node-postgres")),
    Language("PHP", "copy `bindings/examples/php/dbosc.php`", "bindings/examples/php/example.php", "php",
             with_transactions(STORY, "PDO on both databases")),
    Language("C#", "copy `bindings/examples/csharp/Dbosc.cs` and `Native.cs`", "bindings/examples/csharp/Example.cs",
             "csharp", f"{STORY}, on mono"),
    Language("LuaJIT", "copy `bindings/examples/luajit/dbosc.lua`", "bindings/examples/luajit/example.lua", "lua", STORY),
]

HEAD = """# Languages

Made by `docs/make_languages.py` from files that the tests run; do not edit. C and C++ include the headers of the
installed library ([README](../README.md)). Every program below enqueues a workflow and prints its result. The story is
[tests/conformance](../tests/conformance/README.md): about 180 steps over all operations, told by a program of each
language, with a real Python worker; after it the tables' rows are the same whatever the language.
"""

ANY = """## Any other language in 30 lines

What can call C can use `libdbosc.so`: all operations have one shape, and texts are UTF-8 and end with NUL.

1. Declare `int dbosc_client_open(const char *config, void *cancel, void **client, void **error)`.
2. Declare `int dbosc_client_call(void *client, const char *operation, const char *request, void *cancel, char **reply,
   void **error)`: every operation of [the reference](reference.md) by its name, with JSON in and out.
3. Declare `dbosc_client_free`, `dbosc_string_free` for replies, `dbosc_error_json` and `dbosc_error_free` for errors.
4. A status other than 0 is a failure: read the error's JSON (`status`, `kind`, `message`), free it, raise it.
5. For calls without a waiting thread: `dbosc_completions_new`, its descriptor in your event loop
   (`dbosc_completions_fd`), `dbosc_client_submit` with a tag of yours, and `dbosc_completions_next` when it is readable.

`bindings/examples/luajit/dbosc.lua` is the shortest of the files above that does all of it.
"""


def example(language: Language) -> str:
    text = (ROOT / language.example).read_text()
    region = re.search(r"^[^\n]*\[readme\][^\n]*\n(.*?)^[^\n]*\[/readme\]", text, re.M | re.S)
    if not region:
        raise SystemExit(f"{language.example}: no region between [readme] and [/readme]")
    return textwrap.dedent(region[1]).strip("\n")


def folder(language: Language) -> str:
    """Where the package or the example begins: below bindings/ or below bindings/examples/."""
    parts = pathlib.PurePath(language.example).parts
    return "/".join(parts[:3] if parts[1] == "examples" else parts[:2])


def page() -> str:
    rows = [f"| [{each.name}](../{folder(each)}) | {each.install} | {each.proven} |" for each in LANGUAGES]
    parts = [HEAD, "\n".join(["| language | to install | proven by |", "|---|---|---|", *rows, ""])]
    parts += [f"## {each.name}\n\n```{each.code}\n{example(each)}\n```\n" for each in LANGUAGES]
    return "\n".join([*parts, ANY])


if __name__ == "__main__":
    print(page(), end="")
