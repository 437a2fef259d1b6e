"""Fields on disk: the folder `NAME.lexel/`, byte for byte as `spec/formats.md` has it."""

from lexel.io.fields.appending import add_layers
from lexel.io.fields.checkup import FieldDiagnosis, diagnose_field, is_field
from lexel.io.fields.content import FieldContent
from lexel.io.fields.open3d_cloud import to_open3d
from lexel.io.fields.saving import check_field_path, save_field
from lexel.io.fields.stored import StoredField, open_field
from lexel.io.fields.views_files import load_view

__all__ = [
    "FieldContent",
    "FieldDiagnosis",
    "StoredField",
    "add_layers",
    "check_field_path",
    "diagnose_field",
    "is_field",
    "load_view",
    "open_field",
    "save_field",
    "to_open3d",
]
