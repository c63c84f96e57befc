"""A YAML file of one model, with errors that name file, key and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from services.scheduler.errors import PackError, complaints

LARGEST_KIB = 256

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]


@dataclass(frozen=True)
class YamlFile(Generic[Model]):
    """What a file holds, and where in it."""

    name: str
    content: object
    model: Model

    @classmethod
    def read(cls, path: Path, model: type[Model]) -> YamlFile[Model]:
        """Raises ``PackError``, which names file, key and line of all that is wrong, one a line."""
        content = _content(path)
        if not isinstance(content, CommentedMap):
            keys = ", ".join(model.model_fields)
            raise PackError(f"{path.name}, line 1: holds no keys with values; allowed: the keys {keys}")
        try:
            return cls(path.name, content, model.model_validate(content))
        except ValidationError as error:
            raise PackError("\n".join(_complaints(path.name, content, model, error))) from None

    def complaint(self, about: str, *location: int | str) -> PackError:
        """What is wrong there, seen with other files."""
        return PackError(f"{self.name}, line {_line(self.content, location)}: {about}")


def _content(path: Path) -> object:
    try:
        if path.stat().st_size > LARGEST_KIB * 1024:
            raise PackError(f"{path.name}: larger than {LARGEST_KIB} KiB, which is the most a policy pack may be")
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = (error.problem or str(error)).split("\n")[0]
        raise PackError(f"{path.name}, line {line}: this is not YAML: {problem}") from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise PackError(f"{path.name}, line 1: this is not YAML in UTF-8: {type(error).__name__}") from None
    except OSError as error:
        raise PackError(f"{path.name}: cannot be read: {error.strerror}") from None


def _complaints(name: str, content: object, model: type[BaseModel], error: ValidationError) -> Iterator[str]:
    for complaint, found in zip(complaints(model, error), error.errors(), strict=False):
        yield f"{name}, line {_line(content, found['loc'])}: {complaint}"


def _line(content: object, location: Location) -> int:
    """Where a location lies; the parts of it that only name a kind of rule are not in the file."""
    node: Any = content
    line = 1
    for part in location:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int):
            line = node.lc.item(part)[0] + 1
        else:
            continue
        node = node[part]
    return int(line)
