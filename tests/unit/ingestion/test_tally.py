"""What a sync names of the documents that it changed."""

from pipelines.domain.knowledge import PATHS_TOLD
from tests.small_base import SmallBase


def test_every_change_is_named_by_path(base: SmallBase) -> None:
    """New, changed, moved and gone documents each come with their path; what stays or cannot be read does not."""
    for name in ("changed", "gone", "moved", "same"):
        (base.folder / f"{name}.md").write_text(f"About {name}.\n", encoding="utf-8")
    base.sync()
    (base.folder / "gone.md").unlink()
    (base.folder / "moved.md").rename(base.folder / "there.md")
    (base.folder / "changed.md").write_text("About another thing.\n", encoding="utf-8")
    (base.folder / "new.md").write_text("About news.\n", encoding="utf-8")
    (base.folder / "empty.md").touch()
    said = base.preview()
    assert (said.added_paths, said.changed_paths) == (("new.md",), ("changed.md",))
    assert (said.renamed_paths, said.removed_paths) == ((("moved.md", "there.md"),), ("gone.md",))


def test_only_the_first_of_many_are_named(base: SmallBase) -> None:
    """A large sync names the first by path and counts all, so that its record stays small."""
    names = [f"{number:02}.md" for number in range(PATHS_TOLD + 5)]
    for name in names:
        (base.folder / name).write_text(f"About {name}.\n", encoding="utf-8")
    said = base.preview()
    assert (said.added, said.added_paths) == (PATHS_TOLD + 5, tuple(names[:PATHS_TOLD]))
    base.sync()
    for name in names[1:]:
        (base.folder / name).unlink()
    said = base.preview()
    assert (said.removed, said.removed_paths) == (PATHS_TOLD + 4, tuple(names[1 : PATHS_TOLD + 1]))
