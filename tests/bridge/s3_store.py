# SPDX-License-Identifier: Apache-2.0
"""A small S3 store for tests, on loopback and in memory, of the standard library alone.

It has what mapferry-bridge uses: PUT, GET with ranges, HEAD, DELETE, multipart uploads, lists,
If-Match and If-None-Match. It checks every signature (SigV4), Content-MD5 and SHA-256 itself, and
makes the faults that a test asks for.

    with S3Store() as store:                 # in this process
        store.endpoint                       # "http://127.0.0.1:PORT"
        store.faults.fail_next = 3           # the next three requests end with 500
        store.objects["bucket"]["key"].data

    python3 s3_store.py [PORT]               # or alone, until it is killed
"""
import base64
import email.utils
import hashlib
import hmac
import http.server
import itertools
import re
import socket
import sys
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

ACCESS_KEY = "test-key"
SECRET_KEY = "test+secret/of=40characters"
REGION = "test-region"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
BLOCK = 1 << 18


@dataclass
class Object:
    data: bytearray
    etag: str
    headers: dict
    stored: float = field(default_factory=time.time)


@dataclass
class Upload:
    key: str
    headers: dict
    parts: dict = field(default_factory=dict)  # number: (etag, data)


@dataclass
class Faults:
    """What goes wrong. Each is off until a test sets it."""

    fail_next: int = 0            # requests that end with 500
    cut_next: int = 0             # answers whose connection breaks in the middle of the body
    hang_puts: bool = False       # PUTs of parts are read and never answered
    refuse_puts: str = ""         # the store's word for refusing bytes: "QuotaExceeded"
    delay_s: float = 0            # before each answer
    bytes_per_s: int = 0          # of answers; 0: no limit
    hold_from: int = 0            # ranges that begin here or later wait for release; 0: none do
    release: threading.Event = field(default_factory=threading.Event)
    ignore_none_match: bool = False
    lose_next_answers: int = 0    # requests that are carried out, and not answered
    checksums: dict = field(default_factory=dict)  # key: headers of the answer to HEAD


@dataclass
class Counts:
    """What came and went."""

    put_bytes: int = 0            # bodies of good PUTs
    got_bytes: int = 0            # bodies of good GETs
    requests: int = 0
    refused_signatures: int = 0


class Refused(Exception):
    def __init__(self, status, code, message=""):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message or code


def encoded(text, safe=""):
    return urllib.parse.quote(text, safe=safe + "-._~")


