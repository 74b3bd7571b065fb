#!/usr/bin/env python3
"""The recorder's state folder is lost. The next recorder takes up where the catalogue ends: no second unexplained, none explained twice, and
`yagura check` finds nothing."""
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

# Of each camera: how long its clips and gaps are together, how long they cover, and in how many pieces.
EXPLAINED = """
WITH told AS (
  SELECT camera_id, tstzrange(start_at, end_at) AS span FROM clip
  UNION ALL SELECT camera_id, tstzrange(start_at, end_at) FROM gap WHERE end_at > start_at)
SELECT code, extract(epoch FROM sum(upper(span) - lower(span))),
       extract(epoch FROM (SELECT sum(upper(piece) - lower(piece)) FROM unnest(range_agg(span)) AS piece)),
       (SELECT count(*) FROM unnest(range_agg(span)))
FROM told JOIN camera ON camera.id = camera_id GROUP BY code ORDER BY code"""


def record_for(office, seconds):
    office.start("record")
    office.wait_all_recording(60)
    time.sleep(seconds)
    office.children["record"].stop()


def scenario(options, folder):
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "main")) as office:
        record_for(office, 5)
        wait_until("the open gaps in the catalogue",
                   lambda: office.postgres.sql("SELECT count(*) FROM gap WHERE end_at IS NULL") == [[str(options.cameras)]], 60)
        shutil.rmtree(office.state)
        record_for(office, 5)
        rows = office.postgres.sql(EXPLAINED)
        assert len(rows) == options.cameras, rows
        for code, told, covered, pieces in rows:
            assert pieces == "1", f"{code}: time between {pieces} pieces is not explained"
            assert float(told) - float(covered) < 0.001, f"{code}: {float(told) - float(covered):.3f} s are explained twice"
        report = office.check_sent()
        assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
        print(f"cameras {options.cameras}, frames sent {report['frames_sent']}, lost 0, disagreements 0")


if __name__ == "__main__":
    options = arguments(__doc__, cameras=4)
    run(lambda folder: scenario(options, folder))
