"""Pickles that mean harm, or are broken. Nothing here, or anywhere, ever loads one of them."""

import struct
from typing import Any, Iterator, Optional

# fickling makes pickles that run code; it is no dependency of any test: see README.md.
from fickling.fickle import Pickled

RAW = None
COMMAND = "touch /tmp/dbosc-was-here"


def called(name: str, *args: Any) -> dict[str, Any]:
    return {"$type": "object", "class": name, "args": list(args)}


def text(value: str) -> bytes:
    encoded = value.encode("utf-8", "surrogatepass")
    return b"\x8c" + bytes([len(encoded)]) + encoded


def name(module: str, attribute: str) -> bytes:
    return text(module) + text(attribute) + b"\x93"


def call(module: str, attribute: str, *arguments: bytes) -> bytes:
    return name(module, attribute) + b"(" + b"".join(arguments) + b"tR"


def of_protocol_4(opcodes: bytes) -> bytes:
    return b"\x80\x04" + opcodes + b"."


def infected(pickled: bytes, **options: Any) -> bytes:
    pickle = Pickled.load(pickled)
    pickle.insert_python_exec(f"import os; os.system({COMMAND!r})", **options)
    return pickle.dumps()


def calls() -> Iterator[tuple[str, bytes, Any]]:
    """Code that would run: shown as what it is, a name and its arguments."""
    shown = called("os.system", COMMAND)
    yield "os.system", of_protocol_4(call("os", "system", text(COMMAND))), shown
    yield "os.system, protocol 0", f"cos\nsystem\n(S'{COMMAND}'\ntR.".encode(), shown
    yield "os.system, INST", f"(S'{COMMAND}'\nios\nsystem\n.".encode(), shown
    yield "os.system, OBJ", f"(cos\nsystem\nS'{COMMAND}'\no.".encode(), shown
    yield (
        "os.system, NEWOBJ",
        of_protocol_4(name("os", "system") + text(COMMAND) + b"\x85\x81"),
        shown,
    )
    yield (
        "eval of Python 2",
        b"c__builtin__\neval\n(V__import__('os')\ntR.",
        called("builtins.eval", "__import__('os')"),
    )
    yield (
        "subprocess in a list",
        of_protocol_4(b"](" + call("subprocess", "Popen", b"]" + text("sh") + b"a") + b"e"),
        [called("subprocess.Popen", ["sh"])],
    )
    yield (
        "an attribute of a module",
        of_protocol_4(call("builtins", "getattr", name("os", "path"), text("system"))),
        {"$type": "class", "name": "os.path.system"},
    )
    yield (
        "an instance's state",
        of_protocol_4(
            name("torch", "Module") + b")\x81}" + text("f") + call("os", "abort") + b"sb"
        ),
        {
            "$type": "object",
            "class": "torch.Module",
            "state": {"f": {"$type": "object", "class": "os.abort"}},
        },
    )
    yield (
        "a datetime of code",
        of_protocol_4(call("datetime", "datetime", call("os", "urandom", b"K\x0a"))),
        called("datetime.datetime", called("os.urandom", 10)),
    )
    command = f"import os; os.system({COMMAND!r})"
    one = of_protocol_4(b"K\x01")
    yield (
        "code for the value",
        infected(one, use_output_as_unpickle_result=True),
        called("builtins.exec", command),
    )
    yield "code before the value", infected(one), RAW
    yield "code after the value", infected(one, run_first=False), RAW
    yield (
        "code whose result is dropped",
        of_protocol_4(call("os", "system", text(COMMAND)) + b"0N"),
        RAW,
    )
    yield (
        "code above a mark",
        of_protocol_4(b"(" + call("os", "system", text(COMMAND)) + b"1N"),
        RAW,
    )


def calls_of_calls() -> Iterator[tuple[str, bytes, Any]]:
    """What a call gives is not known, so nothing is said of what is done with it."""
    module = call("builtins", "__import__", text("os"))
    method = name("builtins", "getattr") + module + text("system") + b"\x86R"
    yield "a method of an imported module", of_protocol_4(method + text(COMMAND) + b"\x85R"), RAW
    yield "the result is called", of_protocol_4(module + b")R"), RAW
    yield "a text is called", of_protocol_4(text("os.system") + b")R"), RAW
    yield "state of a class", of_protocol_4(name("os", "system") + b"}b"), RAW
    yield "arguments are no tuple", of_protocol_4(name("os", "system") + b"]R"), RAW
    yield "state twice", of_protocol_4(name("a", "B") + b")\x81}b}b"), RAW
    yield "a name of numbers", of_protocol_4(b"K\x01K\x02\x93"), RAW


def growth() -> Iterator[tuple[str, bytes, Any]]:
    """Few bytes that stand for much, or for themselves."""
    yield "a list of itself", of_protocol_4(b"]\x94h\x00a"), RAW
    yield "a dict of itself", of_protocol_4(b"}\x94K\x01h\x00s"), RAW
    yield "a tuple of itself", of_protocol_4(b"]\x94h\x00\x85\x94a0h\x01"), RAW
    yield (
        "state of itself",
        of_protocol_4(name("a", "B") + b")\x81\x94}" + text("me") + b"h\x00sb"),
        RAW,
    )
    yield "arguments of itself", of_protocol_4(b"]\x94" + name("a", "B") + b"h\x00\x85Ra"), RAW
    bomb = b"](" + text("ha") * 10 + b"e\x94"
    for level in range(20):
        bomb += b"](" + b"h" + bytes([level]) + (b"h" + bytes([level])) * 9 + b"e\x94"
    yield "a billion laughs", of_protocol_4(bomb), RAW
    yield "a tuple of two, doubled", of_protocol_4(b"N" + b"2\x86" * 60), RAW