def sign(secret, date, region, text):
    key = ("AWS4" + secret).encode()
    for word in (date, region, "s3", "aws4_request"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # The request -------------------------------------------------------------------------------

    def take_body(self):
        size = int(self.headers.get("content-length") or 0)
        body = bytearray(size)
        view, at = memoryview(body), 0
        while at < size:
            count = self.rfile.readinto(view[at:at + (1 << 20)])
            if not count:
                raise ConnectionError("the client went away")
            at += count
        return body

    def check_signature(self, body):
        words = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
            r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
            self.headers.get("authorization", ""))
        if not words:
            raise Refused(403, "AccessDenied", "there is no signature")
        key_id, date, region, signed, signature = words.groups()
        if key_id != self.store.access_key:
            raise Refused(403, "InvalidAccessKeyId")
        if region != self.store.region:
            raise Refused(400, "AuthorizationHeaderMalformed", "the region is another")
        names = signed.split(";")
        for name in self.headers:
            if name.lower().startswith("x-amz-") and name.lower() not in names:
                raise Refused(403, "AccessDenied", f"{name} is not signed")
        path, _, query = self.path.partition("?")
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
        canonical_query = "&".join(f"{encoded(n)}={encoded(v)}" for n, v in sorted(pairs))
        sha256 = self.headers.get("x-amz-content-sha256", EMPTY_SHA256)
        request = "\n".join(
            [self.command, encoded(urllib.parse.unquote(path), "/"), canonical_query]
            + [f"{name}:{' '.join(self.headers[name].split())}" for name in names]
            + ["", signed, sha256])
        moment = self.headers["x-amz-date"]
        text = "\n".join(["AWS4-HMAC-SHA256", moment, f"{date}/{region}/s3/aws4_request",
                          hashlib.sha256(request.encode()).hexdigest()])
        if not hmac.compare_digest(sign(self.store.secret_key, date, region, text), signature):
            raise Refused(403, "SignatureDoesNotMatch")
        if sha256 != "UNSIGNED-PAYLOAD" and hashlib.sha256(body).hexdigest() != sha256:
            raise Refused(400, "XAmzContentSHA256Mismatch")

    def check_md5(self, body):
        md5 = self.headers.get("content-md5")
        digest = hashlib.md5(body)
        if md5 is not None and base64.b64encode(digest.digest()).decode() != md5:
            raise Refused(400, "BadDigest")
        return digest.hexdigest()

    def run(self):
        store, faults = self.store, self.store.faults
        with store.lock:
            store.counts.requests += 1
        try:
            body = self.take_body()
            if faults.delay_s:
                time.sleep(faults.delay_s)  # time itself: a slow store
            with store.lock:
                if faults.fail_next > 0:
                    faults.fail_next -= 1
                    raise Refused(500, "InternalError")
            self.check_signature(body)
            path, _, query = self.path.partition("?")
            self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
            bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
            if bucket not in store.objects:
                raise Refused(404, "NoSuchBucket")
            method = getattr(self, ("key_" if key else "bucket_") + self.command.lower(), None)
            if method is None:
                raise Refused(405, "MethodNotAllowed")
            method(bucket, key, body)
        except Refused as why:
            if why.status == 403:
                store.counts.refused_signatures += 1
            text = (f"<Error><Code>{why.code}</Code>"
                    f"<Message>{escape(why.message)}</Message></Error>")
            self.answer(why.status, text.encode())
        except (ConnectionError, BrokenPipeError):
            self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = run

    # The answer --------------------------------------------------------------------------------

    def answer(self, status, body=b"", headers=None, size=None):
        faults = self.store.faults
        with self.store.lock:
            lose = faults.lose_next_answers > 0 and self.command != "GET"
            faults.lose_next_answers -= lose
        if lose:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if size is None else size))
        self.end_headers()
        if self.command != "HEAD":
            self.send_slowly(memoryview(body))

    def send_slowly(self, body):
        faults = self.store.faults
        with self.store.lock:
            cut = faults.cut_next > 0 and len(body) > BLOCK
            faults.cut_next -= cut
        if cut:
            body = body[:len(body) // 2]
        for at in range(0, len(body), BLOCK):
            part = body[at:at + BLOCK]
            self.connection.sendall(part)
            if faults.bytes_per_s:
                time.sleep(len(part) / faults.bytes_per_s)  # time itself: a slow line
        if cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    # Objects -----------------------------------------------------------------------------------

    def metadata(self):
        return {name.lower(): value for name, value in self.headers.items()
                if name.lower().startswith("x-amz-meta-") or name.lower() == "content-type"}

    def check_none_match(self, bucket, key):
        if self.headers.get("if-none-match") != "*" or self.store.faults.ignore_none_match:
            return
        if key in self.store.objects[bucket]:
            raise Refused(412, "PreconditionFailed")

    def find(self, bucket, key):
        found = self.store.objects[bucket].get(key)
        if found is None:
            raise Refused(404, "NoSuchKey")
        match = self.headers.get("if-match")
        if match is not None and match.strip('"') != found.etag:
            raise Refused(412, "PreconditionFailed")
        return found

    def object_headers(self, key, found):
        headers = {"ETag": f'"{found.etag}"', **found.headers, "Accept-Ranges": "bytes",
                   "Last-Modified": email.utils.formatdate(found.stored, usegmt=True)}
        if self.headers.get("x-amz-checksum-mode") == "ENABLED":
            headers.update(self.store.faults.checksums.get(key, {}))
        return headers

    def key_head(self, bucket, key, body):
        found = self.find(bucket, key)
        self.answer(200, headers=self.object_headers(key, found), size=len(found.data))

    def key_get(self, bucket, key, body):
        if "uploadId" in self.query:
            return self.list_parts(bucket, key)
        found = self.find(bucket, key)
        headers = self.object_headers(key, found)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        data = memoryview(found.data)
        if not wanted:
            self.answer(200, data, headers)
        else:
            first, last = int(wanted[1]), min(int(wanted[2]), len(data) - 1)
            if first > last:
                raise Refused(416, "InvalidRange")
            if self.store.faults.hold_from and first >= self.store.faults.hold_from:
                self.store.faults.release.wait()
            headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
            data = data[first:last + 1]
            self.answer(206, data, headers)
        with self.store.lock:
            self.store.counts.got_bytes += len(data)

    def key_put(self, bucket, key, body):
        store, faults = self.store, self.store.faults
        if faults.refuse_puts and len(body) > 0:
            raise Refused(403, faults.refuse_puts)
        if faults.hang_puts and len(body) > 65536:
            store.gone.wait()
            raise ConnectionError
        etag = self.check_md5(body)
        if "uploadId" in self.query:
            upload = self.upload(bucket, key)
            with store.lock:
                upload.parts[int(self.query["partNumber"])] = (etag, body)
                store.counts.put_bytes += len(body)
        else:
            with store.lock:
                self.check_none_match(bucket, key)
                store.objects[bucket][key] = Object(body, etag, self.metadata())
                store.counts.put_bytes += len(body)
        self.answer(200, headers={"ETag": f'"{etag}"'})

    def key_delete(self, bucket, key, body):
        with self.store.lock:
            if "uploadId" in self.query:
                self.upload(bucket, key)
                del self.store.uploads[bucket][self.query["uploadId"]]
            else:
                self.store.objects[bucket].pop(key, None)
        self.answer(204)

    # Multipart uploads -------------------------------------------------------------------------

    def upload(self, bucket, key):
        found = self.store.uploads[bucket].get(self.query["uploadId"])
        if found is None or found.key != key:
            raise Refused(404, "NoSuchUpload")
        return found

    def key_post(self, bucket, key, body):
        if "uploads" in self.query:
            name = f"upload-{next(self.store.numbers)}"
            self.store.uploads[bucket][name] = Upload(key, self.metadata())
            text = f"<R><Bucket>{bucket}</Bucket><UploadId>{name}</UploadId></R>"
            return self.answer(200, text.encode())
        if "uploadId" not in self.query:
            raise Refused(405, "MethodNotAllowed")
        with self.store.lock:
            upload = self.upload(bucket, key)
            self.check_none_match(bucket, key)
            data, digests = bytearray(), b""
            wanted = re.findall(r"<PartNumber>(\d+)</PartNumber><ETag>\"(\w+)\"</ETag>",
                                body.decode())
            for number, etag in wanted:
                part = upload.parts.get(int(number))
                if part is None or part[0] != etag:
                    raise Refused(400, "InvalidPart")
                data += part[1]
                digests += bytes.fromhex(etag)
            etag = f"{hashlib.md5(digests).hexdigest()}-{len(wanted)}"
            self.store.objects[bucket][key] = Object(data, etag, upload.headers)
            del self.store.uploads[bucket][self.query["uploadId"]]
        self.answer(200, f"<R><Key>{escape(key)}</Key><ETag>&quot;{etag}&quot;</ETag></R>".encode())

    def list_parts(self, bucket, key):
        parts = sorted(self.upload(bucket, key).parts.items())
        after = int(self.query.get("part-number-marker", 0))
        page = [(n, p) for n, p in parts if n > after][:self.store.page]
        more = bool(page) and page[-1][0] != parts[-1][0]
        items = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>&quot;{etag}&quot;</ETag>"
                        f"<Size>{len(data)}</Size></Part>" for n, (etag, data) in page)
        marker = f"<NextPartNumberMarker>{page[-1][0]}</NextPartNumberMarker>" if more else ""
        self.answer(200, f"<R><IsTruncated>{str(more).lower()}</IsTruncated>{marker}{items}</R>"
                    .encode())

    # The bucket --------------------------------------------------------------------------------

    def bucket_head(self, bucket, key, body):
        self.answer(200)

    def bucket_get(self, bucket, key, body):
        prefix = self.query.get("prefix", "")
        if "uploads" in self.query:
            items = "".join(f"<Upload><Key>{escape(u.key)}</Key><UploadId>{n}</UploadId></Upload>"
                            for n, u in self.store.uploads[bucket].items()
                            if u.key.startswith(prefix))
            return self.answer(200, f"<R><IsTruncated>false</IsTruncated>{items}</R>".encode())
        keys = sorted(k for k in self.store.objects[bucket] if k.startswith(prefix))
        after = self.query.get("continuation-token", "")
        page = [k for k in keys if k > after][:self.store.page]
        more = bool(page) and page[-1] != keys[-1]
        items = ""
        for name in page:
            found = self.store.objects[bucket][name]
            moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(found.stored))
            items += (f"<Contents><Key>{escape(name)}</Key><LastModified>{moment}</LastModified>"
                      f"<ETag>&quot;{found.etag}&quot;</ETag><Size>{len(found.data)}</Size>"
                      "</Contents>")
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        self.answer(200, f"<R><IsTruncated>{str(more).lower()}</IsTruncated>{token}{items}</R>"
                    .encode())


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class S3Store:
    """Starts with one empty bucket, "bucket". Ends with the with-block."""

    def __init__(self, port=0, tls=None):
        self.access_key, self.secret_key, self.region = ACCESS_KEY, SECRET_KEY, REGION
        self.objects = {"bucket": {}}
        self.uploads = {"bucket": {}}
        self.faults, self.counts = Faults(), Counts()
        self.page = 1000  # items of a list
        self.lock = threading.RLock()
        self.gone = threading.Event()
        self.numbers = itertools.count(1)
        handler = type("BoundHandler", (Handler,), {"store": self})
        self.server = Server(("127.0.0.1", port), handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.endpoint = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.gone.set()
        self.faults.release.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def environment(self):
        """What a client of this store has in its environment."""
        return {"AWS_ENDPOINT_URL": self.endpoint, "AWS_ACCESS_KEY_ID": self.access_key,
                "AWS_SECRET_ACCESS_KEY": self.secret_key, "AWS_REGION": self.region,
                "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}

    def put(self, key, data, headers=None):
        """As another program would, without a request."""
        data = bytearray(data)
        self.objects["bucket"][key] = Object(data, hashlib.md5(data).hexdigest(), headers or {},
                                             time.time())


if __name__ == "__main__":
    with S3Store(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as store:
        for item in store.environment().items():
            print("%s=%s" % item, flush=True)
        threading.Event().wait()
