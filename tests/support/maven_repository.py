"""A Maven repository that is a folder, and settings that know it: no network is needed.

The plug-in that Maven runs is one that builds the samples, so the build has brought it home already.
"""

import zipfile
from pathlib import Path

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.example.mine</groupId><artifactId>{artifact}</artifactId><version>{version}</version>{more}</project>"""
NEEDS = """<dependencies><dependency><groupId>com.example.mine</groupId><artifactId>{}</artifactId>
<version>1.0.0</version></dependency></dependencies>"""
_SETTINGS = """<settings><localRepository>{local}</localRepository>{offline}
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


def settings(folder: Path, offline: str = "", url: str = "") -> list[str]:
    """A local repository of the test's own; what the build has brought home stands for Maven Central."""
    central = (Path.home() / ".m2" / "repository").as_uri()
    url = url or (folder / "repository").as_uri()
    text = _SETTINGS.format(local=folder / "local", url=url, central=central, offline=offline)
    (folder / "settings.xml").write_text(text)
    return ["--data-dir", str(folder / "data"), "-o", f"maven_settings={folder / 'settings.xml'}"]
