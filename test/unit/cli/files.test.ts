/** What stands where a file of a tree is expected: whatever it is, it is read or refused in a sentence. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { filesOf, scenarioNamed, UsageError } from "../../../src/cli/inputs";
import { packageRoot, shippedFiles } from "../../../src/cli/node-host";
import { editionPaths } from "../../../src/kernel/companions";
import { expandEdition } from "../../../src/kernel/edition";
import { decodeText } from "../../../src/kernel/syntax/decode-text";
import { positionAt } from "../../../src/kernel/syntax/source";
import { build } from "../../support/kernel";

const TLB = "arch/x86/mm/tlb.c";

describe("in place of a file of a tree", () => {
  let root: string;
  let tlb: string;
  let text: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), "tlbscope-"));
    tlb = path.join(root, TLB);
    for (const p of editionPaths) {
      mkdirSync(path.dirname(path.join(root, p)), { recursive: true });
      const edition = path.join(packageRoot(), "walkthroughs", "edition", p);
      writeFileSync(path.join(root, p), expandEdition(readFileSync(edition, "utf8")));
    }
    text = readFileSync(tlb, "utf8");
    unlinkSync(tlb);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const refusal = (): string => {
    try {
      filesOf(root);
    } catch (e) {
      assert.ok(e instanceof UsageError, String(e));
      return e.message.replace(tlb, "tlb.c");
    }
    return "";
  };
  const read = (): string => filesOf(root).find((f) => f.path === TLB)!.text;

  it("a device is refused", () => {
    symlinkSync("/dev/zero", tlb);
    assert.equal(refusal(), "tlb.c is a device, where a text file is expected.");
  });
  it("a pipe is refused, and nobody waits for its other end", () => {
    assert.equal(spawnSync("mkfifo", [tlb]).status, 0);
    assert.equal(refusal(), "tlb.c is a pipe, where a text file is expected.");
  });
  it("a folder is refused; the command line says so with status 2 and without a stack", () => {
    mkdirSync(tlb);
    assert.equal(refusal(), "tlb.c is a folder, where a text file is expected.");
    const cli = path.join(packageRoot(), "dist/cli.js");
    const { status, stderr } = spawnSync(process.execPath, [cli, "check", root], { encoding: "utf8" });
    assert.deepEqual([status, stderr], [2, `tlbscope: ${tlb} is a folder, where a text file is expected.\n`]);
  });
  it("a symbolic link to itself is refused", () => {
    symlinkSync(tlb, tlb);
    assert.equal(refusal(), "tlb.c can't be read: its symbolic links go round in a circle.");
  });
  it("a link to a file is read, and one to nothing counts as no file", () => {
    writeFileSync(path.join(root, "elsewhere.c"), text);
    symlinkSync(path.join(root, "elsewhere.c"), tlb);
    assert.equal(read(), text);
    unlinkSync(path.join(root, "elsewhere.c"));
    assert.ok(!filesOf(root).some((f) => f.path === TLB));
  });
  it("UTF-16 is read, and so is what a byte order mark begins, with the columns of an editor", () => {
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
    for (const bytes of [Buffer.from(`\uFEFF${text}`), utf16, Buffer.from(utf16).swap16()]) {
      writeFileSync(tlb, bytes);
      assert.equal(read(), text);
    }
    writeFileSync(tlb, "\uFEFF#else\n");
    const { span } = build([...filesOf(root), ...shippedFiles()]).diagnostics.find((d) => d.span.file.path === TLB)!;
    assert.deepEqual(positionAt(span.file, span.start), { line: 1, column: 1 });
  });
  it("UTF-16 without a mark, and what else is no text, is refused", () => {
    writeFileSync(tlb, Buffer.from("int a;", "utf16le"));
    assert.equal(
      refusal(),
      "tlb.c is no text: character 2 is a NUL. Save it as UTF-8, or as UTF-16 with a byte order mark.",
    );
  });
  it("a file without an end to speak of is refused", () => {
    writeFileSync(tlb, Buffer.alloc(17 * 2 ** 20, "x"));
    assert.match(refusal(), /^tlb\.c is too large to be read: it has \d+ bytes\.$/);
  });
  it("bytes that are no UTF-8 are read, one character each", () =>
    assert.equal(decodeText(Buffer.from([0x2f, 0x2a, 0xe9, 0x2a, 0x2f]), "x"), "/*\uFFFD*/"));
  it("a scenario that is a folder is refused", () =>
    assert.throws(() => scenarioNamed(root), new UsageError(`${root} is a folder, where a text file is expected.`)));
});
