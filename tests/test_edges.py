"""What stands around the application: names it answers for, the proxy's file, the units of systemd, a server
that was started before its static files were collected."""

import io
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from pressroom.middleware import UNKNOWN_HOST
from releases.delivery.store import ResponseStore
from releases.delivery.versions import version_reader
from tests.conftest import PROGRAMS
from tests.factories import make_live

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
PAGES = (
    "/",
    "/releases/",
    "/sitemap.xml",
    "/releases/feed.atom",
    "/api/releases",
    "/admin/login/",
    "/robots.txt",
    "/nothing/",
    "/healthz",
    "/static/releases/site.css",
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "127.0.0.1:99999",
        "testserver:8443",
        "a b",
        "",
        "[::1",
        "testserver:x",
    ],
)
def test_an_unknown_host_or_port_is_refused_at_every_address(client, path, host):
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.content.decode()) == (400, UNKNOWN_HOST)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    [
        "testserver",
        "testserver:80",
        "TESTSERVER",
        "testserver.",
        "127.0.0.1:8000",
        "localhost",
        "testserver:443",
    ],
)
def test_the_site_s_own_names_and_ports_are_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.django_db
def test_the_port_of_the_site_s_own_address_is_answered(client, settings):
    settings.SITE_URL = "https://testserver:8443"
    assert client.get("/healthz", headers={"Host": "testserver:8443"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "testserver:8444"}).status_code == 400


@pytest.mark.usefixtures("transactional_db")
def test_no_stored_page_is_given_for_an_unknown_host():
    store = ResponseStore(WSGIHandler(), version_reader(), 1_000_000)
    make_live(permalink="/news/a/")

    def ask(host):
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/news/a/",
            "HTTP_HOST": host,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        told = []
        body = b"".join(store(environ, lambda *given: told.append(given[0])))
        return told[0][:3], body

    assert [ask("testserver")[0] for _ in range(2)] == ["200", "200"]
    assert ask("evil.example") == ("400", UNKNOWN_HOST.encode())
    assert ask("testserver")[0] == "200"


SERVE = """
import io
from pressroom.wsgi import application
for path in ("/", "/healthz"):
    told = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
               "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO()}
    body = b"".join(application(environ, lambda *given: told.append(given[0])))
    print(told[0], body.decode())
"""


def run(tmp_path, *command):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_server_without_static_files_says_what_to_run(tmp_path):
    done = run(tmp_path, "-c", SERVE)
    page, health = re.findall(r"^\d{3} .*", done.stdout, re.MULTILINE)
    assert page.startswith("503 Service Unavailable This site is being set up.")
    assert "manage.py collectstatic --noinput" in page
    assert health.startswith("200")
    assert "Run manage.py collectstatic --noinput, then restart the server." in done.stderr


def test_a_server_with_the_static_files_of_an_older_version_says_what_to_run(migrated, tmp_path):
    shutil.copytree(migrated, tmp_path / "data")
    assert run(tmp_path, "manage.py", "collectstatic", "--noinput").returncode == 0
    done = run(tmp_path, "-c", SERVE)
    assert done.stdout.startswith("200 OK") and "collectstatic" not in done.stdout + done.stderr
    manifest = tmp_path / "data" / "static" / "staticfiles.json"
    manifest.write_text(manifest.read_text().replace('"releases/site.css"', '"releases/before.css"'))
    assert run(tmp_path, "-c", SERVE).stdout.startswith("503")


