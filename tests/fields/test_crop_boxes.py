import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.fields.crop_boxes import crop_boxes
from lexel.fields.regions import regions_of


def test_a_compact_region_stands_in_the_middle_of_its_crop_and_context():
    label = np.full((60, 80), -1)
    label[20:40, 30:50] = 0
    (crop,), (context,) = crop_boxes(regions_of(label))
    assert crop.tolist() == [27, 17, 53, 43]
    assert context.tolist() == [15, 5, 65, 55]


def test_a_wall_is_shown_where_nothing_stands_before_it():
    label = np.zeros((60, 80), int)
    label[10:, 5:70] = 1
    crop, context = crop_boxes(regions_of(label))
    x0, y0, x1, y1 = crop[0]
    assert x1 - x0 >= 3
    assert (label[int(np.ceil(y0)) : int(y1), int(np.ceil(x0)) : int(x1)] == 0).all()
    np.testing.assert_array_equal(crop[0], context[0])


@given(arrays(np.int64, (30, 40), elements=st.integers(-1, 3)))
def test_crops_lie_within_the_image(label):
    for boxes in crop_boxes(regions_of(label)):
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, 2:] <= [40, 30]).all()
        assert (boxes[:, :2] < boxes[:, 2:]).all()
