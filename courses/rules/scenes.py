"""A branching accident case: what would you do? Choices lead to scenes, each with its consequence, to an end.

Source: 安全生产法 第二十八条 (training on how to handle accidents); the form is the platform's own. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What one can do: its words, what follows at once, and the code of the next scene."""

    text: str
    consequence: str
    to: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene by its code; one without choices is an end and says the lesson and the article."""

    code: str
    choices: tuple[Choice, ...] = ()
    lesson: str = ""
    article: str = ""


def faults(scenes: Sequence[Scene]) -> list[str]:
    """Everything wrong with a case, in Chinese; none where every way through it comes to an end."""
    codes = [scene.code for scene in scenes]
    if not scenes:
        return ["至少要有一个场景"]
    found = [f"场景代号“{code}”用了两次" for code in dict.fromkeys(codes) if codes.count(code) > 1]
    for scene in scenes:
        found += _faults_of(scene, set(codes))
    if not found:
        by_code = {scene.code: scene for scene in scenes}
        reached = _reached(by_code, scenes[0].code)
        found += [
            f"场景“{code}”走不到，请从别的场景指过来" for code in codes if code not in reached
        ]
        ending = _ending(scenes)
        found += [
            f"从场景“{code}”走不到结局" for code in codes if code in reached and code not in ending
        ]
    return found


def _faults_of(scene: Scene, codes: set[str]) -> Iterable[str]:
    if not scene.choices and not (scene.lesson.strip() and scene.article.strip()):
        yield f"场景“{scene.code}”没有选项，是结局，要写教训和依据的条文"
    if len(scene.choices) == 1:
        yield f"场景“{scene.code}”只有一个选项，至少要两个"
    for choice in scene.choices:
        if choice.to not in codes:
            yield f"场景“{scene.code}”的选项“{choice.text}”指的场景“{choice.to}”不存在"


def _reached(scenes: dict[str, Scene], first: str) -> set[str]:
    reached, new = {first}, [first]
    while new:
        new = [
            choice.to
            for code in new
            for choice in scenes[code].choices
            if choice.to not in reached and not reached.add(choice.to)  # type: ignore[func-returns-value]
        ]
    return reached


def _ending(scenes: Sequence[Scene]) -> set[str]:
    """The codes from which an end can be reached."""
    ending = {scene.code for scene in scenes if not scene.choices}
    while True:
        more = {
            scene.code
            for scene in scenes
            if scene.code not in ending and any(choice.to in ending for choice in scene.choices)
        }
        if not more:
            return ending
        ending |= more
