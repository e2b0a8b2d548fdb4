"""Kills runs of a sweep at random and resumes them: no finished row is lost or done again, and the bits are those of an
undisturbed run.

Arguments: the program, a sweep file, a folder to work in, how many kills, and what else `run` shall get. Every row that the
file calls done is compared with the undisturbed run after every kill, and what it tells of itself (attempts, rank, seconds)
must stay as it was. When all is done, the next round begins without a file. SEED draws other moments."""
import collections
import ctypes
import os
import random
import shlex
import signal
import subprocess
import sys
import time

import h5py
import numpy

DONE = 3
BOOKKEEPING = {"status", "attempts", "wall_seconds", "rank", "checksum", "crashes", "suspicions", "sole_suspicions"}
# what a row tells of the attempt that finished it
OF_ATTEMPT = ("attempts", "wall_seconds", "rank", "checksum")
# a run is hung that neither ends nor dies in so many seconds; far above anything that a busy machine takes
PATIENCE_SECONDS = 300

KILLS = ("a rank", "rank 0", "mpirun", "all")
SIGNALS = {"SIGTERM": signal.SIGTERM, "SIGINT": signal.SIGINT, "SIGUSR1": signal.SIGUSR1}
PHASES = ("before", "creating", "resuming", "opening", "running", "closing", "closed")


def fail(text):
    sys.exit(f"soak: {text}")


# ---- the result file ------------------------------------------------------------------------------------------------------


class Snapshot:
    """What a result file holds at a moment at which nobody writes to it."""

    def __init__(self, path):
        with h5py.File(path, "r") as f:
            grid = f["status"].shape
            cells = f["status"].size
            self.status = f["status"][...].ravel()
            self.of_attempt = {name: f[name][...].ravel() for name in OF_ATTEMPT}
            self.data = {}
            for name, array in f.items():
                if not isinstance(array, h5py.Dataset) or name in BOOKKEEPING or "CLASS" in array.attrs:
                    continue
                if array.dtype == numpy.float64 and array.shape[: len(grid)] == grid:
                    self.data[name] = array[...].reshape(cells, -1).view(numpy.uint64)
            self.runs = int(numpy.count_nonzero(f["runs/started"][...] != b""))
            self.ended = bool(self.runs) and f["runs/ended"][self.runs - 1] != b""
        if not self.data:
            fail(f"{path}: no data variables")

    def compare(self, undisturbed):
        """Which cells are done, and which of them are whole: they have the bits of the undisturbed run."""
        self.done = self.status == DONE
        self.whole = self.done.copy()
        for name, bits in undisturbed.data.items():
            self.whole &= (self.data[name] == bits).all(axis=1)
        self.torn = int((self.done & ~self.whole).sum())


def check_kept(before, now):
    """Whatever was done and whole still is, and was not done again."""
    kept = before.whole
    lost = int((kept & ~now.whole).sum())
    if lost:
        fail(f"{lost} rows that were done are lost")
    for name in OF_ATTEMPT:
        if not numpy.array_equal(before.of_attempt[name][kept], now.of_attempt[name][kept]):
            fail(f"rows that were done were done again: their `{name}` differs")


# ---- a run and its end ------------------------------------------------------------------------------------------------------


def stamp(path):
    """Changes when a file is written, made or removed."""
    try:
        about = os.stat(path)
        return about.st_ino, about.st_mtime_ns
    except FileNotFoundError:
        return None


