"""Reading scans, safely and aloud; writing files that are whole or not there."""

from lexel.io.doctor import Cost, Diagnosis, diagnose
from lexel.io.geometry_files import load_geometry
from lexel.io.photo import load_photo
from lexel.io.pickles import load_namespace, load_plain
from lexel.io.readers import load_scene, open_recording, read_scene
from lexel.io.recording import RawView, Recording, Up
from lexel.io.view_folder import save_view_folder

__all__ = [
    "Cost",
    "Diagnosis",
    "RawView",
    "Recording",
    "Up",
    "diagnose",
    "load_geometry",
    "load_namespace",
    "load_photo",
    "load_plain",
    "load_scene",
    "open_recording",
    "read_scene",
    "save_view_folder",
]
