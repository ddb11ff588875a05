"""A marketer keeps the facts in facts.toml up to date."""

PRICE = """
[price.growth]
value = "₹1,800"
what = "One assessment on the Growth plan"
source = "The price list"
confirmed = 2020-01-31
confirm_every = "90 days"
names = ["Growth"]
"""


def add_fact(marketer, text):
    marketer.write("facts.toml", (marketer.folder / "facts.toml").read_text() + text)


def test_add_a_fact_and_confirm_it_later(marketer):
    add_fact(marketer, PRICE)
    assert marketer.problems() == []
    output, passes = marketer.run("check_content", "--strict")
    assert passes and "content/facts.toml:17:13: notice: stale-fact" in output
    marketer.edit("facts.toml", "2020-01-31", "2026-11-29")
    marketer.edit("facts.toml", 'confirm_every = "90 days"\n', "")
    assert "stale-fact" not in marketer.run("check_content", "--strict")[0]
    assert "One assessment on the Growth plan: ₹1,800" in marketer.get("/llms.txt").content.decode()
    assert "price.growth" in {fact["name"] for fact in marketer.get("/facts.json").json()["facts"]}


def test_a_slip_in_facts_toml_keeps_the_site_as_it_was(marketer):
    before = marketer.text("/", "footer address")
    for old, new in (
        ('"info@the-algo.com"', "info@the-algo.com"),
        ("[email]", "[email"),
        ('what = "The phone', 'waht = "The phone'),
    ):
        text = (marketer.folder / "facts.toml").read_text()
        marketer.edit("facts.toml", old, new)
        assert {report["rule"] for report in marketer.reports()} == {"facts"}
        assert marketer.text("/", "footer address") == before
        marketer.write("facts.toml", text)


def test_move_the_phones_from_an_old_site_toml(marketer):
    marketer.add_to_site('[phones]\nIndia = "+91 89624 12726"')
    [report] = marketer.reports()
    assert report["rule"] == "site-settings" and "write [phone.India]" in report["help"]
