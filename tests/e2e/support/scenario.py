"""The frame of an end-to-end scenario: arguments, a folder in /tmp, the logs of the processes when it fails."""
import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback

from support.office import ROOT


def arguments(description, **extra):
    """--build and --loops, and one option for each keyword: its default gives the type."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"), help="build folder")
    parser.add_argument("--loops", default=None, help="folder of the cameras' loops (default: those of the build)")
    for name, default in extra.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(default), default=default, help=f"({default})")
    options = parser.parse_args()
    if options.loops is None:
        options.loops = os.path.join(options.build, "loops")
    return options


OFFICE_AHEAD_S = 9 * 3600
LASTS_S = 300  # a scenario, as CI runs it


def stay_clear_of_midnight():
    """The office's midnight begins new runs, and another day on the console's timeline: where it lies in the minutes to come, it is let pass."""
    left_s = 86_400 - (time.time() + OFFICE_AHEAD_S) % 86_400
    if left_s < LASTS_S:
        time.sleep(left_s + 1)


def run(scenario):
    """Calls scenario(folder); prints what went wrong and the ends of all logs, and keeps the folder; exits."""
    stay_clear_of_midnight()
    folder = tempfile.mkdtemp(prefix="yg-")
    os.chmod(folder, 0o755)
    office_folder = os.path.join(folder, "office")
    os.environ["YAGURA_KEEP_TEST_FOLDERS"] = "1"  # until the logs are read; the folder goes as a whole
    try:
        scenario(office_folder)
    except BaseException:
        traceback.print_exc()
        print_logs(office_folder)
        print(f"kept, to be looked at and deleted: {folder}", file=sys.stderr)
        sys.exit(1)
    shutil.rmtree(folder, ignore_errors=True)
    print("passed")
    sys.exit(0)


def print_logs(folder, lines=25):
    for root, _, files in os.walk(folder):
        for name in files:
            if name.endswith(".log") and name != "sent.log" and not name.startswith("000"):
                path = os.path.join(root, name)
                with open(path, "rb") as log:
                    tail = log.read()[-6000:].decode(errors="replace").splitlines()[-lines:]
                print(f"--- {os.path.relpath(path, folder)}", *tail, sep="\n", file=sys.stderr)


def loop(options, name):
    path = os.path.join(os.path.abspath(options.loops), name if "." in name else name + ".h264")
    assert os.path.exists(path), f"no loop {path}: build the test loops first"
    return path
