/** What holds of the machine itself, on any walk through any scenario. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { FRAME, frameOf, W } from "../../../src/machine/layout";
import { moveCpu, MoveKind, moveKind, type Machine, type State } from "../../../src/machine/machine";
import { builtInIds, editionMachine, files } from "../../support/machine";
import { insertAt, withoutLines } from "../../support/kernel";

const machines = new Map<string, Machine>();
/** The edition on each scenario, and two edits of it that break promises. */
const variants: Record<string, () => Machine> = {
  ...Object.fromEntries(builtInIds.map((id) => [id, () => editionMachine(id)])),
  "without the reload": () => editionMachine("lazy-return", { [files.mmuContext]: withoutLines(63, 70) }),
  "with the bit cleared": () =>
    editionMachine("lazy-return", { [files.mmuContext]: insertAt(60, "cpumask_clear_cpu(cpu, mm_cpumask(prev));") }),
};
const machine = (of: string) => {
  let m = machines.get(of);
  if (!m) machines.set(of, (m = variants[of]()));
  return m;
};

/** A walk: which of the possible moves is taken, at each point; mostly long enough to get through the scenario. */
const walk = fc.record({
  of: fc.constantFrom(...Object.keys(variants)),
  choices: fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 400 }),
});

function follow(
  { of, choices }: { of: string; choices: number[] },
  visit: (m: Machine, before: State, move: number, after: State) => void,
): State {
  const m = machine(of);
  let s = m.initial().state;
  for (const n of choices) {
    const moves = m.moves(s);
    if (moves.length === 0) break;
    const move = moves[n % moves.length];
    const after = m.apply(s, move).state;
    visit(m, s, move, after);
    s = after;
  }
  return s;
}

