"""What we store in the SDKs' own formats beside what their serializers store (codecs/README.md)."""

import json
import random
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dbosc_ffi import DboscError
from programs import TYPESCRIPT, required, with_node_packages

CODECS = Path(__file__).parent / "codecs"
SECONDS = 120


def tag(name: str, **fields: Any) -> dict[str, Any]:
    return {"$type": name, **fields}


def big(digits: int) -> dict[str, Any]:
    return tag("bigint", value=str(digits))


NAN, INFINITE, MINUS_ZERO = (tag("float", value=value) for value in ("nan", "inf", "-0.0"))
UNDEFINED = tag("undefined")
MOMENT = tag("datetime", iso="2024-02-29T12:34:56.789Z")

PLAIN = [
    None, True, False, 0, -1, 2**31, 2**53 - 1, 1.0, -1.5, 1e21, 1e20, 1e-6, 1e-7, 5e-324, 1.7976931348623157e308,
    "", "é ☃ 😀 \u2028 \x7f / \\ \" \b\f\n\r\t\x01", [], {}, [[[]]], {"a": {"b": [1, {"c": None}]}},
    {"b": 1, "10": 2, "9": 3, "": 4, "4294967295": 5, "01": 6, "a.b": 7, "@class": 8, "$type": 9},
]  # fmt: skip

# Each as a tag, and in JavaScript.
JAVASCRIPT = [
    (UNDEFINED, "undefined"),
    ([UNDEFINED, {"a": UNDEFINED, "b": [UNDEFINED]}], "[undefined, {a: undefined, b: [undefined]}]"),
    (big(2**70), "2n ** 70n"),
    (big(-5), "-5n"),
    (NAN, "NaN"),
    (INFINITE, "Infinity"),
    (tag("float", value="-inf"), "-Infinity"),
    (MINUS_ZERO, "-0"),
    (MOMENT, "new Date('2024-02-29T12:34:56.789Z')"),
    (tag("datetime", iso="1969-12-31T23:59:59.999Z"), "new Date(-1)"),
    (tag("set", items=[1, "a", big(2)]), "new Set([1, 'a', 2n])"),
    (tag("set", items=[tag("set", items=[]), {}]), "new Set([new Set(), {}])"),
    (
        tag("map", entries=[["a", 1], [MOMENT, {"c": big(2)}]]),
        "new Map([['a', 1], [new Date('2024-02-29T12:34:56.789Z'), {c: 2n}]])",
    ),
    (
        tag("map", entries=[["k", tag("map", entries=[[big(1), tag("set", items=[NAN])]])]]),
        "new Map([['k', new Map([[1n, new Set([NaN])]])]])",
    ),
    (tag("regexp", value="/a\\/b+/gi"), "/a\\/b+/gi"),
    (tag("url", value="https://example.com/p?q=1#f"), "new URL('https://example.com/p?q=1#f')"),
    (tag("bytes", base64="AAH/"), "Buffer.from([0, 1, 255])"),
    (tag("bytes", base64=""), "Buffer.alloc(0)"),
    *(
        (tag("typed-array", **{"class": name}, items=[1, 2]), f"new {name}([1, 2])")
        for name in (
            "Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
            "Float32Array", "Float64Array", "Uint8ClampedArray",
        )
    ),
    (tag("object", **{"class": "Point"}, state={"x": big(1)}), "new Point(1n)"),
    (tag("string", code_units=[0xD800, 97]), "'\\ud800a'"),
    ([{"d": MOMENT, "x": [big(7)]}, UNDEFINED, {"10": NAN, "2": {"y": MINUS_ZERO}, "b": INFINITE}],
     "[{d: new Date('2024-02-29T12:34:56.789Z'), x: [7n]}, undefined, {10: NaN, 2: {y: -0}, b: Infinity}]"),
    ({"a.b": {"c\\d": big(1)}}, "{'a.b': {'c\\\\d': 1n}}"),
    ({"e": {"f.g": {"h.i": {"z": UNDEFINED}}}}, "{e: {'f.g': {'h.i': {z: undefined}}}}"),
]  # fmt: skip

