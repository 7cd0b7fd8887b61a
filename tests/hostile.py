"""A real server that misbehaves as the path of a request says, and what it saw."""

import gzip
import socket
import ssl
import struct
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PAUSE = 0.02  # seconds between the bytes of a slow answer
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with RST
HEAD = b"HTTP/1.1 200 OK\r\n"
BOMB = gzip.compress(b"0" * 64_000_000)  # 62 kB
# of texts: what ends a line, what nobody sees, and what turns what stands beside it
SIGNS = ("\r\n", "\n", "\x00", "\x1b", "\x85", "\u2028", "\u202a", "\u202e", "\u2066", "\u2069")


class Stub:
    """A server on the loopback network. `heard` has the first lines and bodies of requests."""

    def __init__(self, host="127.0.0.1", context: ssl.SSLContext | None = None):
        self.listener = socket.create_server((host, 0))
        self.host, self.port = self.listener.getsockname()[:2]
        self.context, self.closing = context, Event()
        self.connections, self.heard, self.location = 0, [], ""
        self.statuses: dict[str, int] = {}
        Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/ok", name: str = "", scheme: str = "") -> str:
        scheme = scheme or ("https" if self.context else "http")
        return f"{scheme}://{name or self.host}:{self.port}{path}"

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection) -> None:
        with suppress(OSError, ValueError), connection:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                path = self._read(connection)
                getattr(self, f"answer_{path.strip('/').replace('-', '_')}", self.answer_ok)(
                    connection
                )

    def _read(self, connection) -> str:
        """The path; the request is kept as (method, path, headers, body)."""
        content = b""
        while b"\r\n\r\n" not in content:
            if not (more := connection.recv(65536)):
                raise ValueError(content)
            content += more
        head, _, body = content.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        method, path, _ = first.split(" ")
        self.heard.append((method, path, headers, body))
        return path.partition("?")[0]

    def answer_ok(self, connection) -> None:
        path = self.heard[-1][1]
        status = self.statuses.get(path, 200)
        body = b'{"ok": true}'
        connection.sendall(b"HTTP/1.1 %d Said\r\nContent-Length: %d\r\n\r\n" % (status, len(body)))
        connection.sendall(body)

    def answer_hang(self, connection) -> None:
        self.closing.wait(60)

    def _drip(self, connection, content: bytes) -> None:
        for byte in content:
            connection.sendall(bytes([byte]))
            self.closing.wait(PAUSE)

    def answer_slow_head(self, connection) -> None:
        self._drip(connection, HEAD * 1000)

    def answer_slow_body(self, connection) -> None:
        connection.sendall(HEAD + b"\r\n")
        self._drip(connection, b"x" * 10_000)

    def answer_endless(self, connection) -> None:
        connection.sendall(HEAD + b"\r\n")
        while not self.closing.is_set():
            connection.sendall(b"x" * 65536)

    def answer_endless_head(self, connection) -> None:
        connection.sendall(HEAD)
        while not self.closing.is_set():
            connection.sendall(b"X-More: " + b"x" * 65536 + b"\r\n")

    def answer_bomb(self, connection) -> None:
        connection.sendall(
            HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB)
        )
        connection.sendall(BOMB)

    def answer_reset(self, connection) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)

    def answer_reset_in_body(self, connection) -> None:
        connection.sendall(HEAD + b"Content-Length: 9\r\n\r\nhalf")
        self.closing.wait(PAUSE)
        self.answer_reset(connection)

    def answer_redirect(self, connection) -> None:
        location = self.location.encode()
        connection.sendall(
            b"HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\nLocation: %b\r\n\r\n" % location
        )

    def answer_garbage(self, connection) -> None:
        connection.sendall(b"220 mail.example.org ESMTP\r\n\r\n")


@contextmanager
def stub(host="127.0.0.1", context=None):
    server = Stub(host, context)
    try:
        yield server
    finally:
        server.close()


def certificate(folder, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The context of a server of this name, and that of a client who trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + signed.public_bytes(Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
