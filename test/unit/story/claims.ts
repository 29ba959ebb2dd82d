/** Checks what a story says against the execution itself: by its states and effects, not by how the story was found. */
import assert from "node:assert/strict";
import type { Effect } from "../../../src/machine/effects";
import type { Step } from "../../../src/story/execution";
import type { Store } from "../../../src/story/flow";
import type { Decision, Part, Point } from "../../../src/story/points";
import type { Race } from "../../../src/story/races";
import type { Story } from "../../../src/story/story";

export function checkClaims(story: Story): void {
  for (const point of story.points)
    for (const part of point.parts)
      try {
        new Claims(story, point).check(part);
      } catch (e) {
        throw new Error(`step ${point.step}, ${part.k}: ${String(e)}`, { cause: e });
      }
}

class Claims {
  private readonly step: Step;

  constructor(
    private readonly story: Story,
    point: Point,
  ) {
    this.step = story.execution.steps[point.step - 1];
    assert.equal(this.step.cpu, point.cpu);
  }

  check(p: Part): void {
    const { step, story } = this;
    switch (p.k) {
      case "broken":
        assert.ok(step.violations.includes(p.violation));
        assert.equal(step, this.steps.at(-1));
        return;
      case "filled":
        assert.equal(step.before[story.violation.cell!], 0, "the entry was there before");
        assert.notEqual(step.after[story.violation.cell!], 0, "the entry isn't there after");
        this.staysUntilTheEnd();
        if (p.race) this.race(p.race);
        return;
      case "cleared":
        assert.equal(p.store.value, 0);
        this.stored(p.store);
        return;
      case "freed":
        this.has((e) => e.k === "free");
        return;
      case "loaded":
        this.has((e) => e.k === "cr3");
        return;
      case "read":
        this.race(p.race);
        this.decides(p.decides);
        return;
      case "unchanged":
        this.has(
          (e) =>
            (e.k === "read" && e.cell === p.read.cell && e.value === p.read.value) ||
            (e.k === "write" && e.locked && e.cell === p.read.cell && e.old === p.read.value),
        );
        this.decides(p.decides);
        return;
      case "stored":
        this.stored(p.race.store);
        return;
      case "wrote":
        this.stored(p.store);
        return;
      case "drained":
        this.has((e) => e.k === "write" && e.cell === p.store.cell && e.value === p.store.value);
        assert.ok(p.store.step < step.index);
        return;
      case "sent":
        this.has((e) => e.k === "sendCall" || e.k === "sendVector" || e.k === "broadcast");
        return;
      case "taken":
        this.has((e) => e.k === "take");
        return;
      case "returned":
        this.has((e) => e.k === "iret");
        assert.equal(step.after[story.violation.cell!] !== 0, p.kept);
        return;
    }
  }

  private get steps(): readonly Step[] {
    return this.story.execution.steps;
  }

  private has(is: (e: Effect) => boolean): void {
    assert.ok(this.step.effects.some(is), `its effects are ${JSON.stringify(this.step.effects)}`);
  }

  private staysUntilTheEnd(): void {
    for (const s of this.steps.slice(this.step.index)) assert.notEqual(s.after[this.story.violation.cell!], 0);
  }

  /** The value that was read is the store's, or what the store had yet to change. */
  private race({ k, read, store, waited }: Race): void {
    const { machine } = this.story.execution;
    const writes = this.steps.flatMap((s) =>
      s.effects.flatMap((e) => (e.k === "write" && e.cell === read.cell ? [{ at: s.index, cpu: s.cpu, e }] : [])),
    );
    if (this.step.ran.length > 0)
      this.has(
        (e) =>
          (e.k === "read" && e.cell === read.cell && e.value === read.value) ||
          (e.k === "write" && e.cell === read.cell && e.old === read.value) ||
          e.k === "fill",
      );
    const last = writes.filter((w) => w.at < this.step.index).at(-1);
    if (k === "saw") {
      assert.equal(last?.cpu, store.by.cpu);
      assert.equal(last?.e.value, read.value);
      return;
    }
    if (last) assert.equal(last.e.value, read.value);
    const inBuffer = machine.buffers
      .entries(this.step.before, store.by.cpu)
      .some((e) => e.cell === read.cell && e.value === store.value);
    assert.equal(inBuffer, waited, "does the store wait in the buffer?");
    if (!waited)
      assert.ok(
        this.steps
          .slice(this.step.index)
          .some((s) => s.cpu === store.by.cpu && s.effects.some((e) => this.isStore(e, store))),
        "the store doesn't come later",
      );
  }

  private isStore(e: Effect, { cell, value }: Store): boolean {
    return (e.k === "write" || e.k === "buffer") && e.cell === cell && e.value === value;
  }

  private stored(store: Store): void {
    this.has((e) => this.isStore(e, store));
    if (store.visible === Infinity || store.visible === store.step) return;
    for (const s of this.steps.slice(store.step, store.visible - 1))
      assert.notEqual(s.after[store.cell], store.value, `it is in memory by step ${s.index}`);
    assert.equal(this.steps[store.visible - 1].after[store.cell], store.value);
  }

  private decides(d: Decision): void {
    if (d.k === "kept") {
      assert.notEqual(this.steps.at(-1)!.after[this.story.violation.cell!], 0);
      return;
    }
    if (d.k !== "passed by") return;
    const frees = (s: Step) => s.cpu === this.step.cpu && s.effects.some((e) => e.k === "free");
    const end = this.steps.findIndex((s) => s.index > this.step.index && frees(s));
    for (const s of this.steps.slice(this.step.index, end))
      for (const e of s.effects)
        if ((e.k === "sendCall" || e.k === "sendVector") && s.cpu === this.step.cpu)
          assert.equal((e.to >> d.cpu) & 1, 0, `CPU${d.cpu} is asked at step ${s.index}`);
  }
}
