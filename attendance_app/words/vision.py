"""Words for the known errors of vision/."""

from typing import Final

from attendance_app.vision import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.StreamWithoutPictures: Words(
        "{name} sends no pictures.", remedy="Check that the camera is switched on and reachable from this computer."
    ),
    errors.NoCameraAddress: Words(
        "{url} is not the address of a camera.",
        remedy="Write it as rtsp://user:password@host:554/path or http://host:port/path.",
    ),
    errors.PasswordNotEscaped: Words(
        "The password in the address of {address} has a character that must be written otherwise.",
        remedy="In user and password write @ as %40, # as %23, / as %2F, ? as %3F, : as %3A, [ as %5B, ] as %5D "
        "and % as %25.",
    ),
    errors.NoSuchHost: Words(
        "There is no host {host}.", remedy="Check the address, and that this computer is in the same network."
    ),
    errors.PortClosed: Words(
        "{host} answers, but not on port {port}.",
        remedy="Check the port (RTSP usually has 554) and that streaming is switched on in the camera.",
    ),
    errors.CameraSilent: Words(
        "The camera {host}:{port} does not answer.",
        remedy="Check that it is switched on and in the same network, and try its address in a browser.",
    ),
    errors.NotAPhoto: Words(
        "{name} is not a picture that can be read.", remedy="Use a JPEG, PNG, HEIC, WebP or TIFF picture."
    ),
    errors.PhotoTooLarge: Words(
        "{name} has more than {limit} million pixels.",
        remedy="Make the picture smaller (4000 pixels a side are plenty) and try again.",
    ),
    errors.PhotoEmpty: Words("{name} is empty.", remedy="Copy the picture again from where it came."),
    errors.PhotoMissing: Words("There is no file {path}.", remedy="Check the name and the folder."),
    errors.PhotoIsFolder: Words("{path} is a folder, not a picture.", remedy="Choose a picture in it."),
    errors.PhotoNotOpened: Words(
        "{path} can't be opened: {reason}.", remedy="Check that you may read the file, or copy it to a folder of yours."
    ),
    errors.PhotoDamaged: Words(
        "{name} is damaged or cut off: {reason}.", remedy="Copy or export the picture again from where it came."
    ),
    errors.NoPicturesInFolder: Words(
        "There are no pictures in {folder}.", remedy="Choose a folder with JPEG, PNG or HEIC pictures in it."
    ),
    errors.FolderForbidden: Words("The folder {folder} may not be read.", remedy="Choose a folder of yours."),
    errors.UnknownSourceKind: Words("{kind}:// is no kind of source."),
    errors.SourceMissing: Words("There is no file or folder {path}."),
    errors.NoVideoInStream: Words(
        "{name} is reachable, but gives no video.",
        remedy="Check path, user and password of the stream; the camera's manual names its RTSP or MJPEG address.",
    ),
    errors.PasswordWanted: Words(
        "{name} wants a user and a password.", remedy="Write the address with both: rtsp://user:password@host/path."
    ),
    errors.PasswordRefused: Words(
        "{name} refuses this user and password.",
        remedy="Check both; some cameras have users of their own for the stream.",
    ),
    errors.NoSuchStream: Words(
        "The camera has no stream {name}.",
        remedy="Check the path; the camera's manual names that of its RTSP or MJPEG stream.",
    ),
    errors.NotAVideo: Words(
        "{name} is not a video that can be read.",
        remedy="Use an MP4, MOV, MKV, AVI or WebM video, a folder of pictures, or a camera.",
    ),
    errors.VideoForbidden: Words(
        "{path} may not be read.", remedy="Copy the video to a folder of yours, or change its rights."
    ),
    errors.VideoEmpty: Words("{name} is empty.", remedy="Copy the video again from where it came."),
    errors.VideoCutOff: Words(
        "{name} is cut off or damaged: its table of frames is missing.",
        remedy="Copy the video again from where it came; if the recording broke off, use another recording.",
    ),
    errors.NoCameraCalled: Words(
        "There is no camera called {name}.", remedy="Connect a camera or choose another one. Cameras found: {cameras}."
    ),
    errors.NoCameraAtIndex: Words(
        "There is no camera {index}.", remedy="Connect a camera or choose another one. Cameras found: {cameras}."
    ),
    errors.CameraBusy: Words(
        "Camera {index} can't be opened; another program may be using it.",
        remedy="Close video calls and other camera programs, or unplug the camera and plug it in again.",
    ),
    errors.CameraWithoutPictures: Words(
        "Camera {name} gives no pictures.",
        remedy="Close other programs that use it, or unplug it and plug it in again.",
    ),
    errors.SeveralCamerasCalled: Words("Several cameras are called {name}."),
    errors.NoCameraFound: Words(
        "No camera was found.", remedy="Connect a camera, or choose a network camera or a video file."
    ),
    errors.CameraForbidden: Words(
        "You may not use camera {index} ({device}).",
        remedy="Add yourself to the group video (sudo usermod -aG video $USER), log out and in again.",
    ),
    errors.CameraHiddenOnMac: Words(
        "Camera {index} is missing or not allowed.",
        remedy="Connect the camera and allow it: System Settings > Privacy & Security > Camera, then start again.",
    ),
    errors.CameraHiddenOnWindows: Words(
        "Camera {index} is missing or not allowed.",
        remedy="Connect the camera and allow it: Settings > Privacy & security > Camera > "
        "Let desktop apps access your camera.",
    ),
}
