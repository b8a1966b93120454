from pathlib import Path

import pytest

from workbench.errors import ErrorGroup, SettingsError, UsageError
from workbench.plugin_api import ParseLimits
from workbench.settings import Settings, load_settings


def test_defaults(tmp_path: Path) -> None:
    assert load_settings(environ={}, cwd=tmp_path) == Settings(data_dir=tmp_path / ".workbench")


def test_command_line_beats_environment_beats_file(tmp_path: Path) -> None:
    (tmp_path / "workbench.toml").write_text('concurrency = 1\njava = "a"\nregistry_timeout = "1s"\n')
    environ = {"WORKBENCH_CONCURRENCY": "2", "WORKBENCH_JAVA": "b", "PATH": "/bin"}
    settings = load_settings({"concurrency": "3"}, environ=environ, cwd=tmp_path)
    assert (settings.concurrency, settings.java, settings.registry_timeout_s) == (3, "b", 1.0)


def test_nested_keys_in_all_three(tmp_path: Path) -> None:
    (tmp_path / "workbench.toml").write_text("[parse_limits]\nmax_depth = 7\nmax_name = 8\n")
    environ = {"WORKBENCH_PARSE_LIMITS__MAX_NAME": "9"}
    settings = load_settings({"parse_limits.max_ratio": "10"}, environ=environ, cwd=tmp_path)
    assert settings.parse_limits == ParseLimits(max_depth=7, max_name=9, max_ratio=10)


def test_the_file_is_found_in_the_data_directory_or_by_name(tmp_path: Path) -> None:
    data = tmp_path / "d"
    data.mkdir()
    (data / "workbench.toml").write_text("concurrency = 4\n")
    assert load_settings({"data_dir": "d"}, environ={}, cwd=tmp_path).concurrency == 4
    assert load_settings(environ={"WORKBENCH_DATA_DIR": str(data)}, cwd=tmp_path).concurrency == 4
    (tmp_path / "other.toml").write_text("concurrency = 5\n")
    assert load_settings(environ={"WORKBENCH_CONFIG": "other.toml"}, cwd=tmp_path).concurrency == 5
    assert load_settings(config="d/workbench.toml", environ={"WORKBENCH_CONFIG": "no"}, cwd=tmp_path).concurrency == 4


def test_paths_of_the_file_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "w.toml").write_text('data_dir = "data"\nbridge_jar = "b.jar"\njava = "java17"\n')
    settings = load_settings(config="conf/w.toml", environ={}, cwd=tmp_path)
    assert settings.data_dir == tmp_path / "conf" / "data"
    assert settings.bridge_jar == str(tmp_path / "conf" / "b.jar")
    assert settings.java == "java17"


def test_all_unknown_keys_are_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "workbench.toml").write_text("concurency = 1\n[parse_limits]\nmax_deep = 1\n")
    with pytest.raises(ErrorGroup) as group:
        load_settings(environ={}, cwd=tmp_path)
    text = str(group.value)
    assert "workbench.toml: concurency: there is no setting concurency\n  → did you mean concurrency" in text
    assert "parse_limits.max_depth" in text


def test_a_misspelt_variable_is_an_error_a_foreign_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="environment variable WORKBENCH_CONCURENCY"):
        load_settings(environ={"WORKBENCH_CONCURENCY": "1"}, cwd=tmp_path)
    foreign = {"WORKBENCH_SERVICE_HOST": "10.0.0.1", "WORKBENCH_PORT_80_TCP": "x", "WORKBENCH_ZK_AUTH": "a:b"}
    assert load_settings(environ=foreign, cwd=tmp_path).concurrency == 16


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("concurrency = 'many'", "workbench.toml: concurrency: 'many' does not fit"),
        ("concurrency = 1.5", "workbench.toml: concurrency: Decimal"),
        ("concurrency = ", "not TOML"),
        ("registry_timeout = 'soon'", "'soon' is not a duration"),
        ("parse_limits = 3", "there is no setting parse_limits"),
    ],
)
def test_bad_values_name_their_place(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "workbench.toml").write_text(toml)
    with pytest.raises((SettingsError, UsageError)) as error:
        load_settings(environ={}, cwd=tmp_path)
    assert said in str(error.value)
    assert "workbench.toml" in str(error.value)


def test_a_named_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(config="none.toml", environ={}, cwd=tmp_path)
