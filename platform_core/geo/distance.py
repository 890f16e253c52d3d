"""Distances on the ground."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Value = TypeVar("Value", float, npt.NDArray[np.float64])
EARTH = 6_371_008.8  # mean radius in metres


def metres(lon1: float, lat1: float, lon2: Value, lat2: Value) -> Value:
    """Great-circle distance in metres from one point to another, or to many."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half_lat = np.sin((phi2 - phi1) / 2) ** 2
    half_lon = np.sin(np.radians(np.asarray(lon2) - lon1) / 2) ** 2
    chord = np.sqrt(half_lat + np.cos(phi1) * np.cos(phi2) * half_lon)
    result: Value = 2 * EARTH * np.arcsin(np.minimum(chord, 1.0))
    return result if isinstance(lon2, np.ndarray) else float(result)
