/** A process that runs seeds of one kind as its parent hands them out; a hang or a death costs only itself. */
import { adapter } from "./adapter/sessions";
import { differential } from "./c/differential";
import { hostileC } from "./c/hostile";
import { mutatedC } from "./c/mutated";
import { causeOf, type Announce, type Kind, type Options, type Result } from "./kind";
import type { KindName } from "./names";
import { scenarios } from "./scenario/agreement";
import { yaml } from "./yaml/mutated";

/** From the parent: the seed to run. */
export interface Order {
  seed: number;
}

/** To the parent: ready for seeds, unable to run any, what is about to run, and what came of it. */
export type Report =
  | { k: "ready" }
  | { k: "unable"; why: string }
  | { k: "input"; input: string; extension: string; what?: string }
  | { k: "result"; result: Result };

const makers: Record<KindName, (options: Options) => Kind | Promise<Kind>> = {
  "mutated-c": mutatedC,
  "hostile-c": hostileC,
  yaml,
  adapter,
  differential,
  scenarios,
};

const report = (message: Report): void => void process.send?.(message);

async function main(): Promise<void> {
  const [name, tree] = process.argv.slice(2);
  const kind = await makers[name as KindName]({ tree: tree || undefined });
  let last = { input: "", extension: "txt" };
  const announce: Announce = (input, extension, what) => {
    last = { input, extension };
    report({ k: "input", input, extension, what });
  };
  const run = async (seed: number): Promise<Result> => {
    try {
      return await kind.run(seed, announce);
    } catch (e) {
      const message = e instanceof Error ? (e.stack ?? e.message).slice(0, 900) : String(e);
      return { cases: 1, counts: {}, findings: [{ cause: causeOf(e), message, ...last }] };
    }
  };
  process.on("message", ({ seed }: Order) => void run(seed).then((result) => report({ k: "result", result })));
  report({ k: "ready" });
}

main().catch((e: unknown) => {
  report({ k: "unable", why: e instanceof Error ? e.message : String(e) });
  process.exitCode = 1;
  process.disconnect?.();
});
