"""What the workers publish of their languages' own types, by name (workers/README.md).

Each with its meaning as JSON in the mode `tagged`, where it is stored in the SDK's own format, and
where it is stored in the portable one.
"""

from typing import Any, Optional

import forms

_UUID = "12345678-1234-5678-1234-567812345678"
_TEXT = r'"é漢😀\u0000\"\\"'
_BYTES = '{"$type":"bytes","base64":"AP8="}'
_LIST = '[1,"two",null,[3.5]]'
_MAP = '{"a":1,"é":[true]}'
_NEGATIVE_ZERO = '{"$type":"float","value":"-0.0"}'
_NAN, _INFINITY = '{"$type":"float","value":"nan"}', '{"$type":"float","value":"inf"}'
_SURROGATE = '{"$type":"string","code_units":[97,55296,98]}'


def _int(digits: str) -> str:
    return '{"$type":"int","value":"%s"}' % digits


def _tag(name: str, value: str) -> str:
    return '{"$type":"%s","value":"%s"}' % (name, value)


def _iso(name: str, value: str) -> str:
    return '{"$type":"%s","iso":"%s"}' % (name, value)


def _text(value: str) -> str:
    return f'"{value}"'


# The SDK does not store it in the portable format: the workflow fails.
REFUSED = None

Meanings = dict[str, tuple[str, Optional[str]]]


def _alike(**values: str) -> Meanings:
    return {name.replace("_", "-"): (text, text) for name, text in values.items()}


_PYTHON: Meanings = {
    **_alike(
        null="null",
        true="true",
        int=_int("-9223372036854775809"),
        big_int=_int("1" + "0" * 40),
        float="1.5",
        nan=_NAN,
        infinity=_INFINITY,
        negative_zero=_NEGATIVE_ZERO,
        text=_TEXT,
        list=_LIST,
        dict=_MAP,
        ordered_dict='{"a":1}',
    ),
    "lone-surrogate": (_SURROGATE, REFUSED),
    "bytes": (_BYTES, REFUSED),
    "bytearray": ('{"$type":"bytes","base64":"YWI="}', REFUSED),
    "tuple": (
        '{"$type":"tuple","items":[1,"two",{"$type":"tuple","items":[]}]}',
        '[1,"two",[]]',
    ),
    "set": ('{"$type":"set","items":["one"]}', '["one"]'),
    "frozenset": ('{"$type":"set","items":[1]}', REFUSED),
    "int-keys": ('{"$type":"map","entries":[[1,"one"],[2,"two"]]}', REFUSED),
    "datetime": (
        _iso("datetime", "2024-02-29T12:34:56.789000"),
        _text("2024-02-29T12:34:56.789Z"),
    ),
    "datetime-utc": (
        _iso("datetime", "2024-02-29T12:34:56+00:00"),
        _text("2024-02-29T12:34:56.000Z"),
    ),
    "datetime-offset": (
        _iso("datetime", "2024-02-29T12:34:56+02:00"),
        _text("2024-02-29T10:34:56.000Z"),
    ),
    "date": (_iso("date", "2024-02-29"), _text("2024-02-29")),
    "time": (_iso("time", "12:34:56.000789"), REFUSED),
    "timedelta": ('{"$type":"duration","days":1,"seconds":2,"microseconds":3}', REFUSED),
    "decimal": (_tag("decimal", "1.10"), _text("1.10")),
    "uuid": (_tag("uuid", _UUID), REFUSED),
    "complex": ('{"$type":"object","class":"builtins.complex","args":[1.0,-2.0]}', REFUSED),
    "path": ('{"$type":"object","class":"pathlib.PurePosixPath","args":["/","a","b"]}', REFUSED),
    "enum": ('{"$type":"object","class":"python_payloads.Color","args":[1]}', REFUSED),
    "dataclass": (
        '{"$type":"object","class":"python_payloads.Point","state":{"x":1,"label":"é"}}',
        REFUSED,
    ),
}

_EPOCH = _iso("datetime", "1970-01-01T00:00:00.000Z")
_TYPESCRIPT: Meanings = {
    **_alike(
        null="null",
        true="true",
        integer="-2147483649",
        big_number=_int("9223372036854776000"),
        float="1.5",
        text=_TEXT,
        lone_surrogate=_SURROGATE,
        array=_LIST,
        instance='{"x":1,"label":"é"}',
    ),
    "undefined": ('{"$type":"undefined"}', "null"),
    "nan": (_NAN, "null"),
    "infinity": (_INFINITY, "null"),
    "negative-zero": (_NEGATIVE_ZERO, "0"),
    "bigint": (_tag("bigint", "-18446744073709551616"), _text("-18446744073709551616")),
    "object": ('{"a":1,"é":[true],"x.y":{"$type":"undefined"}}', _MAP),
    "date": (_iso("datetime", "2024-02-29T12:34:56.789Z"), _text("2024-02-29T12:34:56.789Z")),
    "nested-dates": ('{"when":[%s]}' % _EPOCH, '{"when":["1970-01-01T00:00:00.000Z"]}'),
    "map": (
        '{"$type":"map","entries":[["a",1],["b",%s]]}' % _EPOCH,
        '{"a":1,"b":"1970-01-01T00:00:00.000Z"}',
    ),
    "number-keys": ('{"$type":"map","entries":[[1,"one"]]}', REFUSED),
    "set": ('{"$type":"set","items":[1,"two"]}', '[1,"two"]'),
    "regexp": (_tag("regexp", r"/a\\/b/gi"), "{}"),
    "url": (_tag("url", "https://example.org/a?b=c"), _text("https://example.org/a?b=c")),
    "typed-array": (
        '{"$type":"typed-array","class":"Uint8Array","items":[0,255]}',
        '{"0":0,"1":255}',
    ),
    "buffer": (_BYTES, '{"type":"Buffer","data":[0,255]}'),
    "error": (
        '{"$type":"error","name":"RangeError","message":"a value"}',
        '{"name":"RangeError","message":"a value"}',
    ),
}