def lengths() -> Iterator[tuple[str, bytes, Any]]:
    for opcode in (b"X", b"B", b"T", b"\x8b"):
        yield f"4 GiB of {opcode!r}", of_protocol_4(opcode + b"\xff\xff\xff\xff"), RAW
    for opcode in (b"\x8d", b"\x8e", b"\x96"):
        yield f"all memory of {opcode!r}", of_protocol_4(opcode + struct.pack("<Q", 2**64 - 1)), RAW
    yield "a number for the memo", of_protocol_4(b"Nr\xff\xff\xff\xff"), RAW
    yield "a number for the memo as text", b"Np4294967295\n.", RAW
    yield "a negative number for the memo", b"Np-1\n.", RAW
    yield "nothing remembered", of_protocol_4(b"h\x00"), RAW
    yield "nothing remembered by that number", of_protocol_4(b"Nq\x02h\x01"), RAW


def broken() -> Iterator[tuple[str, bytes, Any]]:
    for case, opcodes in {
        "nothing": b"",
        "an append to nothing": b"Na",
        "an append to a number": b"K\x01Na",
        "items for a dict": b"}(Ne",
        "entries for a list": b"](NNu",
        "a key without value": b"}(Nu",
        "no mark": b"t",
        "beyond the mark": b"N(\x85",
        "tuple beyond the mark": b"NN(\x86",
        "pop of nothing": b"0",
        "dup of nothing": b"2",
        "a reduce of one": b")R",
        "an unknown opcode": b"\xff",
        "a buffer": b"\x97",
        "protocol 6": b"\x80\x06N",
        "invalid UTF-8": b"\x8c\x01\xff",
        "half a character": b"\x8c\x02\xe4\xbd",
        "too long UTF-8": b"\x8c\x02\xc0\x80",
        "Python 2 bytes beyond ASCII": b"U\x01\xff",
        "half an integer": b"J\x00\x00",
        "half a float": b"G\x00\x00",
    }.items():
        yield case, of_protocol_4(opcodes), RAW
    yield "no end", b"\x80\x04N", RAW
    yield "empty", b"", RAW
    yield "more after the end", b"\x80\x04N..", RAW
    for line in ("I1x", "I", "L", "F1,5", "F", "V\\u12", "V\\U00110000", "Sx", "S'", "S'\\", "gx"):
        yield f"line {line}", line.encode() + b"\n.", RAW
    yield "a line without end", b"I1", RAW


def odd() -> Iterator[tuple[str, bytes, Any]]:
    """Not what CPython writes, though it may be read."""
    yield (
        "a key twice",
        of_protocol_4(b"}(" + (text("a") + b"K\x01" + text("b") + b"N") + text("a") + b"K\x02u"),
        {"a": 2, "b": None},
    )
    yield "a list as a key", of_protocol_4(b"}(]Nu"), {"$type": "map", "entries": [[[], None]]}
    yield "a persistent id", b"Pabc\n.", called("pickle.persistent_id", "abc")
    yield (
        "a persistent id from the stack",
        of_protocol_4(b"K\x07Q"),
        called("pickle.persistent_id", 7),
    )
    yield (
        "an extension",
        of_protocol_4(b"\x82\x05"),
        {"$type": "class", "name": "copyreg.extension_5"},
    )
    moment = b"C\x0a\x07\xe8\x0d\x01\x00\x00\x00\x00\x00\x00"
    payload = {"$type": "bytes", "base64": "B+gNAQAAAAAAAA=="}
    yield (
        "month 13",
        of_protocol_4(call("datetime", "datetime", moment)),
        called("datetime.datetime", payload),
    )
    zone = call("zoneinfo", "ZoneInfo", text("../../etc/passwd"))
    good = moment.replace(b"\x0d", b"\x01")
    yield (
        "a zone outside of the database",
        of_protocol_4(call("datetime", "datetime", good, zone)),
        {"$type": "datetime", "iso": "2024-01-01T00:00:00[../../etc/passwd]"},
    )
    yield (
        "a decimal that is none",
        of_protocol_4(call("decimal", "Decimal", text('1,"a":2'))),
        called("decimal.Decimal", '1,"a":2'),
    )
    yield (
        "a UUID of too many bits",
        of_protocol_4(
            name("uuid", "UUID") + b")\x81}" + text("int") + b"\x8a\x11" + b"\xff" * 16 + b"\x01sb"
        ),
        {
            "$type": "object",
            "class": "uuid.UUID",
            "state": {"int": {"$type": "int", "value": str(2**129 - 1)}},
        },
    )
    yield "an integer of no bytes", of_protocol_4(b"\x8a\x00"), 0
    yield "an integer of zeros", of_protocol_4(b"\x8a\x0a" + bytes(10)), 0
    yield "an integer of ones", of_protocol_4(b"\x8a\x0a" + b"\xff" * 10), -1


def cases() -> Iterator[tuple[str, bytes, Optional[Any]]]:
    for group in (calls, calls_of_calls, growth, lengths, broken, odd):
        yield from group()
