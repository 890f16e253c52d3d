"""Figures of the wall: summed step by step, never counted when they are asked for."""
