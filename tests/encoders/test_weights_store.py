"""Fetching into the cache, finding again, verifying; encoders and checkpoints."""

from __future__ import annotations

import base64
import io
import json
import tarfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from lexel.encoders.weights import (
    cache_folder,
    fetch,
    find_checkpoint,
    find_encoder_weights,
    list_weights,
    load_tensors,
    verify,
)
from lexel.encoders.weights.download import Patience
from lexel.errors import CancelledError, EncoderError, WeightsError
from tests.encoders.test_weights_tensors import Hostile, script
from tests.encoders.weights_server import Served, digest, tar_lz4

pytestmark = pytest.mark.usefixtures("cache")

NAME = "ViT-B-32/openai"
REPOSITORY = "timm/vit_base_patch32_clip_224.openai"
SAFE = f"/{REPOSITORY}/resolve/main/open_clip_model.safetensors"
PICKLE = f"/{REPOSITORY}/resolve/main/open_clip_pytorch_model.bin"
TENSORS = {"visual.proj": torch.ones(3, 4), "logit_scale": torch.tensor(4.6052)}
BODY = save(TENSORS)
QUICK = Patience(attempts=2, timeout_s=5, sleep=lambda _: None)


def torch_bytes(value: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


@pytest.fixture
def hub(server, monkeypatch):
    """The server in the place of the Hugging Face hub."""
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    server.files[SAFE] = Served(BODY, etag=f'"{digest(BODY)}"')
    return server


def put_into_hub_cache(root: Path, body: bytes, revision="abc", links=True) -> Path:
    folder = root / "hub" / ("models--" + REPOSITORY.replace("/", "--"))
    file = folder / "snapshots" / revision / "open_clip_model.safetensors"
    file.parent.mkdir(parents=True)
    blob = folder / "blobs" / digest(body)
    blob.parent.mkdir(exist_ok=True)
    if links:
        blob.write_bytes(body)
        file.symlink_to(Path("..", "..", "blobs", blob.name))
    else:
        file.write_bytes(body)
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "refs" / "main").write_text(revision)
    return file


