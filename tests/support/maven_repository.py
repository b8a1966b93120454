"""A Maven repository that is a folder, or one behind a password, and settings that know it: no network is needed.

The plug-in that Maven runs is one that builds the samples, so the build has brought it home already.
"""

import base64
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.example.mine</groupId><artifactId>{artifact}</artifactId><version>{version}</version>{more}</project>"""
NEEDS = """<dependencies><dependency><groupId>com.example.mine</groupId><artifactId>{}</artifactId>
<version>1.0.0</version></dependency></dependencies>"""
_SETTINGS = """<settings><localRepository>{local}</localRepository>{more}
<mirrors><mirror><id>built</id><mirrorOf>central</mirrorOf><url>{central}</url></mirror></mirrors><profiles><profile><id>mine</id>
<repositories><repository><id>mine-files</id><url>{url}</url></repository></repositories></profile></profiles>
<activeProfiles><activeProfile>mine</activeProfile></activeProfiles></settings>"""


def publish(repository: Path, artifact: str, classes: Path, names: str, *, version: str = "1.0.0", needs: str) -> None:
    folder = repository / "com" / "example" / "mine" / artifact / version
    folder.mkdir(parents=True)
    more = NEEDS.format(needs) if needs else ""
    (folder / f"{artifact}-{version}.pom").write_text(POM.format(artifact=artifact, version=version, more=more))
    with zipfile.ZipFile(folder / f"{artifact}-{version}.jar", "w") as jar:
        for file in sorted(classes.rglob(names)):
            jar.write(file, file.relative_to(classes))


def settings(folder: Path, more: str = "", url: str = "") -> list[str]:
    """A local repository of the test's own; what the build has brought home stands for Maven Central."""
    central = (Path.home() / ".m2" / "repository").as_uri()
    url = url or (folder / "repository").as_uri()
    text = _SETTINGS.format(local=folder / "local", url=url, central=central, more=more)
    (folder / "settings.xml").write_text(text)
    return ["--data-dir", str(folder / "data"), "-o", f"maven_settings={folder / 'settings.xml'}"]


@contextmanager
def guarded(repository: Path, user: str, password: str) -> Iterator[str]:
    """The URL of a repository on loopback that is served to that user only."""
    wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    class Guarded(SimpleHTTPRequestHandler):
        def send_head(self) -> object:  # type: ignore[override]
            if self.headers.get("Authorization") == wanted:
                return super().send_head()
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="mine"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Guarded, directory=str(repository)))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
