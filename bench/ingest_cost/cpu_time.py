"""What processes and their descendants cost: CPU time, memory, system calls."""
import glob
import os
import re
import signal
import subprocess
import time


def tree_of(pid):
    """The process and all its descendants."""
    children = {}
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(stat) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.split("/")[2]))
    found, queue = [], [pid]
    while queue:
        found.append(queue.pop())
        queue += children.get(found[-1], [])
    return found


def cpu_seconds(roots):
    """CPU time so far of these processes and their descendants, to the nanosecond for those that live, to the tick for those that ended."""
    total_ns, tick = 0, 1e9 / os.sysconf("SC_CLK_TCK")
    for root in roots:
        for pid in tree_of(root):
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                        total_ns += int(file.read().split()[0])
                with open(f"/proc/{pid}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                total_ns += (int(fields[13]) + int(fields[14])) * tick  # of children that were waited for
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total_ns / 1e9


def pss_mb(roots):
    total_kb = 0
    for root in roots:
        for pid in tree_of(root):
            try:
                with open(f"/proc/{pid}/smaps_rollup") as file:
                    total_kb += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
            except (FileNotFoundError, ProcessLookupError, StopIteration):
                continue
    return total_kb / 1024


def system_calls_per_s(pid, seconds=5):
    """Counted by strace, which slows the process down: not in a window whose CPU time is measured."""
    tracer = subprocess.Popen(["strace", "-f", "-c", "-q", "-p", str(pid)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    begun = time.monotonic()
    time.sleep(seconds)
    tracer.send_signal(signal.SIGINT)
    table = tracer.communicate(timeout=30)[1]
    total = re.search(r"^100\.00\s+\S+\s+\S*\s+(\d+)", table, re.MULTILINE)
    assert total, f"strace says no total: {table}"
    return int(total.group(1)) / (time.monotonic() - begun)


def cpu_model_and_flags():
    """The model, and those of its flags that matter to copying and hashing."""
    with open("/proc/cpuinfo") as file:
        text = file.read()
    flags = set(re.search(r"^flags\s*:\s*(.*)$", text, re.MULTILINE).group(1).split())
    wanted = ("sse4_2", "pclmulqdq", "avx2", "avx512f", "avx512bw", "sha_ni", "erms", "fsrm")
    return {"model": re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE).group(1), "cores": os.cpu_count(),
            "flags": [flag for flag in wanted if flag in flags]}