class TestEncoders:
    def test_fetched_weights_are_found_with_what_the_registry_knows(self, hub):
        [path] = fetch(NAME)
        found = find_encoder_weights(NAME)
        assert (found.path, found.sha256) == (path, digest(BODY))
        assert (found.architecture, found.pretrained) == ("ViT-B-32", "openai")
        assert found.quick_gelu is True
        assert path.is_relative_to(cache_folder())

    def test_a_second_get_does_not_ask_the_server(self, hub):
        fetch(NAME)
        fetch(NAME)
        assert len(hub.files[SAFE].asked) == 1

    def test_a_repository_without_safetensors_gives_its_pickle_of_tensors(self, hub):
        del hub.files[SAFE]
        hub.files[PICKLE] = Served(torch_bytes(TENSORS))
        [path] = fetch(NAME)
        assert path.suffix == ".bin"
        assert load_tensors(find_encoder_weights(NAME).path).keys() == TENSORS.keys()

    def test_what_is_absent_says_the_one_command_that_gets_it(self):
        with pytest.raises(WeightsError, match="lexel weights get ViT-B-32/openai") as caught:
            find_encoder_weights(NAME)
        assert caught.value.exit_code == 2

    def test_offline_says_how_to_bring_a_copy(self, server, monkeypatch):
        server.close()
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        with pytest.raises(WeightsError, match="--from FILE"):
            fetch(NAME, patience=QUICK)

    def test_the_user_s_wish_to_stay_offline_is_kept(self, hub, monkeypatch):
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        with pytest.raises(WeightsError, match="HF_HUB_OFFLINE"):
            fetch(NAME)
        assert hub.seen == []

    @pytest.mark.parametrize(
        "name",
        ["ViT-B-16-SigLIP/webli", "RN50/openai", "xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k"],
    )
    def test_what_lexel_cannot_read_is_refused_before_the_download(self, hub, name):
        for call in (fetch, find_encoder_weights):
            with pytest.raises(EncoderError, match="ViT-B-32/openai"):
                call(name)
        assert hub.seen == []

    def test_a_login_in_the_address_is_used_and_not_kept(self, hub, ledger):
        address = hub.url.replace("http://", "http://me:pass%20word@") + SAFE
        [path] = fetch(NAME, address, ledger)
        assert hub.authorizations == ["Basic " + base64.b64encode(b"me:pass word").decode()]
        files = [p for p in cache_folder().rglob("*") if p.is_file()]
        assert not any(b"pass" in p.read_bytes() for p in files if p != path)
        assert not any("pass" in text for text in ledger.said)
        [line] = [line for line in list_weights() if line.present]
        assert line.source == hub.url + SAFE

    def test_a_login_does_not_follow_a_redirect(self, hub):
        hub.files["/here"] = Served(b"", redirect=hub.url + SAFE)
        fetch(NAME, hub.url.replace("http://", "http://me:secret@") + "/here")
        assert [bool(login) for login in hub.authorizations] == [True, False]

    def test_a_refusal_does_not_show_the_login(self, hub):
        with pytest.raises(WeightsError) as caught:
            fetch(NAME, hub.url.replace("http://", "http://me:secret@") + "/nowhere")
        assert "secret" not in str(caught.value)

    def test_wrong_bytes_leave_nothing(self, hub):
        hub.files[SAFE].body = BODY[:-1] + bytes([BODY[-1] ^ 1])
        with pytest.raises(WeightsError, match="sha256"):
            fetch(NAME)
        assert [line for line in list_weights() if line.present] == []
        with pytest.raises(WeightsError, match="no trained weights"):
            find_encoder_weights(NAME)

    def test_a_program_in_place_of_weights_is_refused(self, hub, tmp_path):
        body = script(tmp_path / "x.pt").read_bytes()
        hub.files[SAFE] = Served(body)
        with pytest.raises(WeightsError, match="TorchScript"):
            fetch(NAME)
        assert not list(cache_folder().rglob("open_clip*"))

    @pytest.mark.parametrize("links", [True, False])
    def test_a_hub_cache_is_used_without_the_network(self, server, tmp_path, monkeypatch, links):
        server.close()
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        put_into_hub_cache(tmp_path / "hf", b"an older revision", revision="old")
        file = put_into_hub_cache(tmp_path / "hf", BODY, links=links)
        found = find_encoder_weights(NAME)
        assert (found.path, found.sha256) == (file, digest(BODY))
        assert fetch(NAME) == [file]

    def test_a_hub_folder_given_as_a_path_is_recognised(self, tmp_path):
        file = put_into_hub_cache(tmp_path / "elsewhere", BODY)
        for place in (file.parent, file.parents[2], file):
            found = find_encoder_weights(str(place))
            assert found.path == file
            assert (found.architecture, found.pretrained) == ("ViT-B-32", "openai")
            assert found.quick_gelu is True

    def test_a_snapshot_folder_says_its_activation(self, tmp_path):
        (tmp_path / "open_clip_model.safetensors").write_bytes(BODY)
        config = {"model_cfg": {"embed_dim": 512, "quick_gelu": True}}
        (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
        found = find_encoder_weights(str(tmp_path))
        assert found.quick_gelu is True
        assert found.architecture is None  # two tensors tell nothing
        (tmp_path / "open_clip_config.json").write_text("{")
        with pytest.raises(WeightsError, match="configuration"):
            find_encoder_weights(str(tmp_path))

    def test_a_local_copy_enters_the_cache_under_its_name(self, tmp_path):
        copy = tmp_path / "mine.bin"
        copy.write_bytes(torch_bytes({"state_dict": TENSORS}))
        with pytest.raises(WeightsError, match="another sha256"):
            fetch(NAME, copy, sha256="0" * 64)
        fetch(NAME, copy)
        copy.unlink()
        assert find_encoder_weights(NAME).quick_gelu is True
        assert [v.sound for v in verify()] == [True]

    def test_an_address_can_replace_the_published_one(self, server):
        server.files["/mirror/w.safetensors"] = Served(BODY)
        [path] = fetch(NAME, server.url + "/mirror/w.safetensors", sha256=digest(BODY).upper())
        assert path.name == "w.safetensors"

    def test_new_weights_replace_old_ones_of_another_format(self, hub, tmp_path):
        (tmp_path / "mine.bin").write_bytes(torch_bytes(TENSORS))
        fetch(NAME)
        fetch(NAME, tmp_path / "mine.bin")
        assert find_encoder_weights(NAME).path.name == "mine.bin"

    @pytest.mark.parametrize("name", ["ViT-B-32", "ViT-B-32/nobody", "x/../../y", "", "no/such"])
    def test_unknown_names_get_a_sentence_with_near_ones(self, name):
        with pytest.raises(WeightsError, match="Did you mean"):
            find_encoder_weights(name)

    def test_spellings_of_one_name_are_one(self, hub):
        fetch("ViT-B/32/OpenAI")
        assert find_encoder_weights(NAME).name == NAME

    def test_a_cache_that_cannot_be_written_is_a_sentence(self, hub, tmp_path, monkeypatch):
        (tmp_path / "file").touch()
        monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "file"))
        with pytest.raises(WeightsError, match="LEXEL_CACHE elsewhere"):
            fetch(NAME)

    def test_a_shortened_file_is_noticed_before_it_is_used(self, hub):
        [path] = fetch(NAME)
        path.write_bytes(BODY[:-4])
        with pytest.raises(WeightsError, match="bytes"):
            find_encoder_weights(NAME)
        assert [v.sound for v in verify()] == [False]
        fetch(NAME)
        assert find_encoder_weights(NAME).sha256 == digest(BODY)

    def test_verify_finds_one_flipped_bit_and_lost_files(self, hub):
        [path] = fetch(NAME)
        path.write_bytes(BODY[:-1] + bytes([BODY[-1] ^ 1]))
        assert [(v.sound, v.what) for v in verify()] == [(False, "the sha256 has changed")]
        path.unlink()
        assert [v.sound for v in verify()] == [False]


