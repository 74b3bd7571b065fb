"""What processes have in memory, by what the kernel says: their share of pages that several have."""
import os


def below(pid):
    """A process and all that it started, and these."""
    found = [pid]
    for one in found:
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children") as file:
                    found += [int(child) for child in file.read().split()]
        except OSError:
            pass  # it has ended
    return found


def pss_bytes(pids):
    """Of processes that are all there."""
    total_kb = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            total_kb += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return total_kb * 1024


def pss_bytes_below(pid):
    """Of a process that is there, and of those below it that haven't ended."""
    own, *others = below(pid)
    total = pss_bytes([own])
    for one in others:
        try:
            total += pss_bytes([one])
        except (OSError, StopIteration):
            pass  # it has ended
    return total
