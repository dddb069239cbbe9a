"""Runs table specs against other people's APIs and files, by one engine. Nothing is judged here."""

from assay.collectors.seen import CallMade, Made, NotSeen, PopulationSeen, Progress, SeenRecord

__all__ = ["CallMade", "Made", "NotSeen", "PopulationSeen", "Progress", "SeenRecord"]
