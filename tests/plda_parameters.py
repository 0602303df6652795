"""Parameters of a score between invented embeddings, for tests that need no trained ones."""

import numpy as np

from attendance_app.classifiers.plda import PldaParameters


def plda_parameters(encoder_id: str) -> PldaParameters:
    """People far apart, photos of one person close together, in 128 numbers of length 1 and a little noise."""
    return PldaParameters(
        encoder_id=encoder_id,
        mean=np.zeros(128),
        # Encodings of length 1 have components of about 1 / sqrt(128); between (10) and within (1) add up to 11.
        projection=np.eye(128) * np.sqrt(128 * 11),
        between=np.full(128, 10.0),
        track_correlation=0.5,
        scale=1.0,
        offset=0.0,
    )
