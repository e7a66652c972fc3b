"""A file is there whole or not at all."""

import pytest

from nlu.whole_files import written_whole


def test_two_writers_of_one_file_leave_one_of_their_files_whole(tmp_path):
    path = tmp_path / "new" / "model.npz"
    with written_whole(path) as mine, written_whole(path) as theirs:
        mine.write_text("mine")
        theirs.write_text("theirs")
        assert not path.exists()
    assert path.read_text() == "mine"
    assert list(path.parent.iterdir()) == [path]


def test_after_an_error_the_file_before_is_still_there(tmp_path):
    path = tmp_path / "model.npz"
    path.write_text("before")
    with pytest.raises(RuntimeError), written_whole(path) as partial:  # noqa: PT012  the error comes half way
        partial.write_text("half")
        raise RuntimeError("the disk is full")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
