#!/usr/bin/env python3
"""What wall_hour.py judges by, on made-up series and pauses."""
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.growth import Pause, growth  # noqa: E402

HOUR = range(0, 3600, 10)


class GrowthTest(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(1)

    def noisy(self, value_at):
        return [(at, value_at(at) + self.random.gauss(0, 500)) for at in HOUR]

    def test_a_steady_leak_is_seen_under_noise(self):
        self.assertAlmostEqual(growth(self.noisy(lambda at: 50_000 + at)), 2_700, delta=300)

    def test_what_is_filled_once_is_none(self):
        self.assertAlmostEqual(growth(self.noisy(lambda at: 50_000 + min(at, 800) * 100)), 0, delta=300)

    def test_single_peaks_are_none(self):
        self.assertAlmostEqual(growth([(at, value * (3 if at % 900 == 0 else 1)) for at, value in self.noisy(lambda at: 50_000)]), 0, delta=300)


class PauseTest(unittest.TestCase):
    pause = Pause("1F-001", 100.0, 103.0)

    def test_nobody_knows_why(self):
        self.assertIsNone(self.pause.explanation([], {}))
        self.assertIsNone(self.pause.explanation([(90, 101)], {"1F-001": [(102.5, 110)], "2F-002": [(0, 200)]}))

    def test_a_machine_that_stood_still(self):
        self.assertIn("stood still", self.pause.explanation([(100.2, 101.2), (101.9, 102.6)], {}))

    def test_a_camera_that_sent_nothing(self):
        self.assertEqual(self.pause.explanation([], {"1F-001": [(99, 102.9)]}), "the camera sent nothing")


if __name__ == "__main__":
    unittest.main()
