"""Looks for a camera's password wherever it must not stand: in any file that the product or the database wrote, on any command line."""
import base64
import glob
import os


def spellings(username, password):
    """As text, as HTTP's basic credentials, and as the hexadecimal and base64 forms in which a dump shows bytes."""
    pair = f"{username}:{password}".encode()
    alone = password.encode()
    return {alone, base64.b64encode(pair), base64.b64encode(alone).rstrip(b"="), alone.hex().encode()}


def files_with(folder, needles, except_for):
    """Paths below `folder` in which one of `needles` stands."""
    found = []
    for root, _, names in os.walk(folder):
        for path in (os.path.join(root, name) for name in names):
            if path in except_for or not os.path.isfile(path) or path.endswith(".mp4"):
                continue
            with open(path, "rb") as file:
                data = file.read()
            found += [path for needle in needles if needle in data]
    return found


def command_lines_with(needles):
    """Processes whose arguments or environment hold one of `needles`."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            continue  # ended meanwhile, or somebody else's
        found += [path for needle in needles if needle in data]
    return found


def assert_secret(office, farm):
    """The password of `farm` stands in the file that the test gave to it, and nowhere else: no log, table, write-ahead log, journal or command line."""
    office.postgres.sql("CHECKPOINT")
    needles = spellings(*farm.credentials)
    assert files_with(office.folder, needles, ()) == [farm.credentials_file], "the search finds the one file that has it"
    found = files_with(office.folder, needles, (farm.credentials_file,)) + command_lines_with(needles)
    assert not found, f"a camera's password stands in {found}"
