"""The names in dbosc.h, symbols.map and operations.def are what the library exports, and nothing else is. No object of
it is destroyed at the end of the process, when threads may still be at work.

check_exports.py LIBRARY: the built libdbosc.so, with libdbosc.a beside it."""
import re
import subprocess
import sys
from pathlib import Path

import project

HEADER = "include/dbosc/dbosc.h"
CXX_HEADER = "include/dbosc/dbosc.hpp"
MAP = "src/c_api/symbols.map"
OPERATIONS = "src/client/operations.def"

# The functions that are not operations of a client.
FIXED = {
    "dbosc_version", "dbosc_abi_version", "dbosc_describe", "dbosc_string_free",
    "dbosc_set_log", "dbosc_log_next",
    "dbosc_error_code", "dbosc_error_kind", "dbosc_error_message", "dbosc_error_json", "dbosc_error_free",
    "dbosc_cancel_new", "dbosc_cancel_trigger", "dbosc_cancel_free",
    "dbosc_client_open", "dbosc_client_open_pooled", "dbosc_client_register_serializer", "dbosc_buffer_write",
    "dbosc_client_enqueue_from",
    "dbosc_client_shutdown", "dbosc_client_free", "dbosc_client_call",
    "dbosc_client_submit", "dbosc_completions_new", "dbosc_completions_fd", "dbosc_completions_next",
    "dbosc_completions_next_many", "dbosc_completions_read", "dbosc_completions_free",
    "dbosc_completion_tag", "dbosc_completion_status", "dbosc_completion_reply", "dbosc_completion_error",
    "dbosc_completion_free",
    "dbosc_transaction_adopt_postgres", "dbosc_transaction_adopt_sqlite", "dbosc_transaction_begin",
    "dbosc_transaction_call", "dbosc_transaction_execute", "dbosc_transaction_commit", "dbosc_transaction_rollback",
    "dbosc_transaction_free",
    "dbosc_client_application_name",
    "dbosc_workflow_enqueue", "dbosc_workflow_retrieve", "dbosc_workflow_id", "dbosc_workflow_get_result",
    "dbosc_workflow_get_status", "dbosc_workflow_cancel", "dbosc_workflow_resume", "dbosc_workflow_free",
}


def names(file, pattern):
    """{name: line} of everything in the file that the pattern's group finds."""
    text = project.without_comments(project.read(file))
    return {found[1]: project.line_of(text, found.start(1)) for found in re.finditer(pattern, text, re.M)}


def exported(library):
    """{name: version node} of the library's defined symbols; the nodes themselves are left out."""
    output = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True,
                            text=True).stdout
    symbols = {}
    for line in output.splitlines():
        _, kind, name = line.rsplit(None, 2)
        name, _, node = name.partition("@@")
        if kind != "A" or node:
            symbols[name] = node
    return symbols


def registering_destructors(archive):
    """The sources that have an object destroyed at the end of the process."""
    output = subprocess.run(["nm", "-A", "-u", archive], check=True, capture_output=True, text=True).stdout
    return re.findall(r":([\w.]+)\.o: +U __cxa_atexit$", output, re.M)


def same(problems, here, found, there, wanted):
    for name in wanted.keys() - found.keys():
        problems.tell(there, wanted[name], f"{name} is not in {here}")
    for name in found.keys() - wanted.keys():
        problems.tell(here, found[name], f"{name} is not in {there}")


def main(library):
    problems = project.Problems()
    header = names(HEADER, r"^\s*DBOSC_API\b[^;(]*?\b(\w+)\s*\(")
    operations = names(OPERATIONS, r"^DBOSC_OPERATION\((\w+),")
    listed = names(MAP, r"^\s+(dbosc_\w+);")
    nodes = names(MAP, r"^(DBOSC_\d+\.\d+) \{")
    cxx = names(CXX_HEADER, r"^\s*DBOSC_CPP_OPERATION\((?!name\b)(\w+)\)")

    wanted = {f"dbosc_client_{name}": line for name, line in operations.items()}
    same(problems, HEADER, {name: line for name, line in header.items() if name not in FIXED}, OPERATIONS, wanted)
    for name in FIXED - header.keys():
        problems.tell(HEADER, 1, f"{name} is not declared")
    same(problems, MAP, listed, HEADER, header)
    same(problems, CXX_HEADER, cxx, OPERATIONS, operations)

    symbols = exported(library)
    same(problems, library, dict.fromkeys(symbols, 0), HEADER, header)
    for name, node in symbols.items():
        if node not in nodes:
            problems.tell(MAP, 1, f"{name} is exported under {node or 'no version node'}")
    for source in registering_destructors(Path(library).with_name("libdbosc.a")):
        problems.tell(source, 0, "has a static whose destructor runs while threads may still use it")
    problems.finish("the exported names")


if __name__ == "__main__":
    main(*sys.argv[1:])
