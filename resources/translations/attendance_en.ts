<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Window</name>
    <message numerus="yes">
        <source>%n absence(s) on record</source>
        <translation><numerusform>%n absence on record</numerusform><numerusform>%n absences on record</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n absent</source>
        <translation><numerusform>%n absent</numerusform><numerusform>%n absent</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n as they are</source>
        <translation><numerusform>%n as it is</numerusform><numerusform>%n as they are</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n below the limit</source>
        <comment>students</comment>
        <translation><numerusform>%n below the limit</numerusform><numerusform>%n below the limit</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n blurred</source>
        <comment>faces</comment>
        <translation><numerusform>%n blurred</numerusform><numerusform>%n blurred</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n changed</source>
        <comment>students in a list</comment>
        <translation><numerusform>%n changed</numerusform><numerusform>%n changed</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n conflict(s)</source>
        <translation><numerusform>%n conflict</numerusform><numerusform>%n conflicts</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n enrolled</source>
        <translation><numerusform>%n enrolled</numerusform><numerusform>%n enrolled</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n excused</source>
        <translation><numerusform>%n excused</numerusform><numerusform>%n excused</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s)</source>
        <translation><numerusform>%n face</numerusform><numerusform>%n faces</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are blurred: more light helps, and a camera that stands still.</source>
        <translation><numerusform>%n face is blurred: more light helps, and a camera that stands still.</numerusform><numerusform>%n faces are blurred: more light helps, and a camera that stands still.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too bright: less light on them helps.</source>
        <translation><numerusform>%n face is too bright: less light on it helps.</numerusform><numerusform>%n faces are too bright: less light on them helps.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too dark: more light from the front helps.</source>
        <translation><numerusform>%n face is too dark: more light from the front helps.</numerusform><numerusform>%n faces are too dark: more light from the front helps.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) found</source>
        <translation><numerusform>%n face found</numerusform><numerusform>%n faces found</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) would not be found: under Settings, let the whole room be searched.</source>
        <translation><numerusform>%n face would not be found: under Settings, let the whole room be searched.</numerusform><numerusform>%n faces would not be found: under Settings, let the whole room be searched.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) can't be read as pictures</source>
        <translation><numerusform>%n file can't be read as a picture</numerusform><numerusform>%n files can't be read as pictures</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) have no ending of a picture and were left out.</source>
        <translation><numerusform>%n file has no ending of a picture and was left out.</numerusform><numerusform>%n files have no ending of a picture and were left out.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n known, come onto this list</source>
        <translation><numerusform>%n known, comes onto this list</numerusform><numerusform>%n known, come onto this list</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n late</source>
        <translation><numerusform>%n late</numerusform><numerusform>%n late</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <comment>lines of a list</comment>
        <translation><numerusform>%n left out</numerusform><numerusform>%n left out</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s)</source>
        <translation><numerusform>%n mark</numerusform><numerusform>%n marks</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) are in a file and can be added now.</source>
        <translation><numerusform>%n mark is in a file and can be added now.</numerusform><numerusform>%n marks are in a file and can be added now.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) are saved.</source>
        <translation><numerusform>%n mark is saved.</numerusform><numerusform>%n marks are saved.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) corrected</source>
        <translation><numerusform>%n mark corrected</numerusform><numerusform>%n marks corrected</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) imported</source>
        <translation><numerusform>%n mark imported</numerusform><numerusform>%n marks imported</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s) of students who were there</source>
        <translation><numerusform>%n mark of a student who was there</numerusform><numerusform>%n marks of students who were there</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n masked</source>
        <comment>faces</comment>
        <translation><numerusform>%n masked</numerusform><numerusform>%n masked</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) copied</source>
        <translation><numerusform>%n message copied</numerusform><numerusform>%n messages copied</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>students</comment>
        <translation><numerusform>%n more</numerusform><numerusform>%n more</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n named</source>
        <comment>faces</comment>
        <translation><numerusform>%n named</numerusform><numerusform>%n named</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n new</source>
        <comment>students in a list</comment>
        <translation><numerusform>%n new</numerusform><numerusform>%n new</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n new mark(s)</source>
        <translation><numerusform>%n new mark</numerusform><numerusform>%n new marks</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n new session(s)</source>
        <translation><numerusform>%n new session</numerusform><numerusform>%n new sessions</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n not in the file, stay</source>
        <translation><numerusform>%n not in the file, stays</numerusform><numerusform>%n not in the file, stay</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n not on the list</source>
        <comment>faces</comment>
        <translation><numerusform>%n not on the list</numerusform><numerusform>%n not on the list</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n not yet</source>
        <translation><numerusform>%n not yet</numerusform><numerusform>%n not yet</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n of {count} typed</source>
        <translation><numerusform>%n of {count} typed</numerusform><numerusform>%n of {count} typed</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation><numerusform>%n photo</numerusform><numerusform>%n photos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) enrolled</source>
        <translation><numerusform>%n photo enrolled</numerusform><numerusform>%n photos enrolled</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) in which only one of them finds the face were left out.</source>
        <translation><numerusform>%n photo in which only one of them finds the face was left out.</numerusform><numerusform>%n photos in which only one of them finds the face were left out.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) would be given to the wrong student.</source>
        <translation><numerusform>%n photo would be given to the wrong student.</numerusform><numerusform>%n photos would be given to the wrong student.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are in more than one class. A network can't learn two answers for one picture: decide which is right and remove the other.</source>
        <translation><numerusform>%n picture is in more than one class. A network can't learn two answers for one picture: decide which is right and remove the other.</numerusform><numerusform>%n pictures are in more than one class. A network can't learn two answers for one picture: decide which is right and remove the other.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) are stored turned (EXIF); here and in a training they are upright.</source>
        <translation><numerusform>%n picture is stored turned (EXIF); here and in a training it is upright.</numerusform><numerusform>%n pictures are stored turned (EXIF); here and in a training they are upright.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) read</source>
        <translation><numerusform>%n picture read</numerusform><numerusform>%n pictures read</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n present</source>
        <translation><numerusform>%n present</numerusform><numerusform>%n present</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n ready</source>
        <translation><numerusform>%n ready</numerusform><numerusform>%n ready</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n recognised now and then</source>
        <comment>faces</comment>
        <translation><numerusform>%n recognised now and then</numerusform><numerusform>%n recognised now and then</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <translation><numerusform>%n refused</numerusform><numerusform>%n refused</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s)</source>
        <translation><numerusform>%n session</numerusform><numerusform>%n sessions</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s) count</source>
        <translation><numerusform>%n session counts</numerusform><numerusform>%n sessions count</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s) lasted under a minute and saw hardly anybody: not counted.</source>
        <translation><numerusform>%n session lasted under a minute and saw hardly anybody: it is not counted.</numerusform><numerusform>%n sessions lasted under a minute and saw hardly anybody: they are not counted.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n session(s) made void</source>
        <translation><numerusform>%n session made void</numerusform><numerusform>%n sessions made void</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s)</source>
        <translation><numerusform>%n student</numerusform><numerusform>%n students</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s) have no consent on record. Nothing is enrolled without one.</source>
        <translation><numerusform>%n student has no consent on record. Nothing is enrolled without one.</numerusform><numerusform>%n students have no consent on record. Nothing is enrolled without one.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s) imported</source>
        <translation><numerusform>%n student imported</numerusform><numerusform>%n students imported</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n student(s) marked</source>
        <translation><numerusform>%n student marked</numerusform><numerusform>%n students marked</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n text(s) saved</source>
        <translation><numerusform>%n text saved</numerusform><numerusform>%n texts saved</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) to look at</source>
        <translation><numerusform>%n thing to look at</numerusform><numerusform>%n things to look at</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to change</source>
        <translation><numerusform>%n to change</numerusform><numerusform>%n to change</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to check</source>
        <comment>faces</comment>
        <translation><numerusform>%n to check</numerusform><numerusform>%n to check</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to correct</source>
        <translation><numerusform>%n to correct</numerusform><numerusform>%n to correct</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to fix</source>
        <translation><numerusform>%n to fix</numerusform><numerusform>%n to fix</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n to review</source>
        <translation><numerusform>%n to review</numerusform><numerusform>%n to review</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n too bright</source>
        <comment>faces</comment>
        <translation><numerusform>%n too bright</numerusform><numerusform>%n too bright</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n too dark</source>
        <comment>faces</comment>
        <translation><numerusform>%n too dark</numerusform><numerusform>%n too dark</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n too small</source>
        <comment>faces</comment>
        <translation><numerusform>%n too small</numerusform><numerusform>%n too small</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n turned away</source>
        <comment>faces</comment>
        <translation><numerusform>%n turned away</numerusform><numerusform>%n turned away</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unclear who</source>
        <comment>faces</comment>
        <translation><numerusform>%n unclear who</numerusform><numerusform>%n unclear who</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unknown</source>
        <translation><numerusform>%n unknown</numerusform><numerusform>%n unknown</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unknown person(s)</source>
        <translation><numerusform>%n unknown person</numerusform><numerusform>%n unknown people</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n unknown person(s) were seen.</source>
        <translation><numerusform>%n unknown person was seen.</numerusform><numerusform>%n unknown people were seen.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n weak</source>
        <comment>photos</comment>
        <translation><numerusform>%n weak</numerusform><numerusform>%n weak</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n within reach</source>
        <comment>faces</comment>
        <translation><numerusform>%n within reach</numerusform><numerusform>%n within reach</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>All %n face(s) in the picture are named.</source>
        <translation><numerusform>The one face in the picture is named.</numerusform><numerusform>All %n faces in the picture are named.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>All %n student(s) are in the file.</source>
        <translation><numerusform>The one student is in the file.</numerusform><numerusform>All %n students are in the file.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Enrol %n</source>
        <translation><numerusform>Enrol %n</numerusform><numerusform>Enrol %n</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Enrol %n photo(s)</source>
        <translation><numerusform>Enrol %n photo</numerusform><numerusform>Enrol %n photos</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Enrolled with %n of three views</source>
        <translation><numerusform>Enrolled with %n of three views</numerusform><numerusform>Enrolled with %n of three views</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Only %n photo(s) were tried: a difference of one or two may be chance.</source>
        <translation><numerusform>Only %n photo was tried: a difference of one or two may be chance.</numerusform><numerusform>Only %n photos were tried: a difference of one or two may be chance.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Take %n photograph(s) side by side, each of a part of the room.</source>
        <translation><numerusform>Take %n photograph from nearer.</numerusform><numerusform>Take %n photographs side by side, each of a part of the room.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Take the roll from %n photograph(s) by a phone instead, side by side.</source>
        <translation><numerusform>Take the roll from a photograph of the room by a phone.</numerusform><numerusform>Take the roll from %n photographs by a phone, side by side.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>The calendar has %n holiday(s)</source>
        <translation><numerusform>The calendar has %n holiday</numerusform><numerusform>The calendar has %n holidays</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>The last %n row(s) are recognised only now and then: {sizes} pixels a face, and it takes {wanted}.</source>
        <translation><numerusform>The last row is recognised only now and then: {sizes} pixels a face, and it takes {wanted}.</numerusform><numerusform>The last %n rows are recognised only now and then: {sizes} pixels a face, and it takes {wanted}.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>The last %n row(s) are too small: {sizes} pixels a face, and it takes {wanted}.</source>
        <translation><numerusform>The last row is too small: {sizes} pixels a face, and it takes {wanted}.</numerusform><numerusform>The last %n rows are too small: {sizes} pixels a face, and it takes {wanted}.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>This room works: all %n face(s) are within reach.</source>
        <translation><numerusform>The one face is within reach: up to that seat it works.</numerusform><numerusform>This room works: all %n faces are within reach.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation><numerusform>and %n more</numerusform><numerusform>and %n more</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{names} and %n more</source>
        <translation><numerusform>{names} and %n more</numerusform><numerusform>{names} and %n more</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{network}: learnt on {day} from %n photo(s).</source>
        <translation><numerusform>{network}: learnt on {day} from %n photo.</numerusform><numerusform>{network}: learnt on {day} from %n photos.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{way}: %n photo(s) of {owner} would be marked as {named}.</source>
        <translation><numerusform>{way}: %n photo of {owner} would be marked as {named}.</numerusform><numerusform>{way}: %n photos of {owner} would be marked as {named}.</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{way}: and %n more pair(s)</source>
        <translation><numerusform>{way}: and %n more pair</numerusform><numerusform>{way}: and %n more pairs</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{within} of %n face(s) are within reach.</source>
        <translation><numerusform>{within} of %n face is within reach.</numerusform><numerusform>{within} of %n faces are within reach.</numerusform></translation>
    </message>
</context>
</TS>
