"""A Slurm cluster for tests: munged, slurmctld and slurmd as root on this machine, from a configuration of its own in one
folder, so that nothing of the machine's is read or written. One node of two CPUs in two partitions, `one` and `two`, each
of which gives out one CPU at a time; no partition is the default. Jobs find it by the variable SLURM_CONF.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

DAEMONS = ("munged", "slurmctld", "slurmd")
PATIENCE = 900  # Seconds; on a busy machine a job of a second takes minutes.

CONFIGURATION = """
ClusterName=skillit
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
PlugStackConfig={folder}/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=1
SlurmdParameters=config_overrides
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs=2
PartitionName=one Nodes=node MaxCPUsPerNode=1
PartitionName=two Nodes=node MaxCPUsPerNode=1
"""


def obstacle():
    """Why no cluster can be started here; None = nothing."""
    missing = [name for name in DAEMONS if not find(name)]
    if missing:
        return f"{', '.join(missing)} not installed; scripts/setup.sh slurm installs Debian's Slurm"
    return None if os.geteuid() == 0 else "Slurm's daemons are started as root, which this user is not"


def find(program):
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")


def wait_until(condition, what):
    """Returns the first true value of condition()."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.3)
    raise TimeoutError(f"waited {PATIENCE} s for {what}")


def free_ports(count):
    with_port = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in with_port]
    for server in with_port:
        server.close()
    return ports


class Cluster:
    """Runs from `with` to its end; then all of its processes are gone. Logs stay in `folder`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.conf = self.folder / "slurm.conf"
        self.environment = {**os.environ, "SLURM_CONF": str(self.conf)}
        self.daemons = []

    def __enter__(self):
        for name in ["state", "spool"]:
            (self.folder / name).mkdir(mode=0o700)
        (self.folder / "plugstack.conf").touch()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        host = socket.gethostname().split(".")[0]
        self.conf.write_text(CONFIGURATION.format(host=host, ports=free_ports(2), folder=self.folder))
        try:
            self.start_daemons()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start_daemons(self):
        # --force: the folder may lie in one that only root enters.
        self.start("munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key",
                   *(f"--{what}-file={self.folder}/munge.{what}" for what in ["pid", "log", "seed"]),
                   f"--socket={self.folder}/munge.socket")
        wait_until((self.folder / "munge.socket").exists, "munged")
        self.start("slurmctld", "-D")
        self.start("slurmd", "-D", "-N", "node")
        wait_until(lambda: self.tried("sinfo", "-h", "-o", "%P %T").splitlines() == ["one idle", "two idle"], "an idle node")

    def start(self, program, *arguments):
        # With setpriv it ends with this process, however that one ends.
        command = ["setpriv", "--pdeathsig", "TERM", find(program), *arguments]
        with (self.folder / f"{program}.log").open("wb") as log:
            self.daemons.append(subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                                 stderr=subprocess.STDOUT))

    def tried(self, *command):
        """Standard output, whatever the status."""
        for daemon in self.daemons:
            assert daemon.poll() is None, f"{daemon.args[3]} has ended; its log is in {self.folder}"
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE).stdout

    def stop(self):
        """Asks the daemons to end, slurmd first, then ends whatever is left, jobs too."""
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        wait_until(lambda: not self.kill_processes(), "the end of the jobs")

    def kill_processes(self):
        """Kills what carries this cluster's SLURM_CONF in its environment, and nothing else. Returns how many."""
        mark = f"SLURM_CONF={self.conf}".encode()
        count = 0
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    os.kill(int(entry.name), signal.SIGKILL)
                    count += 1
            except OSError:
                continue  # It has ended.
        return count

    def jobs(self, states="all"):
        """One line a job or task, `id name partition state`, of what Slurm remembers (five minutes)."""
        return self.tried("squeue", "-h", "-r", f"--states={states}", "-o", "%i %j %P %T").splitlines()

    def wait_for_all(self):
        wait_until(lambda: not self.jobs("pending,running,completing,configuring,suspended,requeued"), "the jobs to end")
