"""What every database must do for users, groups, what lets people in, and the audit log."""

import threading

import pytest
from msgspec.structs import replace
from storage_contract import LI, case, snapshot

from workbench.errors import DeniedError, NotFoundError, StaleError, UsageError
from workbench.storage import At, Author, Storage, tag_of

WANG = Author("wang", via="session", address="10.0.0.7", groups=frozenset({"pay"}), home="pay")


class PeopleContract:
    def test_users_and_their_roles(self, storage: Storage) -> None:
        people = storage.people
        people.add("root", LI, administrator=True)
        for name in ("李", "Li", "li"):  # what differs by case only is another
            people.add(name, LI)
        people.add_group("pay", LI)
        people.add_group("Pay", LI)
        people.set_role("pay", "李", "edit", LI)
        people.set_role("Pay", "李", "view", LI)
        people.set_role("pay", "李", "administer", LI)
        assert people.user("李").roles == {"pay": "administer", "Pay": "view"}
        assert people.group("pay").members == {"李": "administer"}
        people.set_role("pay", "李", None, LI)
        assert people.user("李").roles == {"Pay": "view"}
        for wrong in (lambda: people.add("li", LI), lambda: people.add_group("pay", LI)):
            with pytest.raises(UsageError, match="already"):
                wrong()
        with pytest.raises(NotFoundError, match="no user 'lii'") as unknown:
            people.user("lii")
        assert "li" in unknown.value.hint
        with pytest.raises(UsageError, match="no administrator"):
            people.change("root", LI, disabled=True)
        assert people.user("root").disabled is False

    def test_what_lets_people_in_ends(self, storage: Storage) -> None:
        storage.people.add("root", LI, administrator=True)
        storage.people.add("li", LI, password="hash")
        access = storage.access
        session = access.open_session("li", 100, LI)
        token, made = access.make_token("li", "ci", "view", 100, LI)
        found = access.session(session, 100), access.token(token)
        assert [each and (each.user.name, each.scope, each.token) for each in found] == [
            ("li", "administer", ""), ("li", "view", "ci")]  # fmt: skip
        assert access.token(session) is None
        assert access.session(token, 100) is None
        assert access.tokens("li") == [replace(made, used_us=access.tokens()[0].used_us)]
        assert storage.people.password_of("li") == "hash"
        storage.people.change("li", LI, disabled=True)
        assert (access.session(session, 100), access.token(token), access.tokens()) == (None, None, [])
        assert storage.people.password_of("li") == ""

    def test_a_link_works_once(self, storage: Storage) -> None:
        storage.people.add("li", LI)
        access = storage.access
        void, first, own = access.invite(None, 60, LI), access.invite(None, 60, LI), access.invite("li", 60, LI)
        assert [access.invited(code) for code in (void, first, own, "x")] == [None, "", "li", None]
        assert [access.accept(own), access.accept(own), access.invited(own)] == [True, False, None]
        assert access.invited(access.invite("li", -1, LI)) is None

    def test_only_a_group_changes_its_subsystems(self, storage: Storage) -> None:
        for name in ("pay", "other"):
            storage.people.add_group(name, LI)
        storage.suites.put(snapshot(case("a")), WANG)
        assert storage.people.homes() == {"order": "pay"}
        storage.people.give("order", "other", LI)
        (found,) = storage.history.find("a")
        body = storage.history.body(found, 1)
        before = storage.audit.entries()
        for write in (
            lambda: storage.suites.put(snapshot(case("b")), WANG),
            lambda: storage.joins.bring(snapshot(case("b")), None, WANG, replace=True),
            lambda: storage.history.save(found, "1.0.0", body.replace('"a"', '"b"', 1), 1, WANG),
            lambda: storage.suites.new_version("order", "1.0.0", "2", WANG),
            lambda: storage.saves.restore(At("order", "1.0.0", 1), WANG),
            lambda: storage.saves.undo(At("order", "1.0.0", 1), WANG),
            lambda: storage.impacts.settle("order", "1.0.0", None, WANG),
            lambda: storage.suites.put(snapshot(subsystem="new"), replace(WANG, home="other")),
        ):
            with pytest.raises(DeniedError, match="wang may not change"):
                write()
        assert storage.audit.entries() == before
        assert [each.subsystem for each in storage.suites.versions()] == ["order"]

    def test_the_log_has_who_when_and_both_sides(self, storage: Storage) -> None:
        storage.people.add_group("pay", LI)
        storage.people.add("wang", LI)
        storage.people.set_role("pay", "wang", "edit", WANG)
        storage.suites.put(snapshot(case("a")), WANG)
        (put, role, *_), total = storage.audit.entries()
        assert (put.actor, put.via, put.address, put.subsystem) == ("wang", "session", "10.0.0.7", "order")
        assert (role.before, role.after, role.subject) == ("null", '{"role":"edit"}', "wang in pay")
        assert total == 4
        assert storage.audit.entries(subsystems=frozenset({"order"}))[0] == [put]
        assert storage.audit.entries(actor="wang", limit=1, offset=1)[0] == [role]
        assert storage.audit.entry(put.id) == put
        storage.people.set_role("pay", "wang", "edit", WANG)  # nothing changes
        assert storage.audit.entries()[1] == total

    def test_of_many_who_have_seen_the_same_one_changes_it(self, storage: Storage) -> None:
        storage.people.add("root", LI, administrator=True)
        storage.people.add_group("pay", LI)
        users = [f"u{number}" for number in range(6)]
        for user in users:
            storage.people.add(user, LI)
        seen, found = replace(LI, seen=tag_of(storage.people.group("pay"))), list[str]()

        def work(user: str) -> None:
            try:
                storage.people.set_role("pay", user, "view", seen)
                found.append("done")
            except StaleError as stale:
                found.append("stale" if '"members":{"u' in stale.theirs else stale.theirs)

        threads = [threading.Thread(target=work, args=(user,)) for user in users]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert sorted(found) == ["done", *["stale"] * 5]
        with pytest.raises(StaleError):
            storage.people.remove_group("pay", seen)
        with pytest.raises(StaleError):
            storage.people.change("u0", seen, disabled=True)
        assert not storage.people.user("u0").disabled
        now = replace(LI, seen=tag_of(storage.people.user("u0")))
        assert storage.people.change("u0", now, disabled=True).disabled
