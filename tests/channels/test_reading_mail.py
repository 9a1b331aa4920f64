"""Mails as the world sends them: old charsets, broken headers, parts within parts, and far too much of everything."""

from __future__ import annotations

import time
import tracemalloc
from email.message import EmailMessage

import pytest

from shuoshi.channels.mail.quoting import without_quotes
from shuoshi.channels.mail.reading import LARGEST, Unreadable, head_of, read

pytestmark = [pytest.mark.once, pytest.mark.drill(11)]
WORDS = "村口的路灯坏了，请来修。"


def raw(body: bytes = b"x", **headers: str | bytes) -> bytes:
    """As the bytes stand on the line."""
    given: dict[str, str | bytes] = {"From": "chen@example.com", "Subject": "x", **headers}
    lines = [
        name.replace("_", "-").encode() + b": " + (value if isinstance(value, bytes) else value.encode())
        for name, value in given.items()
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030", "x-gbk", "no-such-charset", ""])
def test_chinese_is_read_whatever_the_charset_is_called(charset: str):
    encoding = "gb18030" if charset.startswith(("gb", "x-")) else "utf-8"
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    assert read(raw(WORDS.encode(encoding), Content_Type=kind)).text == WORDS


def test_traditional_characters_are_read():
    words = "村口的路燈壞了，請來修。"
    assert read(raw(words.encode("big5"), Content_Type="text/plain; charset=big5")).text == words


def test_bytes_that_name_no_charset_or_a_wrong_one_are_tried():
    assert read(raw(WORDS.encode("gb18030"))).text == WORDS
    assert read(raw(WORDS.encode("gb18030"), Content_Type="text/plain; charset=utf-8")).text == WORDS


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("=?utf-8?B?6Lev54Gv?=", "路灯"),
        ("=?gb2312?B?wrey?= =?gb2312?B?xg==?=", "路"),
        ("=?gbk?Q?=C2=B7=B5=C6?=", "路灯"),
        ("=?no-such?B?6Lev54Gv?=", "路灯"),
        ("=?utf-8?B?6Lev5?=", "=?utf-8?"),
        ("路灯".encode(), "路灯"),
        ("路灯".encode("gb18030"), "路灯"),
        ("a\u202egpj.exe\u200b", "agpj.exe"),
    ],
)
def test_subjects_are_decoded_as_far_as_they_can_be(subject: str | bytes, said: str):
    assert read(raw(Subject=subject)).head.subject.startswith(said)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "=?unicode_escape?q?=5Cud800?="},
        {"Subject": "=?raw_unicode_escape?q?=5Cud800?="},
        {"From": "=?utf-7?q?+2AA-?= <chen@example.com>"},
        {"Content_Type": "image/\udcff"},
        {"Content_Disposition": "attachment; filename*=unicode_escape''%5Cud800.txt"},
        {"Content_Type": "text/plain; charset=utf-7"},
    ],
)
def test_nothing_is_read_that_no_row_could_hold(headers: dict[str, str]):
    sent = raw(b"+2AA-", **{name: value.encode("utf-8", "surrogateescape") for name, value in headers.items()})
    try:
        found = read(sent)
    except Unreadable:
        return
    head = found.head
    words = [head.subject, head.sender, head.sender_name, found.whole, *(one.name for one in found.files)]
    assert "".join(words).encode()


def test_names_of_files_are_decoded_and_hold_no_path():
    part = b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; %s\r\n\r\nx\r\n"
    names = [
        b"filename*=utf-8''%E8%B7%AF%E7%81%AF.png",
        b"filename*0*=utf-8''%E8%B7%AF; filename*1*=%E7%81%AF.png",
        b'filename="=?utf-8?B?6Lev54GvLnBuZw==?="',
        b'filename="..\\\\..\\\\etc/\xe8\xb7\xaf\xe7\x81\xaf.png"',
    ]
    found = read(raw(b"".join(part % name for name in names) + b"--b--", Content_Type="multipart/mixed; boundary=b"))
    assert [one.name for one in found.files] == ["路灯.png"] * 4


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("陈大明 <Chen@Example.com>", "陈大明", "chen@example.com"),
        ('"chen@bank.example" <eve@example.org>', "chen@bank.example", "eve@example.org"),
        ("chen@example.com", "", "chen@example.com"),
        ("chen@example.com (陈大明)", "", "chen@example.com"),
        ("a@b.example, c@d.example", "", ""),
        ("A <a@b.example>, C <c@d.example>", "", ""),
        ("<>", "", ""),
        ("nobody", "", ""),
        ("a@b@c.example", "", ""),
        ("chen@example.com\r\n\tBcc: x@y.z", "", ""),
        ("a" * 3000 + "@example.com", "", ""),
        ("(" * 3000, "", ""),
        ("x" * 70 + "@example.com", "", ""),
    ],
)
def test_who_wrote_is_one_address_or_nobody(sender: str, name: str, address: str):
    head = read(raw(From=sender)).head
    assert (head.sender_name if address else "", head.sender) == (name, address)