# Each as a tag, and what the Java SDK reads of ours.
JAVA = [
    (None, "null"),
    (2**31 - 1, "Integer 2147483647"),
    (-(2**31) - 1, "Long -2147483649"),
    (big(2**63), "BigInteger 9223372036854775808"),
    (1.0, "Double 1.0"),
    (1e7, "Double 1.0E7"),
    (0.001, "Double 0.001"),
    (1e-4, "Double 1.0E-4"),
    ("é\n\x01\x7f/", "String é???/"),
    ([1, [], {}], "ArrayList[Integer 1, ArrayList[], LinkedHashMap{}]"),
    ({"b": 1, "a": [2.5], "@class": "c"}, "LinkedHashMap{b=Integer 1, a=ArrayList[Double 2.5], @class=String c}"),
    (tag("int", value=str(2**60)), f"Long {2**60}"),
    (big(1), "BigInteger 1"),
    (tag("decimal", value="1.10"), "BigDecimal 1.10"),
    (tag("decimal", value="1E+400"), "BigDecimal 1E+400"),
    (NAN, "Double NaN"),
    (INFINITE, "Double Infinity"),
    (MINUS_ZERO, "Double -0.0"),
    (tag("bytes", base64="AAH/"), "byte[][0, 1, -1]"),
    (tag("datetime", iso="2024-02-29T12:34:56Z"), "Instant 2024-02-29T12:34:56Z"),
    (tag("datetime", iso="2024-02-29T12:34:56.000000001Z"), "Instant 2024-02-29T12:34:56.000000001Z"),
    (tag("datetime", iso="2024-02-29T12:34:56"), "LocalDateTime 2024-02-29T12:34:56"),
    (tag("date", iso="2024-02-29"), "LocalDate 2024-02-29"),
    (tag("time", iso="01:02:03"), "LocalTime 01:02:03"),
    (tag("duration", iso="PT1M30.000000005S"), "Duration PT1M30.000000005S"),
    (tag("uuid", value="12345678-1234-5678-1234-567812345678"), "UUID 12345678-1234-5678-1234-567812345678"),
    (tag("set", items=[1, "a"]), "LinkedHashSet[Integer 1, String a]"),
    (tag("map", entries=[["$type", [1]]]), "LinkedHashMap{$type=ArrayList[Integer 1]}"),
    (tag("object", **{"class": "java.net.URI"}, value="https://a.b/?q"), "URI https://a.b/?q"),
    (tag("object", **{"class": "java.util.Locale"}, value="fr-FR"), "Locale fr_FR"),
    (tag("object", **{"class": "Jackson$Color"}, value="RED"), "Color RED"),
    (
        tag("object", **{"class": "Jackson$Point"}, state={"far": tag("int", value=str(2**60)), "label": "p", "x": 1, "y": 2.5}),
        f"Point(1, 2.5, {2**60}, p)",
    ),
]  # fmt: skip


# Texts that we take for a Java worker; it spells some of them in another way.
JAVA_TEXTS = [
    *(
        tag("datetime", iso=f"2024-02-29T{clock}{offset}")
        for clock in ("12:34", "12:34:56", "00:00:00.1", "23:59:59.123456789")
        for offset in ("", "Z", "+05:30", "-17:59", "+01:02:03")
    ),
    tag("datetime", iso="0001-01-01T00:00:00Z"),
    tag("datetime", iso="9999-12-31T23:59:59.999999+00:00"),
    *(tag("time", iso=time) for time in ("01:02", "01:02:03.4", "01:02Z", "01:02:03+04:00")),
    *(tag("date", iso=date) for date in ("0001-01-01", "2000-02-29", "9999-12-31")),
    *(
        tag("duration", iso=duration)
        for duration in ("P1D", "-P1DT2H", "PT0S", "PT-1.5S", "PT1H2M3.000000001S", "P9999999999999D")
    ),
    tag("duration", days=-1, seconds=86399, microseconds=999999),
    tag("decimal", value="1E+2000000000"),
    tag("decimal", value="-0.5e-2000000000"),
    *(
        tag("url", value=url)
        for url in ("a", "/p?q=%20#f", "mailto:a@b", "https://u:p@[::1]:80/;x", "é", "urn:a:b")
    ),
    tag("map", entries=[["k" * 50_000, "😀" * 10]]),
]


