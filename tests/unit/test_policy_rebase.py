"""A draft made from one version, put on another: nobody's change is lost, and nothing is decided silently."""

from dataclasses import replace
from typing import Any

from core.policy import DEFAULT_VERSION, PolicyVersion, Rule, diff, validate_limits, validate_version
from core.policy.rebase import Conflict, rebase


def changed(version: PolicyVersion, rule_id: str, **limits: Any) -> PolicyVersion:
    rules = tuple(
        replace(rule, limits=replace(rule.limits, **limits)) if rule.id == rule_id else rule for rule in version.rules
    )
    return PolicyVersion(version.number, rules)


def without(version: PolicyVersion, rule_id: str) -> PolicyVersion:
    return PolicyVersion(version.number, tuple(rule for rule in version.rules if rule.id != rule_id))


BASE = DEFAULT_VERSION
THEIRS = replace(changed(BASE, "cn", max_instalments=30), number=2)


def test_changes_of_different_fields_are_both_kept() -> None:
    mine = changed(changed(BASE, "cn", promise_max_days=14), "us", max_instalments=12)
    result = rebase(BASE, mine, THEIRS)
    assert result.conflicts == ()
    assert result.version.number == 2
    assert {(change.rule, change.field) for change in diff(BASE, result.version)} == {
        ("cn", "max_instalments"),
        ("cn", "promise_max_days"),
        ("us", "max_instalments"),
    }
    assert validate_limits(result.version.rules[0].limits, "cn") == ()


def test_the_same_change_by_both_is_no_conflict() -> None:
    mine = changed(BASE, "cn", max_instalments=30)
    result = rebase(BASE, mine, THEIRS)
    assert result.conflicts == ()
    assert result.version == THEIRS


def test_a_field_that_both_changed_is_a_conflict_until_it_is_chosen() -> None:
    mine = changed(BASE, "cn", max_instalments=12, promise_max_days=14)
    result = rebase(BASE, mine, THEIRS)
    was = str(next(rule for rule in BASE.rules if rule.id == "cn").limits.max_instalments)
    assert result.conflicts == (Conflict("cn", "max_instalments", was, "30", "12"),)
    key = result.conflicts[0].key
    kept = rebase(BASE, mine, THEIRS, keep={key})
    taken = rebase(BASE, mine, THEIRS, take={key})
    assert (kept.conflicts, taken.conflicts) == ((), ())
    assert kept.version.rules == changed(THEIRS, "cn", promise_max_days=14, max_instalments=12).rules
    assert taken.version.rules == changed(THEIRS, "cn", promise_max_days=14).rules


def test_lists_are_shown_in_words_and_conflict_as_one() -> None:
    rhythm = BASE.rules[0].limits.frequencies
    theirs = replace(changed(BASE, "cn", frequencies=rhythm[:1]), number=2)
    mine = changed(BASE, "cn", frequencies=rhythm[1:])
    [conflict] = rebase(BASE, mine, theirs).conflicts
    assert (conflict.theirs, conflict.mine) == (rhythm[0].value, ", ".join(each.value for each in rhythm[1:]))


def test_a_rule_that_is_new_in_either_is_in_both() -> None:
    limits = BASE.rules[0].limits
    mine = PolicyVersion(1, (*BASE.rules, Rule("cn", "bnpl", limits)))
    theirs = PolicyVersion(2, (*BASE.rules, Rule("uk", "overdraft", limits)))
    names = [rule.id for rule in rebase(BASE, mine, theirs).version.rules]
    assert names[-2:] == ["uk/overdraft", "cn/bnpl"]


def test_a_rule_that_both_added_differently_conflicts_field_by_field() -> None:
    limits = BASE.rules[0].limits
    mine = PolicyVersion(1, (*BASE.rules, Rule("cn", "bnpl", limits)))
    theirs = PolicyVersion(2, (*BASE.rules, Rule("cn", "bnpl", replace(limits, max_instalments=5))))
    [conflict] = rebase(BASE, mine, theirs).conflicts
    assert (conflict.rule, conflict.field, conflict.base, conflict.theirs) == ("cn/bnpl", "max_instalments", None, "5")


def test_a_rule_that_one_removed_is_gone_unless_the_other_changed_it() -> None:
    name = "cn/credit_card"
    assert rebase(BASE, without(BASE, name), THEIRS).version.rules == without(THEIRS, name).rules
    assert rebase(BASE, changed(BASE, "us", max_instalments=9), without(BASE, name)).version.rules == (
        changed(without(BASE, name), "us", max_instalments=9).rules
    )
    theirs = changed(BASE, name, max_instalments=5)
    result = rebase(BASE, without(BASE, name), theirs)
    assert result.conflicts == (Conflict(name, "", "", "", None),)
    assert name in {rule.id for rule in result.version.rules}
    chosen = rebase(BASE, without(BASE, name), theirs, keep={(name, "")})
    assert name not in {rule.id for rule in chosen.version.rules}
    other = rebase(BASE, theirs, without(BASE, name))
    assert other.conflicts == (Conflict(name, "", "", None, ""),)
    assert name not in {rule.id for rule in other.version.rules}
    kept = rebase(BASE, theirs, without(BASE, name), keep={(name, "")})
    assert [rule.limits.max_instalments for rule in kept.version.rules if rule.id == name] == [5]


def test_a_finer_rule_that_each_emptied_in_part_gives_nothing_and_may_not_stand() -> None:
    whole = Rule("cn", None, BASE.rules[0].limits, bucket="M2", segment="hardship")
    both = {"max_instalments": 12, "promise_max_days": 9}
    base, mine, theirs = (
        PolicyVersion(number, (*BASE.rules, whole.giving(given)))
        for number, given in ((1, both), (1, {"max_instalments": 12}), (2, {"promise_max_days": 9}))
    )
    result = rebase(base, mine, theirs)
    assert result.conflicts == ()
    assert result.version.rules[-1].given == {}
    assert [problem.message_key for _, problem in validate_version(result.version)] == ["limits.gives_nothing"]
    other = PolicyVersion(2, (*BASE.rules, whole.giving(both | {"max_instalments": 6})))
    assert rebase(base, mine, other).version.rules[-1].given == {"max_instalments": 6}
