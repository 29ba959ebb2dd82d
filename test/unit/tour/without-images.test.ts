import assert from "node:assert/strict";
import { micromark } from "micromark";
import { withoutImages } from "../../../src/tour/without-images";

describe("a tour's words", () => {
  const html = (words: string) => micromark(withoutImages(words));
  it("show no image: its address becomes a link", () => {
    assert.match(micromark("![x](https://example.org/a.png)"), /<img/, "else this test shows nothing");
    for (const words of [
      "![x](https://example.org/a.png)",
      "![x][a]\n\n[a]: https://example.org/a.png",
      "a!![x](https://example.org/a.png)",
      "`a` ![x](https://example.org/a.png) `b`",
      "`` ` ![x](https://example.org/a.png)",
    ])
      assert.doesNotMatch(html(words), /<img/, words);
    assert.match(html("![x](https://example.org/a.png)"), /!<a href="https:\/\/example\.org\/a\.png">x<\/a>/);
  });
  it("keep code as it is", () => {
    for (const words of ["`y = ![0]`", "`` ` ![0] ``", "if (!a[i])"]) assert.equal(withoutImages(words), words);
  });
});