def test_of_html_the_words_stay_and_nothing_is_run_or_fetched():
    html = (
        "<html><head><title>t</title><style>p{color:red}</style></head><body><p>路灯坏了&nbsp;&lt;三组&gt;</p>"
        "<script>alert(1)</script><div>请来修<br>谢谢</div><img src='http://evil.example/x.png' alt='x'>"
        "<a href='http://evil.example'>看这里</a></body></html>"
    )
    text = read(raw(html.encode(), Content_Type="text/html; charset=utf-8")).text
    assert [line for line in text.splitlines() if line] == ["路灯坏了 <三组>", "请来修", "谢谢", "看这里"]


def test_plain_words_go_before_html():
    message = EmailMessage()
    message["From"] = "chen@example.com"
    message.set_content(WORDS)
    message.add_alternative("<p>other</p>", subtype="html")
    assert read(message.as_bytes()).text == WORDS


def test_a_mail_within_the_mail_is_attached_and_its_words_are_not_theirs():
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content("别人写的")
    outer["From"] = "chen@example.com"
    outer.set_content(WORDS)
    outer.add_attachment(inner)
    found = read(outer.as_bytes())
    assert found.text == WORDS and [one.media_type for one in found.files] == ["message/rfc822"]


@pytest.mark.parametrize(
    "quoted",
    [
        "在 2026年11月24日，shuo@qinghe.example 写道：\n> 您说的事登记好了",
        "On Tue, 24 Nov 2026 at 10:00, Shuo <shuo@qinghe.example> wrote:\n> registered",
        "------------------ 原始邮件 ------------------\n发件人: x",
        "-----Original Message-----\nFrom: x",
        "发件人：shuo@qinghe.example\n发送时间：2026年11月24日\n收件人：陈大明",
        "> 您说的事登记好了\n> 编号",
    ],
)
def test_what_is_answered_is_cut_off_and_kept_beside(quoted: str):
    whole = f"水还没有来。\n\n{quoted}"
    assert without_quotes(whole) == "水还没有来。"
    assert read(raw(whole.encode())).whole == whole


@pytest.mark.parametrize(
    "words",
    [
        "村长在会上说，公告上写道：\n本月修好。\n可是没有修。",
        "> 只有引用",
        "发件人：这几个字是我写的，没有别的。",
        "第一，>500 元的补贴没有发。\n第二，路没有修。",
    ],
)
def test_words_of_their_own_are_never_cut(words: str):
    assert without_quotes(words) == words


def _nested(depth: int) -> bytes:
    body = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth))
    return raw(body, Content_Type="multipart/mixed; boundary=b0")


HOSTILE = {
    "ten thousand recipients": raw(To=", ".join(f"a{n}@example.com" for n in range(10_000))),
    "recipients without an end": raw(To="(" * 200_000, Cc='"' * 200_000),
    "parts within parts": _nested(5000),
    "parts within parts, just few enough": _nested(90) + b"\r\nx" * 80_000,
    "mails within mails": raw(b"Content-Type: message/rfc822\r\n\r\n" * 3000, Content_Type="message/rfc822"),
    "lines without words": raw(b"\r\n" * 4_000_000),
    "a header without an end": raw(Content_Type='text/plain; a="' + ';"' * 100_000),
    "parameters without an end": raw(Content_Type="text/plain" + "; a=b" * 20_000),
    "a header folded for ever": raw(Subject="x" + "\r\n " * 100_000),
    "encoded words without an end": raw(Subject="=?utf-8?q?" + "=41" * 50_000 + "?= " * 1000),
    "ids without an end": raw(References="<" * 100_000 + "a@b> " * 20_000),
    "tags that never close": raw(b"<p" * 200_000, Content_Type="text/html"),
    "tags in tags": raw(b"<div>" * 14_900, Content_Type="text/html"),
    "tags in tags without an end": raw(b"<div>" * 100_000, Content_Type="text/html"),
    "comments that never close": raw(b"<!--" * 100_000, Content_Type="text/html"),
    "entities": raw(b"&amp" * 100_000, Content_Type="text/html"),
    "entities of blanks": raw(b"&#9;" * 90_000, Content_Type="text/html"),
    "entities of blanks and lines": raw(b"&#10;&#9;" * 40_000, Content_Type="text/html"),
    "a charset that takes hours": raw(b"a" * 1_000_000, Content_Type="text/plain; charset=punycode"),
    "names of files in a charset that takes hours": raw(
        (b"--b\r\nContent-Type: image/png; name*=punycode''" + b"a" * 3900 + b"\r\n\r\nx\r\n") * 190,
        Content_Type="multipart/mixed; boundary=b",
    ),
    "one long line": raw(b"x" * 20_000_000),
    "quotes": raw(b"> " * 2_000_000 + b"\r\n>" * 20_000),
    "not a mail": bytes(range(256)) * 10_000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_is_sent_stalls_the_intake(name: str):
    began = time.process_time()
    try:
        found = read(HOSTILE[name])
    except Unreadable:
        head_of(HOSTILE[name])
    else:
        assert len(found.whole) <= 200_000
    assert time.process_time() - began < 5


def test_what_is_too_big_is_not_looked_at():
    with pytest.raises(Unreadable):
        read(b"x" * (LARGEST + 1))


def test_the_largest_mail_takes_no_more_than_a_few_times_its_size():
    body = b"--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body += (b"A" * 76 + b"\r\n") * ((LARGEST - 10_000) // 78) + b"--b--"
    whole = raw(body, Content_Type="multipart/mixed; boundary=b")
    tracemalloc.start()
    try:
        found = read(whole)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.files[0].data == b"" and most < 8 * LARGEST