def family(root):
    """The process and all below it."""
    parent = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat") as f:
                parent[int(entry)] = int(f.read().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    members = [root]
    for member in members:
        members += [p for p, of in parent.items() if of == member]
    return members


def rank_of(process, program):
    """The rank of a process of infosweep; None for any other."""
    try:
        if os.readlink(f"/proc/{process}/exe") != program:
            return None
        with open(f"/proc/{process}/environ", "rb") as f:
            told = dict(entry.partition(b"=")[::2] for entry in f.read().split(b"\0"))
    except OSError:
        return None
    for name in (b"OMPI_COMM_WORLD_RANK", b"PMIX_RANK", b"PMI_RANK"):
        if name in told:
            return int(told[name])
    return 0


def adopt_orphans():
    """Has the kernel make this process the parent of processes that lose theirs, so that none is a zombie for longer than it
    takes to look: some systems bury theirs late."""
    PR_SET_CHILD_SUBREAPER = 36
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def is_gone(process):
    try:
        os.waitpid(process, os.WNOHANG)
    except ChildProcessError:
        pass  # mpirun's as yet
    return not os.path.exists(f"/proc/{process}")


def send(processes, number):
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass


class Soak:
    def __init__(self, program, sweep, folder, more):
        self.program = os.path.realpath(program)
        self.sweep = sweep
        self.more = more
        self.file = os.path.join(folder, "killed.h5")
        self.log = os.path.join(folder, "log")
        self.many = shlex.split(os.environ.get("MPIRUN_MANY") or os.environ.get("MPIRUN", "mpirun") + " --oversubscribe")
        self.draw = random.Random(int(os.environ.get("SEED", "1")))
        self.counts = collections.Counter()
        self.torn = self.rounds = self.too_late = 0
        self.before = None
        undisturbed = os.path.join(folder, "undisturbed.h5")
        began = time.monotonic()
        if self.start(2, undisturbed).wait() != 0:
            self.fail("the undisturbed run fails")
        self.seconds = time.monotonic() - began
        self.undisturbed = Snapshot(undisturbed)
        self.undisturbed.compare(self.undisturbed)

    def fail(self, text):
        with open(self.log) as f:
            fail(f"{text}\n{f.read()}")

    def start(self, ranks, path):
        mpirun = [*self.many, "-n", str(ranks)] if ranks > 1 else []
        with open(self.log, "w") as log:
            return subprocess.Popen(
                [*mpirun, self.program, "run", self.sweep, "-o", path, "--resume", "-q", *self.more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    # ---- when: the moment is drawn around what can be seen from outside ----

    def left(self):
        """Part of the tasks."""
        return 1 - (self.before.whole.sum() / self.undisturbed.whole.sum() if self.before else 0)

    def choose_moment(self):
        # whoever aims at the end waits for all that is left
        end = 40 if self.left() < 0.4 else 5
        return self.draw.choices(("lock", "early", "run", "end"), (40, 5, 40, end))[0]

    def wait_until(self, run, reached):
        """False when the run ends before."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            if run.poll() is not None:
                return False
            if time.monotonic() > give_up:
                send(family(run.pid), signal.SIGKILL)
                self.fail(f"a run hangs for {PATIENCE_SECONDS} s")
            time.sleep(0.0003)
        return True

    def wait_for_moment(self, run, ranks, moment, lock, live):
        """`lock` and `live` are the stamps from before the run. Returns all processes of the run."""
        lock_file, live_file = self.file + ".lock", self.file + ".live"
        if moment == "early":
            time.sleep(self.draw.uniform(0, 0.4))
            return family(run.pid)
        members = []

        def all_started():
            members[:] = family(run.pid)
            return sum(rank_of(m, self.program) is not None for m in members) == ranks

        if not self.wait_until(run, all_started) or not self.wait_until(run, lambda: stamp(lock_file) != lock):
            return members
        if moment == "lock":
            time.sleep(self.draw.uniform(0, 0.02))
        elif moment == "run":
            time.sleep(self.draw.random() ** 2 * self.left() * self.seconds * 2 / min(ranks, 2))
        elif self.wait_until(run, lambda: stamp(live_file) not in (live, None)):
            # it goes when the last task is done
            self.wait_until(run, lambda: stamp(live_file) is None)
            time.sleep(self.draw.uniform(0, 0.01))
        return members

    # ---- who ----

    def strike(self, run, members, ranks, kind):
        if kind in SIGNALS:
            send([run.pid], SIGNALS[kind])
        elif kind == "all":
            send(members, signal.SIGKILL)
        elif kind == "mpirun":
            send([run.pid], signal.SIGKILL)
        else:
            wanted = 0 if kind == "rank 0" else self.draw.randrange(1, ranks)
            send([m for m in members if rank_of(m, self.program) == wanted], signal.SIGKILL)

    def await_end(self, run, members):
        """The ranks outlive mpirun by a second or two, and are then children of this process."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        left = set(members) - {run.pid}
        while run.poll() is None or left:
            left = {member for member in left if not is_gone(member)}
            if time.monotonic() > give_up:
                send(members, signal.SIGKILL)
                self.fail(f"killed processes live on for {PATIENCE_SECONDS} s")
            time.sleep(0.005)
        return run.returncode

    # ---- what is found then ----

    def phase_of(self, now, locked):
        if now is None:
            return "creating" if locked else "before"
        if self.before is not None and now.runs == self.before.runs:
            return "resuming" if locked else "before"
        if now.ended:
            return "closed"
        begun = now.of_attempt["attempts"].sum() - (self.before.of_attempt["attempts"].sum() if self.before else 0)
        if (now.status[now.status != 0] == DONE).all():
            return "closing"
        return "running" if begun else "opening"

    def look(self):
        """Checks the file that is left, if any."""
        if not os.path.exists(self.file):
            if self.before is not None:
                fail("the file is gone")
            return None
        now = Snapshot(self.file)
        now.compare(self.undisturbed)
        unexpected = set(now.status) - {0, 1, 2, DONE}
        if unexpected:
            fail(f"status {unexpected} after kills alone")
        if self.before is not None:
            check_kept(self.before, now)
        told = subprocess.run([self.program, "status", self.file], capture_output=True, text=True)
        whole = int(now.whole.sum())
        if told.returncode != 0 or (whole and f" {whole} done" not in told.stdout):
            fail(f"status does not say {whole} done:\n{told.stdout}{told.stderr}")
        if "\nrunning on" in told.stdout:
            fail("status sees a run that was killed")
        return now

    def kill_one(self):
        ranks = self.draw.choice((1, 2, 2, 3))
        kinds = [k for k in KILLS if ranks > 1 or k in ("rank 0", "all")]
        kind = self.draw.choice(kinds) if self.draw.random() < 0.8 else self.draw.choice(list(SIGNALS))
        moment = self.choose_moment()
        lock, live = stamp(self.file + ".lock"), stamp(self.file + ".live")
        run = self.start(ranks, self.file)
        members = self.wait_for_moment(run, ranks, moment, lock, live)
        self.strike(run, members, ranks, kind)
        ended = self.await_end(run, members)
        now = self.look()
        if ended == 0:
            self.too_late += 1
        else:
            self.counts[kind, self.phase_of(now, stamp(self.file + ".lock") != lock)] += 1
        if now is not None:
            self.torn += now.torn
        self.before = now

    def finish_round(self):
        if self.start(2, self.file).wait() != 0:
            self.fail("the last resume fails")
        now = self.look()
        if not numpy.array_equal(now.status, self.undisturbed.status) or not now.whole[now.status == DONE].all():
            fail("a killed and resumed run differs")
        folder, name = os.path.split(self.file)
        left = [entry for entry in os.listdir(folder) if entry.startswith(name + ".")]
        if left:
            fail(f"left behind: {left}")
        os.unlink(self.file)
        self.before = None
        self.rounds += 1

    def kills(self):
        return sum(n for (kind, _), n in self.counts.items() if kind in KILLS)

    def go(self, kills):
        while self.kills() < kills:
            self.kill_one()
            if self.before is not None and self.before.whole.sum() == self.undisturbed.whole.sum():
                self.finish_round()
        self.finish_round()

    def report(self):
        print(f"{'':10}" + "".join(f"{phase:>10}" for phase in PHASES) + f"{'all':>10}")
        for kind in (*KILLS, *SIGNALS):
            row = [self.counts[kind, phase] for phase in PHASES]
            print(f"{kind:10}" + "".join(f"{n:10}" for n in row) + f"{sum(row):10}")
        kills = self.kills()
        print(f"{kills} kills and {sum(self.counts.values()) - kills} planned stops in {self.rounds} rounds: no row lost, none done "
              f"again, {self.torn} torn, every round with the bits of the undisturbed run; {self.too_late} came too late")


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # background jobs of a script ignore it, and so would what they start
    program, sweep, folder, kills, *more = sys.argv[1:]
    adopt_orphans()
    soak = Soak(program, sweep, folder, more)
    soak.go(int(kills))
    soak.report()


main()
