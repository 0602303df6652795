"""Words for what can be wrong with a course's trained network and with the matcher."""

from typing import Final

from attendance_app.classifiers import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.HeadNotTrained: Words(
        "The identity network has not learnt the course {course} yet, or a face in it was withdrawn since.",
    ),
    errors.HeadOfAnotherNetwork: Words(
        "The course was learnt with the identity network {head}, which is not the one to be used, {ours}.",
    ),
    errors.ParametersOfAnotherNetwork: Words(
        "{file} was fitted to the network {named}, but the network beside it is {network}.",
        remedy="Train or calibrate the network again, so that both files belong together.",
    ),
    errors.NetworkNotSureAlone: Words(
        "Your network {name} may not name students alone: of {tried} pictures of strangers, kept apart from its "
        "training, it named {named}.",
    ),
    errors.CourseCnnNotSureAlone: Words(
        "The report's network of {course} may not name students alone: it named {right} of {photos} photos kept back, "
        "and {named} of {tried} pictures of {people} strangers. Half of the photos have to be named, and with 95 % "
        "confidence 5 % of the strangers at most.",
    ),
    errors.HeadUnreadable: Words("The course's trained identity network can't be read ({cause})."),
    errors.MatcherUnreadable: Words("{file} is not a parameter file of the face matcher ({cause})."),
    errors.MatcherOfAnotherEncoder: Words(
        "The class's face templates were made by the network {gallery}, the matcher knows {matcher}.",
        remedy="Enrol the photos again, so that their templates are made anew.",
    ),
}
