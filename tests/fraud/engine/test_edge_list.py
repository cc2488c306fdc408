"""Edge files of every shape, and bad ones that name their line."""

import gzip

import pytest

from fraud.engine.edge_list import BadEdgeList, read_edges

EDGES = [(0, 1, 10), (1, 2, 20), (2, 0, 30)]


def read(text: str, columns: str | None = None) -> list[tuple[int, int, float]]:
    edges = read_edges(text.encode(), columns.split(",") if columns else None)
    return list(zip(edges.tail.tolist(), edges.head.tolist(), edges.time.tolist(), strict=True))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " ", "   "])
def test_any_separator_is_read(separator: str) -> None:
    assert read("\n".join(separator.join(map(str, edge)) for edge in EDGES)) == EDGES


@pytest.mark.parametrize("header", ["src,dst,time", "Source,Target,Timestamp", "who,whom,when", '"from","to","ts"'])
def test_a_header_is_detected(header: str) -> None:
    assert read(f"{header}\n0,1,10\n1,2,20\n2,0,30\n") == EDGES


def test_a_header_may_put_the_columns_in_any_order() -> None:
    assert read("time,amount,payee,payer\n10,5,1,0\n20,5,2,1\n30,5,0,2\n") == EDGES


def test_four_columns_are_ends_amount_and_time() -> None:
    assert read("0,1,99.5,10\n1,2,99.5,20\n2,0,99.5,30\n") == EDGES


def test_named_columns_are_obeyed_and_others_ignored() -> None:
    assert read("10,x,0,1\n20,x,1,2\n30,x,2,0\n", "time,note,src,dst") == EDGES


def test_a_header_above_named_columns_is_skipped() -> None:
    assert read("when,note,a,b\n10,x,0,1\n20,x,1,2\n30,x,2,0\n", "time,note,src,dst") == EDGES


def test_names_become_numbers_in_order_of_the_alphabet() -> None:
    edges = read("amit,bina,1\nbina,chand,2\n")
    assert [edge[0] < edge[1] for edge in edges] == [True, True]


def test_gzip_blank_lines_comments_and_windows_line_ends_are_fine() -> None:
    edges = read_edges(gzip.compress(b"\xef\xbb\xbf# exported\r\n0,1,10\r\n\r\n1,2,20\r\n2,0,30\r\n"))
    assert edges.tail.tolist() == [0, 1, 2]


def test_fractional_times_stay_fractional() -> None:
    assert [edge[2] for edge in read("0,1,1.5\n1,2,2\n")] == [1.5, 2.0]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("0,1,10\n1,2\n", 2, "2 fields where 3"),
        ("0,1,10\n\n1,2,20,4\n", 3, "4 fields where 3"),
        ("src,dst,time\n0,1,10\n1,2,noon\n", 3, "'noon'"),
        ("0,1,10\n1,2,nan\n", 2, "not a number"),
        ("0,1,10\n1,,20\n", 2, "dst is empty"),
        ("a,b,c,d,e\n", 1, "--columns"),
    ],
)
def test_a_bad_line_is_named(text: str, line: int, words: str) -> None:
    with pytest.raises(BadEdgeList, match=f"^line {line}: .*{words}"):
        read(text)


def test_bytes_that_are_no_text_are_named_by_line() -> None:
    with pytest.raises(BadEdgeList, match=r"^line 2: not UTF-8"):
        read_edges(b"0,1,10\n\xff,2,20\n")


def test_a_cut_gzip_file_is_refused() -> None:
    with pytest.raises(BadEdgeList, match="gzip file is damaged"):
        read_edges(gzip.compress(b"0,1,10\n" * 50)[:-9])


def test_columns_must_name_both_ends_and_the_time() -> None:
    with pytest.raises(BadEdgeList, match="time exactly once"):
        read("0,1,10\n", "src,dst,when")


def test_an_empty_file_has_no_edges() -> None:
    assert read("") == []
    assert read("src,dst,time\n") == []