def seeded_values(count: int) -> list[Any]:
    """The same in every run: JSON of all types, doubles of all sizes."""
    chance = random.Random(6)

    def double() -> float:
        value = struct.unpack("<d", chance.randbytes(8))[0]
        return value if value == value and abs(value) != float("inf") and value != 0 else 0.1

    def value(depth: int) -> Any:
        kind = chance.randrange(8 if depth < 4 else 5)
        if kind == 0:
            return chance.choice([None, True, False])
        if kind == 1:
            return chance.randrange(-(2**53) + 1, 2**53)
        if kind == 2:
            return double()
        if kind == 3:
            return round(chance.uniform(-1e6, 1e6), chance.randrange(1, 6)) or 0.5
        if kind == 4:
            return "".join(chr(chance.randrange(1, 0x2100)) for _ in range(chance.randrange(9)))
        if kind == 5:
            return {str(chance.randrange(30)): value(depth + 1) for _ in range(chance.randrange(5))}
        return [value(depth + 1) for _ in range(chance.randrange(5))]

    return [value(0) for _ in range(count)]


class Ours:
    """Our client, and the texts that it stores and reads."""

    def __init__(self, client: Any, serialization: str) -> None:
        self._client = client
        self._options = {
            "workflow_name": "w", "queue_name": "q", "class_name": "C", "serialization": serialization,
        }  # fmt: skip
        self._serialization = serialization

    def _enqueue(self, **options: Any) -> dict[str, str]:
        return {"workflow_id": self._client.call("enqueue", {**self._options, **options})["workflow_id"]}

    def _input(self, workflow: dict[str, str], payloads: str) -> Any:
        return self._client.call("get_workflow", {**workflow, "payloads": payloads})["workflow"]["input"]

    def stored(self, value: Any, payloads: str = "tagged") -> str:
        """The text of the arguments [value]."""
        workflow = self._enqueue(args=[value], payloads=payloads)
        return self._input(workflow, "raw")["$raw"]

    def read(self, text: str, payloads: str = "tagged") -> Any:
        """The first argument of a stored text."""
        raw = {"$raw": text, "serialization": self._serialization}
        return self._input(self._enqueue(args=raw, payloads="raw"), payloads)["args"][0]


