"""What every database must do with tool libraries: a class of tests, inherited once a database."""

import pytest
from msgspec.structs import replace
from storage_contract import LI, snapshot

from workbench.errors import DeniedError, NotFoundError, StaleError, UnconditionalError, UsageError
from workbench.model.contract import Method
from workbench.model.library import Callable, Library, LibraryClass
from workbench.model.suite import Case, Dependency, ScriptStep, ToolStep
from workbench.storage import ANY, NOTHING, Author, LibraryFile, Snapshot, Storage, tag_of
from workbench.usecases.tool_libraries import remove_library, used_by

JAR = LibraryFile("sign.jar", "a" * 64, 3)
OFFER = Library((LibraryClass("com.x.Sign", (Callable(Method("sign"), static=True),), "sign.jar", "签名"),))


def using(*texts: str, alias: str = "sign", version: str = "1.0", subsystem: str = "order") -> Snapshot:
    steps = (
        ToolStep(id="s1", step="sign it", tool=f"{alias} com.x.Sign#sign(java.lang.String)"),
        ScriptStep(id="s2", step="in a script", script=f'$app.tool("{alias}").call("com.x.Sign#sign", "a")'),
        ScriptStep(id="s3", step="speaks of it", script=f'$app.log("{alias}")'),
    )
    held = snapshot(Case(id="c1", case="signs", steps=steps), subsystem=subsystem)
    file = replace(held.suite.file, dependencies={alias: Dependency(tool=texts, version=version)})
    return replace(held, suite=replace(held.suite, file=file))


class LibrariesContract:
    def test_versions_come_out_as_they_went_in_newest_first(self, storage: Storage) -> None:
        assert storage.libraries.put("sign", "1.0", (JAR,), OFFER, LI)
        assert storage.libraries.put("sign", "2.0", (replace(JAR, sha256="b" * 64),), OFFER, Author("wang", "faster"))
        assert [(each.version, each.author, each.message) for each in storage.libraries.all("sign")] == [
            ("2.0", "wang", "faster"), ("1.0", "li", "first")]  # fmt: skip
        assert storage.libraries.get("sign").version == "2.0"
        info = storage.libraries.get("sign", "1.0")
        assert info.files == (JAR,)
        assert storage.libraries.offer(info) == OFFER

    def test_a_version_keeps_its_files_unless_it_is_replaced(self, storage: Storage) -> None:
        storage.libraries.put("sign", "1.0", (JAR,), OFFER, LI)
        assert not storage.libraries.put("sign", "1.0", (JAR,), OFFER, LI)
        other = (replace(JAR, sha256="b" * 64),)
        with pytest.raises(UsageError, match="other files"):
            storage.libraries.put("sign", "1.0", other, OFFER, LI)
        assert storage.libraries.put("sign", "1.0", other, OFFER, LI, replace=True)
        assert storage.libraries.get("sign").files == other

    def test_unknown_ones_are_told_with_near_names(self, storage: Storage) -> None:
        storage.libraries.put("sign", "1.0", (JAR,), OFFER, LI)
        for name, version, hint in (("sing", "", "sign"), ("sign", "3", "1.0")):
            with pytest.raises(NotFoundError) as caught:
                storage.libraries.get(name, version)
            assert hint in caught.value.hint

    def test_who_uses_one_is_found_also_under_another_name(self, storage: Storage) -> None:
        storage.libraries.put("sign", "1.0", (JAR,), OFFER, LI)
        storage.suites.put(using("tools://sign", alias="sealing"), LI)
        storage.suites.put(using("tools://sign@2.0", subsystem="trade"), LI)
        storage.suites.put(using("tools://signal", subsystem="notify"), LI)
        found = used_by("sign", storage)
        assert [(use.subsystem, use.kind, use.name, use.place, use.target) for use in found] == [
            ("order", "suite", "pay", "suite.yaml", "sign@1.0"),
            ("order", "case", "signs", "step sign it", "com.x.Sign#sign"),
            ("order", "case", "signs", "script of step in a script", ""),
            ("trade", "suite", "pay", "suite.yaml", "sign@2.0"),
            ("trade", "case", "signs", "step sign it", "com.x.Sign#sign"),
            ("trade", "case", "signs", "script of step in a script", ""),
        ]
        assert {use.subsystem for use in used_by("sign", storage, "2.0")} == {"trade"}

    def test_what_is_used_is_not_removed(self, storage: Storage) -> None:
        storage.libraries.put("sign", "1.0", (JAR,), OFFER, LI)
        storage.libraries.put("sign", "2.0", (replace(JAR, sha256="b" * 64),), OFFER, LI)
        storage.suites.put(using("tools://sign"), LI)
        with pytest.raises(UsageError, match=r"used by order@1\.0\.0"):
            remove_library("sign", "1.0", storage, LI)
        remove_library("sign", "2.0", storage, LI)
        assert [each.version for each in storage.libraries.all()] == ["1.0"]

    def test_a_library_is_changed_by_its_group(self, storage: Storage) -> None:
        for group in ("pay", "empty"):
            storage.people.add_group(group, LI)
        member = Author("wang", groups=frozenset({"pay"}), home="pay")
        stranger = Author("wu", groups=frozenset({"empty"}), home="empty")
        storage.libraries.put("sign", "1", (JAR,), OFFER, LI)
        with pytest.raises(DeniedError, match="may not change sign"):
            storage.libraries.put("sign", "2", (JAR,), OFFER, member)  # it belongs to no group
        storage.libraries.give("sign", "pay", LI)
        assert storage.libraries.put("sign", "2", (JAR,), OFFER, member)
        with pytest.raises(DeniedError, match="may not change sign"):
            storage.libraries.put("sign", "3", (JAR,), OFFER, stranger)
        with pytest.raises(DeniedError, match="may not change sign"):
            storage.libraries.remove(storage.libraries.get("sign", "2"), stranger)
        assert storage.libraries.put("other", "1", (JAR,), OFFER, stranger)
        assert [(each.name, each.version, each.group) for each in storage.libraries.all()] == [
            ("other", "1", "empty"), ("sign", "2", "pay"), ("sign", "1", "pay")]  # fmt: skip
        assert storage.people.group("pay").libraries == ("sign",)
        with pytest.raises(UsageError, match="1 tool libraries belong"):
            storage.people.remove_group("empty", LI)
        storage.libraries.remove(storage.libraries.get("other"), stranger)
        storage.people.remove_group("empty", LI)
        assert [each.action for each in storage.audit.entries(action="library-given")[0]] == ["library-given"]

    def test_a_version_that_somebody_else_replaced_is_not_removed(self, storage: Storage) -> None:
        storage.libraries.put("sign", "1", (JAR,), OFFER, LI)
        info = storage.libraries.get("sign")
        seen = replace(LI, seen=tag_of(info))
        storage.libraries.put("sign", "1", (replace(JAR, sha256="b" * 64),), OFFER, LI, replace=True)
        with pytest.raises(StaleError, match="somebody else"):
            storage.libraries.remove(info, seen)
        with pytest.raises(UnconditionalError):
            storage.libraries.put("sign", "1", (JAR,), OFFER, replace(LI, seen=NOTHING), replace=True)
        storage.libraries.remove(info, replace(LI, seen=ANY))
