"""What is written: JSON that every format carries, and tagged values of one SDK's types."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Payload:
    name: str
    # JSON, in the mode `tagged`.
    text: str


def _all(payloads: dict[str, str]) -> list[Payload]:
    return [Payload(name, text) for name, text in payloads.items()]


JSON = _all(
    {
        "null": "null",
        "true": "true",
        "false": "false",
        "0": "0",
        "1": "1",
        "-1": "-1",
        "2^31": "2147483648",
        "2^53-1": "9007199254740991",
        "2^53+1": '{"$type":"int","value":"9007199254740993"}',
        "2^63-1": '{"$type":"int","value":"9223372036854775807"}',
        "2^64": '{"$type":"int","value":"18446744073709551616"}',
        "-2^63-1": '{"$type":"int","value":"-9223372036854775809"}',
        "10^40": '{"$type":"int","value":"10000000000000000000000000000000000000000"}',
        "1.0": "1.0",
        "1.5": "1.5",
        "0.1": "0.1",
        "1e16": "1e16",
        "1e300": "1e300",
        "5e-324": "5e-324",
        "-0.0": '{"$type":"float","value":"-0.0"}',
        "empty text": '""',
        "text": '"text"',
        "emoji": '"é漢😀"',
        "U+0000": r'"a\u0000b"',
        "escapes": r'"\"\\/<>&\u2028\n\u001f"',
        "text of 100 kB": '"' + "0123456789é漢😀" * 5000 + '"',
        "[]": "[]",
        "{}": "{}",
        "array": '[1,"two",null,[3.5,[]]]',
        "array of 2000": "[" + ",".join(map(str, range(2000))) + "]",
        "object": '{"a":1,"b":{"c":[true,{}]}}',
        "odd keys": r'{"":1,"é 😀":2,"a.b":3,"e\\.f":4,"0":5}',
        "key $type": '{"$type":"map","entries":[["$type","datetime"]]}',
        "nested 50 deep": "[" * 50 + "]" * 50,
    }
)

_DATETIME = '{"$type":"datetime","iso":"2024-02-29T12:34:56.789%s"}'
_UUID = '{"$type":"uuid","value":"12345678-1234-5678-1234-567812345678"}'
_BYTES = '{"$type":"bytes","base64":"AP8="}'

# Of each native format, what its SDK has beyond JSON.
TYPED = {
    "py_pickle": _all(
        {
            "nan": '{"$type":"float","value":"nan"}',
            "infinity": '{"$type":"float","value":"-inf"}',
            "lone surrogate": '{"$type":"string","code_units":[97,55296,98]}',
            "bytes": _BYTES,
            "tuple": '{"$type":"tuple","items":[1,{"$type":"tuple","items":[]}]}',
            "set": '{"$type":"set","items":["one"]}',
            "datetime": _DATETIME % "000",
            "datetime with a zone": _DATETIME % "000+02:00",
            "date": '{"$type":"date","iso":"2024-02-29"}',
            "time": '{"$type":"time","iso":"12:34:56.000789"}',
            "decimal": '{"$type":"decimal","value":"1.10"}',
            "uuid": _UUID,
            "number keys": '{"$type":"map","entries":[[1,"one"],[2,"two"]]}',
            "typed members": '{"a":[%s,{"b":%s}]}' % (_UUID, _BYTES),
        }
    ),
    "js_superjson": _all(
        {
            "nan": '{"$type":"float","value":"nan"}',
            "infinity": '{"$type":"float","value":"-inf"}',
            "lone surrogate": '{"$type":"string","code_units":[97,55296,98]}',
            "undefined": '{"$type":"undefined"}',
            "bigint": '{"$type":"bigint","value":"-18446744073709551616"}',
            "datetime": _DATETIME % "Z",
            "set": '{"$type":"set","items":["one",2]}',
            "map": '{"$type":"map","entries":[["a",1],["b",%s]]}' % (_DATETIME % "Z"),
            "number keys": '{"$type":"map","entries":[[1,"one"]]}',
            "regexp": r'{"$type":"regexp","value":"/a\\/b/gi"}',
            "url": '{"$type":"url","value":"https://example.org/a?b=c"}',
            "typed members": '{"a.b":[{"c":%s},{"$type":"undefined"}]}' % (_DATETIME % "Z"),
        }
    ),
    "java_jackson": _all(
        {
            "nan": '{"$type":"float","value":"nan"}',
            "infinity": '{"$type":"float","value":"-inf"}',
            "bigint": '{"$type":"bigint","value":"18446744073709551616"}',
            "decimal": '{"$type":"decimal","value":"1.10"}',
            "bytes": _BYTES,
            "uuid": _UUID,
            "set": '{"$type":"set","items":["one"]}',
            "datetime": _DATETIME % "Z",
            "date": '{"$type":"date","iso":"2024-02-29"}',
            "typed members": '{"a":[%s,{"b":%s}]}' % (_UUID, _BYTES),
        }
    ),
    "DBOS_JSON": [],
    "rust_serde": [],
    "portable_json": _all({"nan": '{"$type":"float","value":"nan"}', "datetime": _DATETIME % "Z"}),
}


def of_format(name: str) -> list[Payload]:
    return [*JSON, *TYPED[name]]


def named(format_name: str, name: str) -> Payload:
    return next(payload for payload in of_format(format_name) if payload.name == name)
