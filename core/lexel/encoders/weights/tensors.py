"""Reads tensors, and nothing but tensors, from a weights file.

The kind is told from the content, never from the suffix. Torch files go through torch's own
restricted unpickler after the container was checked: nothing in the file is ever run.
"""

from __future__ import annotations

import enum
import re
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lexel.errors import WeightsError
from lexel.io.hashing import sha256_of

if TYPE_CHECKING:
    import torch

WEIGHT_SUFFIXES = (".safetensors", ".bin", ".pth", ".pt")
_MAX_HEADER_BYTES = 16 << 20  # safetensors header or pickled table; real ones are below 1 MB
_LEGACY_MAGIC = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
_WRAPPERS = ("net", "state_dict")
_AGAIN = "The file may be truncated: get it again."


class Kind(enum.Enum):
    SAFETENSORS = "safetensors"
    TORCH_ZIP = "torch"
    TORCH_LEGACY = "torch (before 1.6)"


def load_tensors(path: Path | str) -> dict[str, torch.Tensor]:
    """The tensors of a `.safetensors`, `.bin` or `.pth` file, by name, on the CPU.

    Memory mapped where the format allows, so tensors that are not touched cost no memory; copy
    what must outlive the file. A wrapping `{"net": ...}` or `{"state_dict": ...}` is entered,
    entries that are no tensors are left out, and names stay as they are: prefixes such as
    `module.` are the caller's business.
    """
    path = Path(path)
    kind = sniff(path)
    loaded = _load_safetensors(path) if kind is Kind.SAFETENSORS else _load_torch(path, kind)
    tensors = _table(loaded)
    if not tensors:
        raise WeightsError("there are no tensors in this file", where=path, do="Choose another.")
    for name, tensor in tensors.items():
        _require_plain(path, name, tensor)
    return tensors


def sniff(path: Path) -> Kind:
    """What kind of weights file this is; a `WeightsError` when it is none or a program."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise WeightsError(
            "the file cannot be read", where=path, got=error.strerror, do="Check the path."
        ) from error
    if head.startswith(b"PK"):
        return _sniff_zip(path)
    if head.startswith(_LEGACY_MAGIC):
        return Kind.TORCH_LEGACY
    if head[8:9] == b"{":
        return _sniff_safetensors(path, int.from_bytes(head[:8], "little"))
    if tarfile.is_tarfile(path):
        # torch's reader of this format from 2016 has been a way round its restrictions.
        raise WeightsError("a tar file is not read as weights", where=path, do=_convert_hint())
    raise WeightsError("this is no weights file", where=path, got=repr(head[:8]), do=_AGAIN)


def _sniff_safetensors(path: Path, header: int) -> Kind:
    size = path.stat().st_size
    if header > _MAX_HEADER_BYTES or header + 8 > size:
        raise WeightsError(
            f"the safetensors header does not fit a file of {size} bytes",
            where=path,
            got=header,
            do=_AGAIN,
        )
    return Kind.SAFETENSORS


def _sniff_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WeightsError("the torch file is damaged", where=path, got=error, do=_AGAIN) from error
    names = [member.filename for member in members]
    if any(re.search(r"(^|/)(constants\.pkl|model\.json|code/)", name) for name in names):
        raise _torchscript(path)
    tables = [m for m in members if m.filename.rpartition("/")[2] == "data.pkl"]
    if len(tables) != 1 or tables[0].file_size > _MAX_HEADER_BYTES:
        raise WeightsError("the zip file holds no torch tensors", where=path, do=_AGAIN)
    # torch stores members uncompressed; a compressed one could swell without bound.
    if any(m.compress_type != zipfile.ZIP_STORED or m.flag_bits & 1 for m in members):
        raise WeightsError("the torch file is compressed inside", where=path, do=_convert_hint())
    return Kind.TORCH_ZIP


def _torchscript(path: Path) -> WeightsError:
    from lexel.encoders.weights.catalogue import safetensors_name_for

    same = safetensors_name_for(path.stem) or safetensors_name_for("", sha256_of(path))
    what = "this is TorchScript, a program, and Lexel runs no programs from weights files"
    if same is None:
        return WeightsError(what, where=path, do=_convert_hint())
    return WeightsError(
        what, where=path, do=f"The same weights as safetensors: lexel weights get {same}"
    )


def _convert_hint() -> str:
    return "Use the same weights as .safetensors; an encoder: lexel weights get ViT-B-32/openai"


def _load_safetensors(path: Path) -> Any:
    import safetensors
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (safetensors.SafetensorError, OSError, ValueError, KeyError) as error:
        raise WeightsError(
            "the safetensors file is damaged", where=path, got=error, do=_AGAIN
        ) from error


def _load_torch(path: Path, kind: Kind) -> Any:
    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=True, mmap=kind is Kind.TORCH_ZIP)
    except Exception as error:  # torch raises anything from KeyError to RuntimeError on garbage
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> WeightsError:
    # torch's text tells users how to switch its safety off; only the culprit's name is kept.
    culprit = re.search(r"Unsupported (?:global|class|operand): ?(?:GLOBAL )?(\S+)", str(error))
    culprit = culprit or re.search(r"GLOBAL (\S+)", str(error))
    if culprit:
        return WeightsError(
            "the file holds more than tensors and may run programs, so it was not loaded",
            where=path,
            got=culprit.group(1),
            do=_convert_hint(),
        )
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return WeightsError("the torch file is damaged", where=path, got=first, do=_AGAIN)


def _table(loaded: Any) -> dict[str, torch.Tensor]:
    import torch

    for key in _WRAPPERS:
        if isinstance(loaded, dict) and isinstance(loaded.get(key), dict):
            loaded = loaded[key]
    if not isinstance(loaded, dict):
        return {}
    pairs = ((k, v) for k, v in loaded.items() if isinstance(k, str))
    return {k: v.detach() for k, v in pairs if isinstance(v, torch.Tensor)}


def _require_plain(path: Path, name: str, tensor: torch.Tensor) -> None:
    """A tensor that fills memory of its own size; strides could feign terabytes."""
    import torch

    plain = tensor.layout is torch.strided and not tensor.is_quantized
    if plain and tensor.nbytes <= tensor.untyped_storage().nbytes():
        return
    raise WeightsError(
        "a tensor claims more numbers than the file holds", where=f"{path}: {name}", do=_AGAIN
    )
