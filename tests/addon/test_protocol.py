"""The extension and the service speak one protocol: what is pinned here changes with its number."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from lexel.service import address, arrays, protocol, views
from tests.addon.package import NAME, run

PINNED = {
    "PROTOCOL": 1,
    "HOST": "127.0.0.1",
    "HELLO": "/v1/hello",
    "FIELDS": "/v1/fields",
    "ENCODE": "/v1/encode",
    "JOBS": "/v1/jobs",
    "UPLOADS": "/v1/uploads",
    "JSON_TYPE": "application/json",
    "ARRAY_TYPE": "application/octet-stream",
    "DTYPE": "X-Lexel-Dtype",
    "SHAPE": "X-Lexel-Shape",
    "META": "X-Lexel-Meta",
    "PARTS": "X-Lexel-Parts",
    "CAMERA": "X-Lexel-Camera",
    "STATES": ["queued", "running", "done", "failed", "cancelled"],
}
MESSAGES = ("Hello", "OpenedField", "Encode", "Ask", "AskMeta", "QueryMeta", "JobState")
REPAIR = "raise PROTOCOL in core/lexel/service/address.py, and build the extension anew"

TELL = """
import json
from dataclasses import asdict, fields
from {name}.core.service import address, arrays, protocol, views
modules = address, arrays, protocol, views
told = {{n: next(getattr(m, n) for m in modules if hasattr(m, n)) for n in {names!r}}}
told["limits"] = asdict(protocol.Limits())
told["messages"] = {{n: [f.name for f in fields(getattr(protocol, n))] for n in {messages!r}}}
print(json.dumps(told))
"""


def cores():
    modules = address, arrays, protocol, views
    told = {n: next(getattr(m, n) for m in modules if hasattr(m, n)) for n in PINNED}
    told["limits"] = asdict(protocol.Limits())
    told["messages"] = {n: [f.name for f in fields(getattr(protocol, n))] for n in MESSAGES}
    return json.loads(json.dumps(told))


def test_the_extension_says_what_the_service_does(package):
    code = TELL.format(name=NAME, names=tuple(PINNED), messages=MESSAGES)
    assert json.loads(run(package, code)) == cores(), "run build_addon.py anew"


def test_protocol_1_stays_what_it_is():
    told = cores()
    assert {name: told[name] for name in PINNED} == PINNED, REPAIR
    limits = told["limits"]
    assert (limits["upload_bytes"], limits["body_bytes"]) == (256 << 20, 1 << 20), REPAIR
    assert (limits["send_s"], limits["connections"]) == (30, 64), REPAIR
