"""A thousand documents, as gunicorn serves them."""

import shutil

from ...conftest import SAMPLE_SITE, serving

COUNT = 1_000


ABOUT = "one of a thousand documents, each with a name, an address and a description of a good length, and few words"
DOCUMENT = f"""# Number {{0}}
## /many/number-{{0}}

## META

```
Title: The document with the number {{0}} | LayersRank
Description: Number {{0}}, {ABOUT}.
```

Words.
"""


def write_many(folder):
    (folder / "many").mkdir()
    for number in range(COUNT):
        (folder / "many" / f"number-{number}.md").write_text(DOCUMENT.format(number))


def test_gunicorn_serves_a_thousand_documents(tmp_path):
    shutil.copytree(SAMPLE_SITE, tmp_path / "content")
    write_many(tmp_path / "content")
    with serving(tmp_path) as server:
        assert "<h1>Number 999</h1>" in server.get("/many/number-999").text
        server.published("/")
        path = server.content / "many" / "number-500.md"
        path.write_text(path.read_text().replace("Words.", "Fresh words."))
        server.until("/many/number-500", lambda response: "Fresh words." in response.text)
        server.published("/many/number-500")
        server.until("/search?q=fresh", lambda response: "<mark>Fresh</mark>" in response.text)
        assert server.get("/many/number-1000").status == 404
