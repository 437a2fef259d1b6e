"""What is said comes back as it was said; what is no message is refused, never anything else."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lexel.service.arrays import DTYPES, Layout, array_of, bytes_of, read_layout
from lexel.service.protocol import Ask, Encode, ExampleCodes, Hello, JobState, Limits, OpenedField
from lexel.service.views import CAMERA, PARTS, UploadedView
from lexel.service.wire import Fault, ProtocolError, dump, parse_object

ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
    )
)
TEXTS = st.text(max_size=20)
ASKS = st.builds(
    Ask,
    queries=st.lists(TEXTS, max_size=4).map(tuple),
    negatives=st.none() | st.lists(TEXTS, max_size=4).map(tuple),
    balance=st.floats(0, 1),
    examples=st.lists(
        st.builds(
            ExampleCodes,
            st.lists(st.integers(0, 99), min_size=1, max_size=5).map(tuple),
            st.none() | st.lists(st.floats(-9, 9), max_size=5).map(tuple),
            st.text(min_size=1, max_size=9),
        ),
        max_size=3,
    ).map(tuple),
    client=st.none() | st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    seq=st.integers(0, 2**53),
    top=st.integers(0, 100),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@given(ARRAYS)
def test_arrays_come_back(array):
    told = Layout.of(array).headers()
    layout = read_layout(*told.values())
    body = bytes_of(array)
    assert layout.num_bytes == len(body)
    np.testing.assert_array_equal(array_of(layout, body), array)
    with pytest.raises(ProtocolError, match="bytes"):
        array_of(layout, body + b"\0")


@given(ARRAYS)
def test_bytes_are_little_endian_whatever_the_array_is(array):
    big = array.astype(array.dtype.newbyteorder(">"))
    assert bytes_of(big) == bytes_of(array)


@given(st.none() | st.text(max_size=12), st.none() | st.text("0123456789,-x ", max_size=30))
def test_layouts_of_any_text_are_read_or_refused(dtype, shape):
    try:
        layout = read_layout(dtype, shape)
    except ProtocolError:
        return
    assert layout.dtype in DTYPES
    assert ",".join(map(str, layout.shape)) == ",".join(str(int(n)) for n in shape.split(","))


@given(ASKS)
def test_asks_come_back(ask):
    back = Ask.from_json(parse_object(dump(ask.as_json())))
    assert back.as_json() == ask.as_json()


def test_a_camera_comes_back():
    ask = Ask(("left",), camera=np.arange(16.0).reshape(4, 4))
    back = Ask.from_json(parse_object(dump(ask.as_json())))
    np.testing.assert_array_equal(back.camera, ask.camera)


@pytest.mark.parametrize(
    "message",
    [
        Hello(1, "0.1.0", ({"name": "a"},), ({"id": "b"},), Limits(send_s=3)),
        OpenedField("a", "/b", "c", {"format": 1}),
        Encode("ViT", ("mug",), True),
        JobState("a", "build"),
        JobState("a", "build", "running", 7, "fusing", 3, 9, ("said",)),
        JobState("a", "build", "failed", error=Fault("what", "got", "do")),
        JobState("a", "build", "done", result={"field": "/f"}),
    ],
)
def test_messages_come_back(message):
    value = json.loads(dump(message.as_json()))
    back = type(message).from_json(value)
    assert json.loads(dump(asdict(back))) == json.loads(dump(asdict(message)))


@given(st.dictionaries(st.text(max_size=9), VALUES, max_size=5))
def test_objects_that_are_no_message_are_refused_and_nothing_else(value):
    for kind in (Ask, Encode, Hello, JobState, OpenedField):
        try:
            kind.from_json(value)
        except ProtocolError as error:
            assert error.fault.what


@given(st.data(), st.integers(1, 6), st.integers(1, 6), st.booleans())
def test_views_come_back(data, height, width, with_ids):
    size = (height, width)
    view = UploadedView(
        data.draw(hnp.arrays("uint8", (*size, 3))),
        data.draw(hnp.arrays("float32", size)),
        data.draw(hnp.arrays("int32", size)) if with_ids else None,
        np.diag([5.0, 5, 1]),
        np.eye(4),
    )
    headers, body = view.encode()
    back = UploadedView.decode(headers, body)
    for name, own in vars(view).items():
        if own is None:
            assert getattr(back, name) is None
        else:
            np.testing.assert_array_equal(getattr(back, name), own)
    with pytest.raises(ProtocolError):
        UploadedView.decode(headers, body[:-1])


@pytest.mark.parametrize(
    "headers",
    [
        {PARTS: "depth;colour;depth"},
        {PARTS: "colour"},
        {PARTS: "colour;depth;../x"},
        {CAMERA: "{}"},
        {CAMERA: '{"K": [[1]], "world_from_camera": []}'},
        {CAMERA: "[" * 60_000},
        {"X-Lexel-Shape": "2,2,3;2,2"},
        {"X-Lexel-Shape": "2147483648,2147483648,2147483648;2,2;2,2"},
    ],
)
def test_views_with_wrong_heads_are_refused(headers):
    size = (2, 2)
    view = UploadedView(
        np.zeros((*size, 3), np.uint8),
        np.ones(size, np.float32),
        np.zeros(size, np.int32),
        np.eye(3),
        np.eye(4),
    )
    told, body = view.encode()
    with pytest.raises(ProtocolError):
        UploadedView.decode({**told, **headers}, body)
