# SPDX-License-Identifier: Apache-2.0
"""A real S3 store for tests: the gateway of Ceph with everything below it, on loopback.

One monitor, one manager, one object store in memory, one gateway, in a folder of the test, without
systemd. All end with the with-block. Needs root, and Debian's ceph-mon ceph-mgr ceph-osd radosgw
ceph-common.
"""
import datetime
import hashlib
import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import uuid

import s3_store

WATCHDOG_S = 120
ACCESS_KEY, SECRET_KEY = "ceph-test-key", "ceph-test-secret"
COMMANDS = ("ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin",
            "ceph-authtool", "monmaptool")

CONFIGURATION = """[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{mon_port}
mon initial members = a
public network = 127.0.0.0/8
ms bind ipv6 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
mon allow pool size one = true
mon warn on pool no redundancy = false
mon data avail crit = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = {store_bytes}
rgw gc obj min wait = 1
rgw gc processor period = 3
rgw gc processor max time = 3
keyring = {folder}/keyring
run dir = {folder}
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
pid file = {folder}/$name.pid
[mon.a]
mon data = {folder}/mon
[mgr.x]
mgr data = {folder}/mgr
[osd.0]
osd data = {folder}/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw dns name = localhost
"""


def why_not():
    """Why there can be no such store here; None: there can."""
    missing = [command for command in COMMANDS if shutil.which(command) is None]
    if missing:
        return "not installed: " + " ".join(missing)
    return None if os.geteuid() == 0 else "it needs root"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Rgw:
    def __init__(self, folder, store_bytes=4 << 30):
        self.folder = pathlib.Path(folder)
        self.port, mon_port = free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.fsid = str(uuid.uuid4())
        self.mon_port = mon_port
        self.configuration = self.folder / "ceph.conf"
        self.configuration.write_text(CONFIGURATION.format(
            fsid=self.fsid, mon_port=mon_port, folder=self.folder, store_bytes=store_bytes,
            port=self.port))
        self.environment_of_ceph = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
                                    "CEPH_CONF": str(self.configuration)}
        self.processes = []
        self.gateway = None

    def call(self, *words):
        done = subprocess.run(words, env=self.environment_of_ceph, capture_output=True,
                              timeout=WATCHDOG_S, check=False)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout.decode()

    def start(self, *words):
        with open(self.folder / f"{words[0]}.out", "ab") as output:
            process = subprocess.Popen([*words, "--setuser", "root", "--setgroup", "root", "-f"],
                                       env=self.environment_of_ceph, stdout=output, stderr=output)
        self.processes.append(process)
        return process

    def __enter__(self):
        try:
            self.start_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start_all(self):
        keyring = str(self.folder / "keyring")
        for name in ("mon", "mgr", "osd"):
            (self.folder / name).mkdir()
        self.call("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap",
                  "mon", "allow *")
        for name in ("client.admin", "mgr.x", "osd.0", "client.rgw"):
            self.call("ceph-authtool", keyring, "--gen-key", "-n", name, "--cap", "mon", "allow *",
                      "--cap", "osd", "allow *", "--cap", "mgr", "allow *", "--cap", "mds",
                      "allow *")
        self.call("monmaptool", "--create", "--fsid", self.fsid, "--addv", "a",
                  f"[v2:127.0.0.1:{self.mon_port}]", str(self.folder / "monmap"), "--clobber")
        self.call("ceph-mon", "--mkfs", "-i", "a", "--monmap", str(self.folder / "monmap"),
                  "--keyring", keyring)
        self.start("ceph-mon", "-i", "a")
        self.call("ceph", "--connect-timeout", "60", "osd", "create")
        self.start("ceph-mgr", "-i", "x")
        self.call("ceph-osd", "-i", "0", "--mkfs")
        self.start("ceph-osd", "-i", "0")
        self.start_gateway()
        self.call("radosgw-admin", "-n", "client.rgw", "user", "create", "--uid", "u",
                  "--display-name", "u", "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)
        status = self.request("PUT", "/bucket")
        assert status == 200, status

    def start_gateway(self):
        self.gateway = self.start("radosgw", "-n", "client.rgw")
        end = time.monotonic() + WATCHDOG_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.gateway.poll() is None, "the gateway ended"
                assert time.monotonic() < end, "watchdog: the gateway does not listen"
                time.sleep(0.1)  # between two looks

    def kill_gateway(self):
        self.gateway.kill()
        self.gateway.wait()
        self.processes.remove(self.gateway)

    def request(self, method, path, body=b"", query=""):
        """A signed request, for what the bridge does not do. The query is sorted and escaped."""
        moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        sha256 = hashlib.sha256(body).hexdigest()
        host = f"127.0.0.1:{self.port}"
        names = "host;x-amz-content-sha256;x-amz-date"
        canonical = "\n".join([method, path, query, f"host:{host}", f"x-amz-content-sha256:{sha256}",
                               f"x-amz-date:{moment}", "", names, sha256])
        scope = f"{moment[:8]}/us-east-1/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", moment, scope,
                          hashlib.sha256(canonical.encode()).hexdigest()])
        signature = s3_store.sign(SECRET_KEY, moment[:8], "us-east-1", text)
        connection = http.client.HTTPConnection(host, timeout=WATCHDOG_S)
        connection.request(method, f"{path}?{query}" if query else path, body, {
            "x-amz-content-sha256": sha256, "x-amz-date": moment,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, "
                             f"SignedHeaders={names}, Signature={signature}"})
        answer = connection.getresponse()
        self.body = answer.read()
        connection.close()
        return answer.status

    def stored_parts(self, key):
        """The number of parts of the key's first unfinished upload; 0: there is none."""
        assert self.request("GET", "/bucket", query=f"prefix={key}&uploads=") == 200
        found = re.search(rb"<UploadId>([^<]+)</UploadId>", self.body)
        if not found:
            return 0
        query = "uploadId=" + urllib.parse.quote(found[1].decode(), safe="-._~")
        if self.request("GET", f"/bucket/{key}", query=query) != 200:
            return 0
        return self.body.count(b"<PartNumber>")

    def environment(self):
        return {"AWS_ENDPOINT_URL": self.endpoint, "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "us-east-1",
                "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
