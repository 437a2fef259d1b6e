"""A sentence model that takes a moment to load: real tokenizer and layout, random small weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from lexel.encoders.weights.sentence_models import FILES, PACKAGE, find_sentence_model

WIDTH = 8


def write_sentence_model(folder: Path) -> Path:
    """All files of a model whose vectors have 8 numbers."""
    import torch
    import transformers
    from safetensors.torch import save_file

    real = find_sentence_model(PACKAGE)
    for file in FILES[:-1]:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(real / file, folder / file)
    sizes = {"hidden_size": WIDTH, "num_attention_heads": 2, "intermediate_size": 16}
    change_json(folder / "config.json", **sizes, num_hidden_layers=1)
    change_json(folder / "1_Pooling" / "config.json", word_embedding_dimension=WIDTH)
    config = transformers.BertConfig.from_json_file(folder / "config.json")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = transformers.BertModel(config)
    save_file(dict(model.state_dict()), folder / FILES[-1], {"format": "pt"})
    return folder


def change_json(file: Path, **changes: object) -> None:
    """Set keys of a JSON object; those of None go."""
    content = {**json.loads(file.read_text()), **changes}
    file.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))
