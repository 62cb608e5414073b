"""The numbers of the calibrated confidence, fitted by `python -m eval.calibrate`. Do not edit by hand."""

from __future__ import annotations

from index.answer import Calibration

CALIBRATION = Calibration(
    intercept=1.594,
    similarity=1.164,
    coverage=1.009,
    known=0.608,
    lacking=-3.292,
    missing=-1.805,
    found=0.567,
    not_found=0.216,
)