def info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


def checkpoint(scale: float = 1.0) -> bytes:
    return torch_bytes({"net": {"module.a": torch.ones(2) * scale}, "optimizer": {}, "epochs": 1})


def published(*more: tuple[tarfile.TarInfo, bytes]) -> bytes:
    ours = [
        (info("models/", tarfile.DIRTYPE), b""),
        (info("models/ours/ovssc/args.pkl"), b"args"),
        (info("models/ours/ovssc/ovssc.pth"), checkpoint()),
        (info("models/ours/ovssc/ovssc_eval_stats.pkl"), b"a pickle nobody needs"),
        (info("./models/clipspatial/vool/args.pkl"), b"args"),
        (info("./models/clipspatial/vool/vool.pth"), checkpoint(2)),
    ]
    return tar_lz4([*ours, *more])


class TestCheckpoints:
    def test_an_archive_by_address_gives_whole_checkpoints(self, server, ledger):
        server.files["/m.tar.lz4"] = Served(published(), drop_after=100, drops=1)
        paths = fetch("semabs", server.url + "/m.tar.lz4", ledger, patience=QUICK)
        assert len(paths) == 4
        file = find_checkpoint("ours", "ovssc")
        assert sorted(p.name for p in file.parent.iterdir() if "record" not in p.name) == [
            "args.pkl",
            "ovssc.pth",
        ]
        assert float(load_tensors(file)["module.a"][0]) == 1
        assert [v.sound for v in verify()] == [True] * 4
        assert not list(cache_folder().rglob("*.tar.lz4"))
        with pytest.raises(WeightsError, match="lexel weights get semabs/ours/vool"):
            find_checkpoint("ours", "vool")

    def test_one_download_serves_every_checkpoint_in_the_archive(self, server):
        served = server.files["/m.tar.lz4"] = Served(published())
        fetch("semabs/ours/ovssc", server.url + "/m.tar.lz4")
        assert find_checkpoint("clipspatial", "vool").name == "vool.pth"
        fetch("semabs/clipspatial/vool")
        assert len(served.asked) == 1

    def test_what_was_not_asked_for_replaces_nothing(self, tmp_path):
        """A user's own checkpoint stays when another one is fetched."""
        own = tmp_path / "own"
        own.mkdir()
        (own / "args.pkl").write_bytes(b"args")
        (own / "vool.pth").write_bytes(checkpoint(7))
        fetch("semabs/clipspatial/vool", own)
        (tmp_path / "m.tar.lz4").write_bytes(published())
        fetch("semabs/ours", tmp_path / "m.tar.lz4")
        assert float(load_tensors(find_checkpoint("clipspatial", "vool"))["module.a"][0]) == 7

    def test_an_archive_without_what_was_asked_for(self, tmp_path):
        (tmp_path / "m.tar.lz4").write_bytes(published())
        with pytest.raises(WeightsError, match=r"none of these whole.*semaware/ovssc"):
            fetch("semabs/semaware", tmp_path / "m.tar.lz4")
        assert find_checkpoint("ours", "ovssc").exists()

    @pytest.mark.parametrize(
        "evil",
        [
            info("../escaped"),
            info("models/../../escaped"),
            info("/tmp/lexel-escaped"),
            info("models/ours/vool/../../../../escaped.pth"),
            info("models/ours/vool/vool.pth", tarfile.SYMTYPE, "/etc/passwd"),
            info("models/ours/vool/args.pkl", tarfile.LNKTYPE, "models/ours/ovssc/args.pkl"),
            info("models/ours/vool/vool.pth", tarfile.FIFOTYPE),
            info("models/ours/ovssc", tarfile.SYMTYPE, "/tmp"),
        ],
        ids=lambda member: f"{member.name}-{member.type!r}",
    )
    def test_hostile_members_write_nothing_anywhere(self, tmp_path, evil, ledger):
        (tmp_path / "m.tar.lz4").write_bytes(published((evil, b"")))
        before = outside(tmp_path)
        fetch("semabs", tmp_path / "m.tar.lz4", ledger)
        assert outside(tmp_path) == before
        assert not Path("/tmp/lexel-escaped").exists()
        kept = {p.name for p in cache_folder().rglob("*") if p.is_file()}
        assert {n for n in kept if not n.endswith((".record.json", ".lock"))} == {
            "args.pkl",
            "ovssc.pth",
            "vool.pth",
        }
        assert not any(p.is_symlink() for p in cache_folder().rglob("*"))
        assert any("left out 1" in text for text in ledger.said)

    def test_a_link_first_cannot_lead_a_later_file_astray(self, tmp_path):
        outside_folder = tmp_path / "outside"
        outside_folder.mkdir()
        members = [
            (info("models/ours/vool", tarfile.SYMTYPE, str(outside_folder)), b""),
            (info("models/ours/vool/args.pkl"), b"args"),
            (info("models/ours/vool/vool.pth"), checkpoint()),
        ]
        (tmp_path / "m.tar.lz4").write_bytes(tar_lz4(members))
        fetch("semabs", tmp_path / "m.tar.lz4")
        assert list(outside_folder.iterdir()) == []

    def test_a_cancelled_unpacking_does_not_cost_the_download(self, server, ledger):
        served = server.files["/m.tar.lz4"] = Served(published())
        url, begin = server.url + "/m.tar.lz4", ledger.begin

        def cancel_unpacking(stage: str, total: int | None) -> None:
            begin(stage, total)
            if stage.startswith("unpacking"):
                raise CancelledError

        ledger.begin = cancel_unpacking
        with pytest.raises(CancelledError):
            fetch("semabs", url, ledger)
        with pytest.raises(WeightsError, match="no trained weights"):
            find_checkpoint("ours", "ovssc")
        assert len(fetch("semabs", url)) == 4
        assert len(served.asked) == 1
        left = [p.name for p in (cache_folder() / "downloads").iterdir() if p.suffix != ".lock"]
        assert left == []

    @pytest.mark.parametrize("cut", [10, 300, -20])
    def test_a_truncated_archive_leaves_the_old_checkpoint(self, tmp_path, cut):
        (tmp_path / "m.tar.lz4").write_bytes(published())
        fetch("semabs", tmp_path / "m.tar.lz4")
        (tmp_path / "m.tar.lz4").write_bytes(published()[:cut])
        with pytest.raises(WeightsError, match=r"damaged|none of the wanted"):
            fetch("semabs", tmp_path / "m.tar.lz4")
        assert float(load_tensors(find_checkpoint("ours", "ovssc"))["module.a"][0])
        assert all(v.sound for v in verify())

    def test_an_enormous_header_is_not_read_into_memory(self, tmp_path):
        """A long-name header of 64 MB, which tarfile would read whole."""
        member = info("././@LongLink", tarfile.GNUTYPE_LONGNAME)
        body = tar_lz4([(member, b"a" * (64 << 20))])
        (tmp_path / "m.tar.lz4").write_bytes(body)
        with pytest.raises(WeightsError, match="header is longer"):
            fetch("semabs", tmp_path / "m.tar.lz4")

    def test_an_oversized_args_file_is_refused(self, tmp_path):
        large = info("models/ours/vool/args.pkl"), bytes(2 << 20)
        (tmp_path / "m.tar.lz4").write_bytes(published(large))
        with pytest.raises(WeightsError, match="claims"):
            fetch("semabs", tmp_path / "m.tar.lz4")
        assert not (cache_folder() / "semabs").exists()

    def test_a_user_s_own_folders_are_found_and_copied(self, tmp_path):
        folder = tmp_path / "models" / "ours" / "vool"
        folder.mkdir(parents=True)
        (folder / "args.pkl").write_bytes(b"args")
        (folder / "vool.pth").write_bytes(checkpoint(3))
        for source in (folder, folder / "vool.pth", tmp_path, tmp_path / "models"):
            assert find_checkpoint("ours", "vool", source) == folder / "vool.pth"
        fetch("semabs", tmp_path / "models")
        assert find_checkpoint("ours", "vool").is_relative_to(cache_folder())
        (folder / "args.pkl").unlink()
        with pytest.raises(WeightsError, match=r"args\.pkl"):
            find_checkpoint("ours", "vool", folder)

    @pytest.mark.parametrize("name", ["latest.pth", "ckpt_5.pth"])
    def test_a_checkpoint_given_by_its_path_is_that_file(self, tmp_path, name):
        (tmp_path / "args.pkl").write_bytes(b"args")
        (tmp_path / "latest.pth").write_bytes(checkpoint())
        (tmp_path / "ckpt_5.pth").write_bytes(checkpoint())
        assert find_checkpoint("ours", "vool", tmp_path / name) == tmp_path / name
        assert find_checkpoint("ours", "vool", tmp_path) == tmp_path / "latest.pth"

    def test_several_checkpoints_in_one_folder_are_not_guessed_between(self, tmp_path):
        (tmp_path / "args.pkl").write_bytes(b"args")
        for name in ("ckpt_4.pth", "ckpt_5.pth"):
            (tmp_path / name).write_bytes(checkpoint())
        with pytest.raises(WeightsError, match=r"does not hold one .pth.*ckpt_4.pth, ckpt_5.pth"):
            find_checkpoint("ours", "vool", tmp_path)

    def test_a_hostile_checkpoint_is_kept_but_never_run(self, tmp_path):
        trace = tmp_path / "trace"
        evil = torch_bytes({"net": {"a": torch.ones(1)}, "x": Hostile(trace)})
        members = [
            (info("models/ours/vool/args.pkl"), evil),
            (info("models/ours/vool/vool.pth"), evil),
        ]
        (tmp_path / "m.tar.lz4").write_bytes(tar_lz4(members))
        fetch("semabs", tmp_path / "m.tar.lz4")
        with pytest.raises(WeightsError, match="not loaded"):
            load_tensors(find_checkpoint("ours", "vool"))
        assert not trace.exists()

    def test_an_unknown_approach_lists_the_known(self):
        with pytest.raises(WeightsError, match="semabs/clipspatial/vool"):
            find_checkpoint("clipspatial", "ovssc")


def outside(tmp_path: Path) -> set[Path]:
    return {p for p in tmp_path.rglob("*") if cache_folder() not in (p, *p.parents)}
