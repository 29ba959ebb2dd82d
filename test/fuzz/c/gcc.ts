/** gcc as the judge: what a program leaves in its variables, and which texts it refuses. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Declaration } from "./declarations";

/** The kernel's integer types, for gcc; the product knows them. */
export const kernelTypes =
  "typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;\n" +
  "typedef unsigned int u32; typedef int s32; typedef unsigned long u64; typedef long s64;\n";

/** What the programs and their main function need of the C library: its headers would take longer than all the rest. */
const library =
  "#define bool _Bool\n#define true 1\n#define false 0\n" +
  "int printf(const char *, ...); int puts(const char *); int fflush(void *); int fork(void); void _exit(int);\n" +
  "unsigned alarm(unsigned); int waitpid(int, int *, int);\n";

/** Is there a gcc? Without one, what it has to judge is left out, and said. */
export const hasGcc = (): boolean => spawnSync("gcc", ["--version"]).status === 0;

const folder = mkdtempSync(path.join(os.tmpdir(), "tlbscope-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

export interface GccProgram {
  declarations: readonly Declaration[];
  /** Statements; what they leave in r0 to r(results-1) is printed. */
  body: string;
  results: number;
}

/** What a program leaves in its results, or why it isn't to be compared. */
export type GccResult = { values: number[] } | { dropped: "refused" | "undefined" };

/** Each program is a function with everything else nested in it, so that many fit in one file. */
function functionOf(p: GccProgram, at: number): string {
  const nested = p.declarations.map((d) => (d.fn ? d.text.replace(/^static /, "") : d.text)).join("\n");
  const print = Array.from({ length: p.results }, (_, i) => `printf(" %d", r${i});`).join(" ");
  return `#line 1 "program-${at}"\nstatic void program_${at}(void)\n{\n${nested}\n${p.body}\n${print}\n}\n`;
}

const main = `
int main(void)
{
	for (unsigned i = 0; i < sizeof programs / sizeof programs[0]; i++) {
		int pid = fork();
		if (pid == 0) {
			alarm(2);
			printf("%u", i);
			programs[i]();
			puts("");
			fflush(0);
			_exit(0);
		}
		waitpid(pid, 0, 0);
	}
}
`;

/** Signed numbers wrap around, as in the kernel (-fno-strict-overflow in its Makefile). */
const flags =
  "-std=gnu11 -fwrapv -O0 -w -pipe -fno-strict-aliasing -Wsequence-point -fsanitize=undefined,address " +
  "-fsanitize-undefined-trap-on-error";

/** Compiles and runs all; what is undefined in C, as far as gcc and its sanitizers can tell, is dropped. */
export function runAll(programs: readonly GccProgram[]): GccResult[] {
  const results: (GccResult | undefined)[] = programs.map(() => undefined);
  for (let round = 0; round < 5; round++) {
    const left = programs.flatMap((_, i) => (results[i] ? [] : [i]));
    if (left.length === 0) break;
    const table = `static void (*programs[])(void) = { ${left.map((i) => `program_${i}`).join(", ")} };`;
    const text = `${library}${kernelTypes}${left.map((i) => functionOf(programs[i], i)).join("")}\n${table}\n${main}`;
    const file = path.join(folder, "all.c"),
      binary = path.join(folder, "all");
    writeFileSync(file, text);
    const compiled = spawnSync("gcc", [...flags.split(" "), "-o", binary, file], { encoding: "utf8" });
    for (const [, at] of compiled.stderr.matchAll(/^program-(\d+):\d+:.*sequence-point/gm))
      results[+at] = { dropped: "undefined" };
    if (compiled.status !== 0) {
      const refused = [...compiled.stderr.matchAll(/^program-(\d+):\d+:\d+: error/gm)];
      if (refused.length === 0) throw new Error(`gcc refuses all: ${compiled.stderr.slice(0, 500)}`);
      for (const [, at] of refused) results[+at] ??= { dropped: "refused" };
      continue;
    }
    const { stdout } = spawnSync(binary, { encoding: "utf8", timeout: 60_000 });
    const lines = stdout.split("\n").map((line) => line.split(" "));
    const printed = new Map<number, number[]>(
      lines.flatMap(([at, ...values]) => (at === "" ? [] : [[Number(at), values.map(Number)]])),
    );
    // What traps prints nothing, also where there is nothing to print.
    left.forEach((i, nth) => {
      const values = printed.get(nth);
      results[i] ??= values ? { values } : { dropped: "undefined" };
    });
  }
  return results.map((r, i) =>
    r && (!("values" in r) || r.values.length === programs[i].results) ? r : { dropped: "undefined" },
  );
}

/** What gcc has to say against the syntax of a text: the errors of its parser, not those of missing names and types. */
export function syntaxErrors(text: string): string[] {
  const { stderr } = spawnSync("gcc", ["-std=gnu11", "-w", "-fsyntax-only", "-fmax-errors=40", "-x", "c", "-"], {
    input: text,
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return [...stderr.matchAll(/^[^:\n]*:\d+:\d+: error: (.*)$/gm)].map((m) => m[1]).filter((m) => parserErrors.test(m));
}

const parserErrors =
  /^(expected |missing |unterminated |stray |unbalanced |#el|#endif|too many decimal|invalid suffix|.* without a previous|.* without #if|.*at end of input|break statement|continue statement|case label|‘?else)/;
