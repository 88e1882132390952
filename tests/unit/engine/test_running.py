"""Running: one door, and what comes out of it when an engine fails."""

from __future__ import annotations

import traceback

import pytest

from justice_analysis import engine
from justice_analysis.engine.running import guarded
from justice_analysis.errors import EngineError, SourceError


@pytest.fixture
def backend():
    opened = engine.connect()
    yield opened
    opened.disconnect()


def failing(message, kind=RuntimeError):
    def fail():
        raise kind(message)

    return fail


def test_a_failure_carries_no_text_of_the_engine(backend):
    table = engine.memory_table(backend, {"n": [9223372036854775807]}, {"n": "int64"})
    with pytest.raises(EngineError) as caught:
        engine.execute(table.mutate(n=table.n + 1), step="adding one")
    assert str(caught.value) == (
        "adding one: the engine could not run the query (OutOfRangeException). "
        "Check the columns that it uses."
    )
    assert "9223372036854775807" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_running_out_of_memory_has_a_sentence_of_its_own(tmp_path):
    backend = engine.connect(memory_limit_gb=0.03, threads=1, temp_directory=tmp_path)
    backend.raw_sql("SET max_temp_directory_size = '1MB'")
    backend.raw_sql("CREATE VIEW many AS SELECT md5(i::text) AS id FROM range(2000000) t(i)")
    many = backend.table("many")
    with pytest.raises(EngineError, match=r"counting ids: .*(memory|disk)"):
        engine.execute(many.id.nunique(), step="counting ids")


@pytest.mark.parametrize(
    ("message", "kind", "said"),
    [
        ("java.lang.OutOfMemoryError: Java heap space", EngineError, "out of memory"),
        ("IO Error: No space left on device", EngineError, "disk is full"),
        ("CSV Error on Line: 3\nOriginal Line: secret", SourceError, "as many columns"),
        ("[MALFORMED_RECORD_IN_PARSING] secret", SourceError, "as many columns"),
        ("secret", EngineError, "could not run"),
    ],
)
def test_each_kind_of_failure_is_named_without_its_text(message, kind, said):
    with pytest.raises(kind, match=said) as caught:
        guarded(failing(message), "loading")
    assert "secret" not in str(caught.value)


def test_a_failure_of_ours_passes_unchanged():
    with pytest.raises(SourceError, match=r"^as it was$"):
        guarded(failing("as it was", SourceError), "loading")


def test_an_interrupt_is_not_a_failure_of_the_engine():
    with pytest.raises(KeyboardInterrupt):
        guarded(failing("stop", KeyboardInterrupt), "loading")


def test_a_materialised_table_can_be_used_twice(backend):
    table = engine.memory_table(backend, {"n": [1, 2]}, {"n": "int64"})
    kept = engine.materialise(table.filter(table.n > 1), step="keeping")
    assert engine.count_rows(kept.cross_join(kept.view())) == 1
