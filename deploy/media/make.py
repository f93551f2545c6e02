"""Makes the demo's own films, sounds, cards and the picture of the gas limits; run after changing them.

Needs ffmpeg (Debian: apt-get install ffmpeg). ``python deploy/media/make.py`` writes site/config/seed/media and
site/config/seed/images/gas-limits.png. What the films say stands in films.toml, the cards in cards.toml.
"""

import json
import math
import struct
import subprocess
import tempfile
import tomllib
import wave
from pathlib import Path
from typing import Any

import typst
from PIL import Image

HERE = Path(__file__).resolve().parent
SEED = HERE.parent.parent / "site" / "config" / "seed"
FONTS = [str(SEED.parent / "fonts")]
OUT = SEED / "media"
RATE = 22_050  # samples per second


def compile_page(source: Path, **options: Any) -> bytes:
    """One page from a typst source with our own fonts."""
    page = typst.compile(str(source), font_paths=FONTS, ignore_system_fonts=True, **options)
    if not isinstance(page, bytes):
        raise SystemExit(f"{source} makes more than one page")
    return page


# -- Films ------------------------------------------------------------------------------------------------


def film(name: str, data: dict[str, Any]) -> None:
    """Slides with points that come one after the other, as H.264 at 360 lines, with the first as poster."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "slide.typ").write_text((HERE / "slide.typ").read_text())
        frames: list[tuple[Path, float]] = []
        for number, slide in enumerate(data["slides"]):
            frames += _frames(work, number, {"foot": data["foot"], **slide})
        _encode(work, frames, OUT / f"{name}.mp4")
        Image.open(frames[0][0]).convert("RGB").save(OUT / f"{name}.jpg", quality=80, optimize=True)


def _frames(work: Path, number: int, slide: dict[str, Any]) -> list[tuple[Path, float]]:
    """A slide's pictures with their seconds: one for each point that appears."""
    image = ""
    if "picture" in slide:
        image = f"picture-{number}.png"
        Image.open(SEED / "images" / slide["picture"]).crop(slide["crop"]).save(work / image)
    steps = range(1, len(slide["points"]) + 1) if image else [0]
    frames = []
    for shown in steps:
        facts = {"number": "", "title": "", **slide, "image": image, "shown": shown}
        data = json.dumps(facts, ensure_ascii=False)
        path = work / f"frame-{number}-{shown}.png"
        path.write_bytes(
            compile_page(work / "slide.typ", format="png", ppi=72, sys_inputs={"data": data})
        )
        frames.append((path, slide["seconds"]))
    return frames


def _encode(work: Path, frames: list[tuple[Path, float]], target: Path) -> None:
    lines = [f"file '{path}'\nduration {seconds}\n" for path, seconds in frames]
    (work / "list.txt").write_text("".join(lines) + f"file '{frames[-1][0]}'\n")
    _ffmpeg(
        "-f", "concat", "-safe", "0", "-i", str(work / "list.txt"), "-vf", "fps=10,format=yuv420p",
        "-c:v", "libx264", "-preset", "veryslow", "-tune", "stillimage", "-crf", "26",
        "-movflags", "+faststart", str(target),
    )  # fmt: skip


# -- Sounds -----------------------------------------------------------------------------------------------


def tone(seconds: float, begin: float, end: float | None = None) -> list[float]:
    """A tone of ``seconds`` from ``begin`` to ``end`` Hz with soft edges."""
    count, phase, samples = int(seconds * RATE), 0.0, []
    for place in range(count):
        phase += 2 * math.pi * (begin + ((end or begin) - begin) * place / count) / RATE
        edge = min(place, count - place, 200) / 200
        samples.append(0.5 * edge * (math.sin(phase) + 0.3 * math.sin(3 * phase)))
    return samples


def pause(seconds: float) -> list[float]:
    """Silence."""
    return [0.0] * int(seconds * RATE)


def pips(count: int, hertz: float, on: float, off: float) -> list[float]:
    """``count`` short tones."""
    return (tone(on, hertz) + pause(off)) * count


def siren(times: int) -> list[float]:
    """Up and down, ``times`` over."""
    return (tone(1.2, 550, 1100) + tone(1.2, 1100, 550)) * times


def bell(times: int) -> list[float]:
    """The fast rattle of a fire bell."""
    return pips(times, 1500, 0.05, 0.03)


def sound(name: str, samples: list[float]) -> None:
    """Write the samples as MP3, one channel."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as raw:
        with wave.open(raw.name, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(f"<{len(samples)}h", *(int(s * 22_000) for s in samples)))
        _ffmpeg("-i", raw.name, "-c:a", "libmp3lame", "-b:a", "48k", str(OUT / f"{name}.mp3"))


def _ffmpeg(*arguments: str) -> None:
    *before, target = arguments
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact"]  # the same bytes each time
    command = ["ffmpeg", "-loglevel", "error", "-y", *before, *plain, target]
    subprocess.run(command, check=True)  # noqa: S603  # our own words only


# -- Everything -------------------------------------------------------------------------------------------


def main() -> None:
    """All of it."""
    OUT.mkdir(exist_ok=True)
    picture = compile_page(HERE / "gas-limits.typ", format="png", ppi=144)
    target = SEED / "images" / "gas-limits.png"
    target.write_bytes(picture)
    Image.open(target).convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(
        target, optimize=True
    )
    for name, data in tomllib.loads((HERE / "films.toml").read_text()).items():
        film(name, data)
    for name, data in tomllib.loads((HERE / "cards.toml").read_text()).items():
        text = json.dumps(data, ensure_ascii=False)
        card = compile_page(HERE / "card.typ", format="pdf", sys_inputs={"data": text})
        (OUT / f"{name}.pdf").write_bytes(card)
    slow, fast = pips(5, 2200, 0.15, 0.85), pips(20, 2800, 0.1, 0.15)
    sound("gas-alarm", slow + pause(2) + fast + pause(2) + siren(3))
    sound("site-alarm", bell(70) + pause(2) + siren(3) + pause(2) + pips(6, 1250, 0.4, 0.4))


if __name__ == "__main__":
    main()