describe("on any walk", () => {
  const holds = (check: (m: Machine, before: State, move: number, after: State) => void, numRuns = 60) =>
    fc.assert(
      fc.property(walk, (w) => void follow(w, check)),
      { numRuns },
    );

  it("a move leaves the state that it is made from as it was", () => {
    fc.assert(
      fc.property(walk, (w) => {
        const m = machine(w.of);
        let s = m.initial().state;
        for (const n of w.choices) {
          const moves = m.moves(s);
          if (!moves.length) break;
          const copy = s.slice();
          const next = m.apply(s, moves[n % moves.length]).state;
          assert.ok(copy.every((v, i) => v === s[i]));
          s = next;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("the same moves lead to the same state, with or without an observer", () => {
    fc.assert(
      fc.property(walk, (w) => {
        const taken: number[] = [];
        const end = follow(w, (_, __, move) => void taken.push(move));
        const m = machine(w.of);
        const again = m.initial().state.slice();
        for (const move of taken) m.applyTo(again, move, { violation: () => undefined });
        assert.deepEqual(again, end);
      }),
      { numRuns: 40 },
    );
  });

  it(
    "every listed move can be made: the CPU doesn't wait, is not stopped, and takes interrupts only when they are " +
      "on",
    () =>
      holds((m, before) => {
        for (const move of m.moves(before)) {
          const c = moveCpu(move);
          assert.equal(before[m.layout.cpu[c] + W.halted], 0);
          const { state } = m.apply(before, move);
          assert.ok(state.some((v, i) => v !== before[i]) || m.stack(state, c).length > 0, "a move does something");
          if (moveKind(move) === MoveKind.vector || moveKind(move) === MoveKind.call) {
            assert.equal(before[m.layout.cpu[c] + W.irqsOn], 1);
            assert.equal(state[m.layout.cpu[c] + W.irqsOn], 0);
          }
        }
      }, 15),
  );

  it("a CPU's step writes to no other CPU's registers, TLB or stack", () =>
    holds((m, before, move, after) => {
      const { layout: l, scenario } = m;
      for (let d = 0; d < l.cpuCount; d++) {
        if (d === moveCpu(move)) continue;
        for (let i = l.stack[d]; i < l.stack[d] + l.stackWords; i++) assert.equal(after[i], before[i]);
        // Others may queue interrupts here, take calls that were sent from here, and under Xen have the TLB flushed.
        for (const w of [W.pc, W.fp, W.irqsOn, W.current, W.cr3, W.ldt, W.halted, W.action])
          assert.equal(after[l.cpu[d] + w], before[l.cpu[d] + w]);
        for (let i = 0; i < l.mms.length * l.pages; i++)
          // What leads to a frame is marked when that is given back.
          if (scenario.platform === "native") assert.equal(frameOf(after[l.tlb[d] + i]), frameOf(before[l.tlb[d] + i]));
      }
    }));

  it("a translation comes into a TLB only from the page tables in that CPU's CR3", () =>
    holds((m, before, _move, after) => {
      const { layout: l } = m;
      for (let c = 0; c < l.cpuCount; c++)
        for (let mm = 0; mm < l.mms.length; mm++)
          for (let p = 0; p < l.pages; p++) {
            const at = l.tlb[c] + mm * l.pages + p;
            if (after[at] === before[at] || after[at] === 0) continue;
            assert.equal(before[l.cpu[c] + W.cr3], l.pgds[mm]);
            assert.equal(after[at], before[l.pgds[mm] + p]);
          }
    }));

  it("a translation leaves a TLB only when that CPU loads CR3 or flushes", () => {
    fc.assert(
      fc.property(walk, (w) => {
        const m = machine(w.of);
        fc.pre(m.scenario.platform === "native");
        let s = m.initial().state;
        for (const n of w.choices) {
          const moves = m.moves(s);
          if (!moves.length) break;
          const { state, effects } = m.apply(s, moves[n % moves.length]);
          const { layout: l } = m;
          for (let c = 0; c < l.cpuCount; c++)
            for (let i = 0; i < l.mms.length * l.pages; i++) {
              if (s[l.tlb[c] + i] !== 0 && state[l.tlb[c] + i] === 0)
                assert.ok(effects.some((e) => e.k === "flush" && e.dropped.includes(l.tlb[c] + i)));
            }
          s = state;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("the effects of a move tell every cell of memory that it changed", () => {
    fc.assert(
      fc.property(walk, (w) => {
        const m = machine(w.of);
        let s = m.initial().state;
        for (const n of w.choices) {
          const moves = m.moves(s);
          if (!moves.length) break;
          const { state, effects } = m.apply(s, moves[n % moves.length]);
          for (let i = 0; i < state.length; i++) {
            const cell = m.layout.cells[i];
            // Memory proper: not registers, TLBs, frames, locks and the notes on what was given back.
            if (
              state[i] === s[i] ||
              !cell ||
              cell.key === undefined ||
              cell.key === "tlb" ||
              cell.key === "frame" ||
              cell.key === "pt_regs.orig_ax"
            )
              continue;
            // Under Xen the note of the loaded page tables is part of the load.
            const told = effects.some(
              (e) =>
                ((e.k === "write" || e.k === "lock") && e.cell === i) ||
                (e.k === "cr3" && cell.key === "xen_current_cr3"),
            );
            assert.ok(told, `${m.layout.cellName(i)} changed without a word`);
          }
          s = state;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("stack words above a CPU's frames are 0, and a CPU that has nothing to do has an empty stack", () =>
    holds((m, _before, _move, after) => {
      const { layout: l } = m;
      for (let c = 0; c < l.cpuCount; c++) {
        const [top] = m.stack(after, c);
        const used = top ? top.fp + top.fn.frame : l.stack[c];
        assert.ok(used <= l.stack[c] + l.stackWords);
        for (let i = used; i < l.stack[c] + l.stackWords; i++) assert.equal(after[i], 0);
        if (top) assert.equal(m.stack(after, c).at(-1)!.fp, l.stack[c]);
        if (!m.hasStep(after, c) && !after[l.cpu[c] + W.halted]) assert.equal(after[l.cpu[c] + W.fp], 0);
      }
    }));

  it("the stack leads back to its beginning: frames one after the other, each saved by the one above", () =>
    holds((m, _before, _move, after) => {
      for (let c = 0; c < m.layout.cpuCount; c++) {
        const frames = m.stack(after, c);
        frames.forEach((f, i) => {
          const below = frames[i + 1];
          assert.equal(after[f.fp + FRAME.savedFp], below?.fp ?? 0);
          if (below) assert.equal(f.fp, below.fp + below.fn.frame);
        });
      }
    }));
});

describe("two ways to the same situation", () => {
  it("give the same record: temporaries and stacks leave nothing behind", () => {
    // Whatever the order, an interrupt taken or none sent: once all is done, nothing tells which way it was.
    const m = machine("switch-in");
    const ends = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      let s = m.initial().state;
      for (let n = seed * 7919; ; n = (n * 48271 + 11) % 2147483647) {
        const moves = m.moves(s).filter((x) => moveKind(x) !== MoveKind.fill);
        if (!moves.length) break;
        s = m.apply(s, moves[n % moves.length]).state;
      }
      ends.add(s.join());
    }
    assert.equal(ends.size, 1);
  });
});
