"""The numbers of the calibrated confidence, fitted by `python -m eval.calibrate`. Do not edit by hand."""

from __future__ import annotations

from index.answer import Calibration

CALIBRATION = Calibration(
    intercept=2.911,
    similarity=1.295,
    coverage=1.388,
    known=0.303,
    lacking=-4.743,
    missing=-2.901,
    heaviest=-2.393,
    found=0.534,
    not_found=0.23,
)