_GO: Meanings = _alike(
    nil="null",
    true="true",
    int64=_int("-9223372036854775808"),
    uint64=_int("18446744073709551615"),
    float="1.5",
    whole_float="1",
    # encoding/json writes -0, which is an integer.
    negative_zero="0",
    float32="0.1",
    rune="233",
    text=r'"é漢😀\u0000\"\\<>&\u2028"',
    invalid_utf8=r'"a\ufffdb"',
    slice=_LIST,
    nil_slice="null",
    map=_MAP,
    int_keys='{"1":"one","2":"two"}',
    bytes=_text("AP8="),
    byte_array="[0,255]",
    time=_text("2024-02-29T12:34:56.789000001Z"),
    time_offset=_text("2024-02-29T12:34:56+02:00"),
    duration="1500000000",
    struct='{"x":1,"label":"é","Next":{"x":0,"Next":null}}',
)

_JAVA: Meanings = {
    **_alike(
        null="null",
        true="true",
        int="-2147483648",
        long=_int("9223372036854775807"),
        double="1.5",
        negative_zero=_NEGATIVE_ZERO,
        float="0.1",
        char=_text("é"),
        text=_TEXT,
        list='[1,"two",null,3]',
        list_of="[1,2,3]",
        map=_MAP,
        ints="[1,-2]",
        objects='[1,"two"]',
        optional=_text("here"),
    ),
    "big-integer": (_tag("bigint", "18446744073709551616"), _int("18446744073709551616")),
    "decimal": (_tag("decimal", "1.10"), "1.10"),
    "nan": (_NAN, _text("NaN")),
    "infinity": (_INFINITY, _text("Infinity")),
    "set": ('{"$type":"set","items":["one"]}', '["one"]'),
    "bytes": (_BYTES, _text("AP8=")),
    "uuid": (_tag("uuid", _UUID), _text(_UUID)),
    "instant": (_iso("datetime", "2024-02-29T12:34:56.789Z"), _text("2024-02-29T12:34:56.789Z")),
    "local-date": (_iso("date", "2024-02-29"), _text("2024-02-29")),
    "local-time": (_iso("time", "12:34:56.789"), _text("12:34:56.789")),
    "local-date-time": (_iso("datetime", "2024-02-29T12:34:56"), _text("2024-02-29T12:34:56")),
    "offset-date-time": (
        _iso("datetime", "2024-02-29T12:34:56+02:00"),
        _text("2024-02-29T12:34:56+02:00"),
    ),
    "zoned-date-time": (
        _iso("datetime", "2024-02-29T12:34:56+01:00"),
        _text("2024-02-29T12:34:56+01:00[Europe/Berlin]"),
    ),
    "duration": (_iso("duration", "PT1.5S"), "1.5"),
    "uri": (
        '{"$type":"object","class":"java.net.URI","value":"https://example.org/a?b=c"}',
        _text("https://example.org/a?b=c"),
    ),
    "enum": (
        '{"$type":"object","class":"java.util.concurrent.TimeUnit","value":"SECONDS"}',
        _text("SECONDS"),
    ),
    "record": (
        '{"$type":"object","class":"Own$Point","state":{"x":1,"y":2,"label":"é"}}',
        '{"x":1,"y":2,"label":"é"}',
    ),
}

_RUST: Meanings = _alike(
    null="null",
    true="true",
    u64=_int("18446744073709551615"),
    i64=_int("-9223372036854775808"),
    u128=_int("340282366920938463463374607431768211455"),
    float="1.5",
    nan="null",
    negative_zero=_NEGATIVE_ZERO,
    f32="0.1",
    char=_text("😀"),
    text=_TEXT,
    bytes="[0,255]",
    tuple='[1,"two",null]',
    int_keys='{"1":"one","2":"two"}',
    duration='{"secs":1,"nanos":500000000}',
    ok='{"Ok":1}',
    err='{"Err":"no"}',
    enum_unit=_text("Unit"),
    enum_newtype='{"Newtype":"é 😀"}',
    enum_tuple='{"Tuple":[1,true]}',
    enum_struct='{"Struct":{"a":1,"b":null}}',
)

OF: dict[str, Meanings] = {
    "python": _PYTHON,
    "typescript": _TYPESCRIPT,
    "go": _GO,
    "java": _JAVA,
    "rust": _RUST,
}


def names(sdk: str, format_name: str) -> list[str]:
    """Of the values that the SDK stores in that format."""
    portable = format_name == "portable_json"
    return [name for name, texts in OF[sdk].items() if texts[1 if portable else 0] is not REFUSED]


def expected(sdk: str, name: str, portable: bool) -> Any:
    native_text, portable_text = OF[sdk][name]
    text = portable_text if portable else native_text
    assert text is not None, f"{sdk} stores no {name} in the portable format"
    return forms.read(text)
