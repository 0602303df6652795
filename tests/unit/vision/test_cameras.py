"""Names and numbers of the machine's cameras."""

from attendance_app.vision.cameras import CameraInfo, _cameras_of_linux, _cameras_that_open, list_cameras


def node(system, number, *, index, name):
    folder = system / f"video{number}"
    folder.mkdir(parents=True)
    (folder / "index").write_text(f"{index}\n")
    (folder / "name").write_text(f"{name}\n")


def test_linux_names_each_camera_once(tmp_path):
    node(tmp_path, 10, index=0, name="USB Camera")
    node(tmp_path, 0, index=0, name="Integrated Camera: Front")
    node(tmp_path, 1, index=1, name="Integrated Camera: Front")
    (tmp_path / "videotape").mkdir()
    assert _cameras_of_linux(tmp_path) == (CameraInfo(0, "Integrated Camera: Front"), CameraInfo(10, "USB Camera"))


def test_a_machine_without_cameras_has_none(tmp_path):
    assert _cameras_of_linux(tmp_path / "absent") == ()
    assert isinstance(list_cameras(), tuple)


def test_elsewhere_the_cameras_that_open_are_listed():
    assert [camera.spec for camera in _cameras_that_open(lambda index: index in {0, 2})] == ["0", "2"]