def answers(command: list[str], environment: dict[str, str] | None, lines: list[str]) -> list[str]:
    """What a program answers to each line."""
    done = subprocess.run(
        command,
        input="".join(line + "\n" for line in lines),
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found = done.stdout.split("\n")[:-1]
    assert len(found) == len(lines)
    return found


@pytest.fixture
def superjson():
    def ask(command: str, texts: list[str]) -> list[str]:
        lines = [json.dumps({"command": command, "text": text}) for text in texts]
        program = ["node", str(CODECS / "superjson.mjs")]
        replies = [json.loads(line) for line in answers(program, with_node_packages(), lines)]
        assert not [reply for reply in replies if "ok" not in reply]
        return [reply["ok"] for reply in replies]

    return ask


@pytest.fixture(scope="session")
def jackson(tmp_path_factory: pytest.TempPathFactory):
    classes, libraries = tmp_path_factory.mktemp("classes"), f"{required('DBOSC_JAVA_SDK')}/*"
    compiler = ["javac", "-cp", libraries, "-d", str(classes), str(CODECS / "Jackson.java")]
    subprocess.run(compiler, check=True, timeout=SECONDS)

    def ask(texts: list[str]) -> list[tuple[str, str]]:
        program = ["java", "-Dfile.encoding=UTF-8", "-cp", f"{libraries}:{classes}", "Jackson"]
        replies = [line.split("\t") for line in answers(program, None, texts)]
        assert not [reply for reply in replies if reply[0] != "ok"]
        return [(shown, text) for _, shown, text in replies]

    return ask


@pytest.fixture
def typescript(client_factory, migrated_sqlite_url) -> Ours:
    return Ours(client_factory(migrated_sqlite_url), "js_superjson")


@pytest.fixture
def java(client_factory, migrated_sqlite_url) -> Ours:
    return Ours(client_factory(migrated_sqlite_url), "java_jackson")


def test_json_is_stored_in_the_bytes_of_superjson(superjson, typescript):
    values = PLAIN + seeded_values(200)
    ours = [typescript.stored(value, "plain") for value in values]
    assert ours == superjson("json", [json.dumps([value]) for value in values])


def test_tags_are_stored_in_the_bytes_of_superjson(superjson, typescript):
    theirs = superjson("expression", [f"[{expression}]" for _, expression in JAVASCRIPT])
    assert [typescript.stored(value) for value, _ in JAVASCRIPT] == theirs


def test_what_superjson_stores_is_read_as_its_tag(superjson, typescript):
    theirs = superjson("expression", [f"[{expression}]" for _, expression in JAVASCRIPT])
    assert [typescript.read(text) for text in theirs] == [value for value, _ in JAVASCRIPT]


def test_large_integers_reach_javascript_as_big_ones_and_no_digit_is_lost(superjson, typescript):
    ours = typescript.stored([2**53 + 1, 2**53 - 1, -(2**64)], "plain")
    assert superjson("again", [ours]) == [ours]
    assert typescript.read(ours) == [big(2**53 + 1), 2**53 - 1, big(-(2**64))]


def test_a_typed_value_under_a_key_with_dots_reaches_javascript(superjson, typescript):
    # superjson itself writes the path "a.b", and then does not find it.
    ours = typescript.stored({"a.b": big(1)})
    assert json.loads(ours)["meta"] == {"values": {"0.a\\.b": ["bigint"]}}
    (theirs,) = superjson("again", [ours])
    assert json.loads(theirs)["meta"] == {"values": {"0.a.b": ["bigint"]}}
    assert typescript.read(theirs) == typescript.read(ours) == {"a.b": big(1)}


def test_java_reads_and_writes_again_what_we_store(jackson, java):
    ours = [java.stored(value) for value, _ in JAVA]
    theirs = jackson(ours)
    for (_, shown), (read, _) in zip(JAVA, theirs):
        assert read == f"Object[][{shown}]"
    assert ours == [text for _, text in theirs]


def test_java_reads_every_text_that_we_take_for_it(jackson, java):
    # The fixture refuses an answer that is an error.
    assert len(jackson([java.stored(value) for value in JAVA_TEXTS])) == len(JAVA_TEXTS)


def test_what_java_stores_is_read_as_its_tag(jackson, java):
    theirs = jackson([java.stored(value) for value, _ in JAVA])
    assert [java.read(text) for _, text in theirs] == [value for value, _ in JAVA]


def test_json_goes_through_java_unchanged(jackson, java):
    values = PLAIN + seeded_values(200)
    theirs = jackson([java.stored(value, "plain") for value in values])
    # Java 17 spells some doubles with a digit too many, so not byte for byte.
    assert [java.read(text, "plain") for _, text in theirs] == values


# A real worker, given values of its own language; its program knows no class.
FOR_ANY_WORKER = [value for value, _ in JAVASCRIPT if "Point" not in json.dumps(value)]
on_typescript = pytest.mark.parametrize(
    "system", [(TYPESCRIPT, "postgres")], ids=["typescript"], indirect=True
)


@pytest.fixture
def tagged(caller_factory):
    return caller_factory(payloads="tagged", serialization="js_superjson")


@on_typescript
def test_a_typescript_worker_returns_what_it_was_given(tagged):
    assert tagged.run("echo", FOR_ANY_WORKER) == FOR_ANY_WORKER


@on_typescript
def test_a_typescript_workers_own_error_is_read(tagged):
    with pytest.raises(DboscError) as failed:
        tagged.run("fail", "too much")
    told = failed.value.details["workflow_error"]
    assert (told["name"], told["message"]) == (TYPESCRIPT.ordinary_error, "too much")
    assert told["stack"].startswith("RangeError: too much\n")


@on_typescript
def test_a_typescript_worker_receives_a_message_of_its_own(tagged):
    workflow = tagged.enqueue("receive", "t")
    tagged.send(workflow, FOR_ANY_WORKER, topic="t")
    assert tagged.result(workflow) == FOR_ANY_WORKER