@pytest.mark.program("systemd-analyze", "systemd")
@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda unit: unit.name)
def test_a_unit_is_shut_in(unit):
    told = subprocess.run(
        [shutil.which("systemd-analyze", path=PROGRAMS), "security", "--offline=true", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", told)[1])
    assert exposure <= 3.5


def test_all_parts_of_an_installation_name_the_same_folders():
    paths = {unit.name: unit.read_text() for unit in DEPLOY.glob("*.service")}
    environment = "DATA_DIR=/var/lib/pressroom/data MEDIA_ROOT=/var/lib/pressroom/media"
    assert all(environment in text for text in paths.values())
    assert "alias /var/lib/pressroom/media/blobs/;" in (DEPLOY / "nginx.conf").read_text()


@pytest.fixture
def proxy(transactional_db, live_server, tmp_path, settings):
    """(port of TLS, port without) of nginx with the file that is shipped, before the application."""
    settings.ALLOWED_HOSTS = ["newsroom.example"]
    settings.SENDFILE = "nginx"
    key, certificate = tmp_path / "key", tmp_path / "crt"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=newsroom.example -days 2 -keyout {key} -out {certificate}"
    subprocess.run(command.split(), check=True, capture_output=True)
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        secure, plain = one.getsockname()[1], two.getsockname()[1]
    shipped = (DEPLOY / "nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8000": live_server.url.removeprefix("http://"),
        "listen 443": f"listen 127.0.0.1:{secure}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "/etc/ssl/newsroom.crt": str(certificate),
        "/etc/ssl/newsroom.key": str(key),
        "/var/lib/pressroom/media": str(settings.MEDIA_ROOT),
    }.items():
        assert old in shipped
        shipped = shipped.replace(old, new)
    temporary = " ".join(
        f"{name}_temp_path {tmp_path / name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"user root; daemon off; pid {tmp_path / 'pid'}; error_log {tmp_path / 'error.log'}; events {{}}"
        f" http {{ access_log off; {temporary} {shipped} }}"
    )
    (tmp_path / "nginx.conf").write_text(whole)
    nginx = subprocess.Popen(
        [
            shutil.which("nginx", path=PROGRAMS),
            "-p",
            str(tmp_path),
            "-c",
            str(tmp_path / "nginx.conf"),
            "-e",
            str(tmp_path / "error.log"),
        ],
    )
    try:
        wait_for(secure)
        yield secure, plain
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)


def wait_for(port):
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


def ask(port, host, path="/", *, name=None, method="GET", is_secure=True):
    """All that comes back, as text."""
    raw = socket.create_connection(("127.0.0.1", port), 10)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(raw, server_hostname=name or host) if is_secure else raw as connection:
        request = (
            f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(request.encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer.decode("latin-1")


@pytest.mark.program("nginx", "nginx")
@pytest.mark.program("openssl", "openssl")
@pytest.mark.usefixtures("transactional_db")
def test_the_proxy_answers_for_its_own_name_alone(proxy):
    secure, plain = proxy
    assert ask(secure, "newsroom.example", "/healthz").startswith("HTTP/1.1 200")
    moved = ask(plain, "newsroom.example", "/news/a?b=c", is_secure=False)
    assert moved.startswith("HTTP/1.1 308") and "Location: https://newsroom.example/news/a?b=c" in moved
    assert ask(plain, "newsroom.example", "/api/releases", is_secure=False).startswith("HTTP/1.1 403")
    assert ask(plain, "evil.example", is_secure=False) == ""
    assert ask(secure, "evil.example", name="newsroom.example") == ""
    with pytest.raises(ssl.SSLError):
        ask(secure, "evil.example")


@pytest.mark.program("nginx", "nginx")
@pytest.mark.program("openssl", "openssl")
@pytest.mark.usefixtures("transactional_db")
def test_a_file_behind_the_proxy_says_once_that_it_takes_ranges(proxy):
    make_live(annexes=[("/files/a.pdf", b"%PDF-1.4 " + b"x" * 5000)])
    head = ask(proxy[0], "newsroom.example", "/files/a.pdf").partition("\r\n\r\n")[0]
    assert head.startswith("HTTP/1.1 200")
    assert head.lower().count("accept-ranges: bytes") == 1
    for name in ("etag", "content-security-policy", "x-content-type-options", "content-disposition"):
        assert head.lower().count(f"\r\n{name}:") == 1


@pytest.mark.program("nginx", "nginx")
@pytest.mark.program("openssl", "openssl")
@pytest.mark.usefixtures("transactional_db")
def test_the_proxy_slows_down_whoever_tries_passwords_and_no_reader(proxy):
    secure, _ = proxy
    tries = [ask(secure, "newsroom.example", "/admin/login/", method="POST")[9:12] for _ in range(40)]
    assert "429" not in tries[:20] and tries.count("429") >= 10
    reads = {ask(secure, "newsroom.example", "/healthz")[9:12] for _ in range(60)}
    assert reads == {"200"}
