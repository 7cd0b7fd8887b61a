"""Letters as the search compares them, and the pieces of sentences that have no spaces."""

import pytest

from portal.search.text.excerpts import excerpt
from portal.search.text.scripts import pieces, plain
from portal.search.text.terms import Terms
from portal.search.text.words import kept, words_of


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("ＤＢ２", "db2"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("ﾃﾞｨｽｸ", "ディスク"),
        ("バス", "バス"),
        ("한글", "한글"),
        ("กำลัง", "กาลง"),
        ("हिन्दी", "हनद"),
    ],
)
def test_width_accents_and_signs_of_vowels_do_not_count(typed, same):
    assert plain(typed) == same


def test_each_two_letters_of_a_sentence_are_a_piece_and_each_letter_begins_one():
    assert pieces("磁盘已满") == "磁盘 盘已 已满 满"
    assert pieces("障害DBが停止") == "障害 害 db が停 停止 止"


def test_words_that_the_database_finds_by_itself_have_no_pieces():
    assert pieces("Rotate /var/log, then “restart” it…") == ""
    assert pieces("Ein Café am Kanal") == "cafe"


def test_a_query_is_parted_where_the_script_changes():
    assert words_of("MySQL数据库 备份") == ["mysql", "数据库", "备份"]


@pytest.mark.parametrize(
    ("query", "phrases", "literal"),
    [
        ("10.20.30.40", [["10", "20", "30", "40"]], True),
        ("see /var/log/app/error.log now", [["var", "log", "app", "error", "log"]], True),
        ('"out of memory" v1.2.3', [["out", "of", "memory"], ["v1", "2", "3"]], True),
        ("a fail-over of db-2", [["db", "2"]], True),
        ("„disk“ full", [["disk"]], True),
        ("disk full:", [], False),
        ("fail-over", [["fail", "over"]], False),
        ("ORA-00600", [["ora", "00600"]], True),
        ("数据-备份", [], False),
    ],
)
def test_what_is_typed_in_one_piece_or_between_quotes_is_a_phrase(query, phrases, literal):
    terms = Terms.of(query)

    assert terms.phrases == phrases and bool(terms.whole) == terms.is_literal == literal


def test_sentences_are_no_words_to_lead_an_error_to():
    assert kept("磁盘已满请检查", "Disk 数据库备份") == {"disk"}


@pytest.mark.parametrize(
    ("text", "word", "marked"),
    [
        ("请先检查磁盘空间", "磁盘", "磁盘"),
        ("ปัญหาของกำลังเครื่อง", "กาลง", "กำลัง"),
        ("障害DBが停止", "db", "DB"),
        ("Restart the ＮＧＩＮＸ now", "nginx", "ＮＧＩＮＸ"),
    ],
)
def test_excerpts_mark_words_inside_of_sentences(text, word, marked):
    assert [part for part, is_match in excerpt(text, [word]) if is_match] == [marked]
