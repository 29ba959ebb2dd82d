/** Makes the symbolic view of a state (view.ts), with what changed since another. */
import { t } from "@vscode/l10n";
import { formatMask } from "../cells";
import type { CpuScript } from "../../scenario/scenario";
import type { Layout } from "../layout";
import { drainOf, type Machine, type State } from "../machine";
import { FRAME, frameOf, FrameState, interruptOf, isOutlived, W, type Interrupt } from "../state";
import { choicesOn } from "./choose";
import { describeAction } from "./names";
import { placeOf } from "./narrate";
import { usesOf } from "./uses";
import type { CpuMode, CpuView, FrameView, MachineView, MmView, ValueView } from "./view";

/** The view of `s`; values that differ from `before` are marked as changed. */
export function describe(machine: Machine, s: State, before: State = s): MachineView {
  const { layout: l, scenario, program } = machine;
  const value = (cell: number, name = l.cells[cell].name): ValueView => ({
    name,
    value: l.format(cell, s[cell]),
    cell,
    changed: s[cell] !== before[cell],
    before: s[cell] !== before[cell] ? l.format(cell, before[cell]) : undefined,
  });
  const range = (start: number, size: number): number[] =>
    Array.from({ length: size }, (_, i) => start + i).filter((i) => l.cells[i] !== undefined);
  const shown = (cell: number): boolean => {
    const t = l.cells[cell].type;
    return !(t.k === "int" && (t.role === "lock" || t.role === "pte")) && l.cells[cell].key !== "mm_struct.cpumask";
  };

  const elementOf = (cell: number): string | undefined => /^.*\[\d+\]/.exec(l.cells[cell].name)?.[0];
  /** Structures that nothing was written to yet say nothing, nor do such elements of an array. */
  const inUse = (cells: number[]): number[] => {
    const used = (of: number[]) => of.some((cell) => s[cell] !== 0 || before[cell] !== 0);
    if (cells.length > 1 && !used(cells)) return [];
    return cells.filter((cell) => {
      const element = elementOf(cell);
      return element === undefined || used(cells.filter((other) => elementOf(other) === element));
    });
  };

  // What says which or whether comes before numbers, and of these what the code uses most; then arrays, and counters
  // of no struct.
  const uses = usesOf(program);
  const used = (cell: number): number => uses.get(l.cells[cell].key ?? "") ?? 0;
  const group = (cell: number): number => {
    const { name, type, key } = l.cells[cell];
    if (!name.includes(".")) return 3;
    if (elementOf(cell) !== undefined) return 2;
    return +(type.k === "int" && type.role !== "bool" && !program.enumerators.has(key ?? ""));
  };
  const inOrder = (a: number, b: number): number => group(a) - group(b) || (group(a) === 2 ? 0 : used(b) - used(a));

  const cpus = scenario.cpus.map((script, c): CpuView => {
    const cpu = l.cpu[c];
    const action = script.does[runningAction(machine, s, c)];
    const vars = [...program.percpu.keys()]
      .filter((n) => n !== "runqueues" && (n !== "xen_current_cr3" || scenario.platform === "xen"))
      .flatMap((n) => inUse(range(l.percpu[c] + l.percpuOffset.get(n)!, l.sizeOf(program.percpu.get(n)!.type))))
      .filter(shown)
      .sort(inOrder);
    const task = s[cpu + W.current];
    const owners = !l.isTask(task)
      ? []
      : [l.fieldAt(task, "task_struct", "mm"), l.fieldAt(task, "task_struct", "active_mm")];
    return {
      id: c,
      task: l.objectAt(task),
      taskCell: cpu + W.current,
      mode: modeOf(machine, s, c),
      action: action ? describeAction(action.action) : "",
      ...(script.actions !== undefined && { choices: choicesOn(machine, s, c) }),
      irqsOn: s[cpu + W.irqsOn] === 1,
      irqsChanged: s[cpu + W.irqsOn] !== before[cpu + W.irqsOn],
      cr3: {
        ...value(cpu + W.cr3, "CR3"),
        value: `${pageTablesOf(l, s[cpu + W.cr3])}${l.pcids.length > 1 ? `, PCID ${s[cpu + W.pcid]}` : ""}`,
      },
      perCpu: [
        ...vars.map((cell) => value(cell)),
        ...owners.map((cell) => value(cell, `current->${l.cells[cell].name.split(".").at(-1)}`)),
      ],
      tlb: l.pcids.flatMap((id) =>
        scenario.mms.flatMap((mm, m) =>
          l.slotsOf(m).flatMap((p) => {
            const cell = l.tlbCell(c, id, m, p);
            if (s[cell] === 0) return [];
            return [
              {
                ...(l.pcids.length > 1 ? { pcid: id } : {}),
                mm: mm.name,
                page: l.pageName(m, p),
                frame: `frame${frameOf(s[cell])}`,
                cell,
                stale: s[l.pgds[m] + p] !== s[cell],
                freed: isOutlived(s[cell]),
                changed: frameOf(s[cell]) !== frameOf(before[cell]),
              },
            ];
          }),
        ),
      ),
      storeBuffer:
        l.storeBuffer.length === 0
          ? undefined
          : {
              stores: machine.buffers.entries(s, c).map(({ cell, value: v }): ValueView => ({
                name: l.cellName(cell, c),
                value: l.format(cell, v),
                cell,
                changed: false,
              })),
              drain: machine.buffers.count(s, c) > 0 ? drainOf(c) : undefined,
            },
      at: placeOf(machine, s[cpu + W.pc]),
      waits: waitsFor(machine, s, c),
    };
  });

  const mms = scenario.mms.map((mm, m): MmView => {
    const at = l.mms[m];
    const maskCell = l.fieldAt(at, "mm_struct", "cpumask");
    const bits = (x: State) => Array.from({ length: l.cpuCount }, (_, c) => ((x[maskCell] >> c) & 1) === 1);
    const now = bits(s),
      then = bits(before);
    return {
      name: mm.name,
      cpumask: now,
      cpumaskCell: maskCell,
      cpumaskChanged: now.map((b, i) => b !== then[i]),
      counts: range(at, l.sizeOf({ k: "struct", name: "mm_struct" }))
        .filter(shown)
        .filter(
          (cell) =>
            !/\.(pgd|core_state|oom_disable_count)$/.test(l.cells[cell].name) &&
            (mm.ldt || !/ldt/.test(l.cells[cell].name)),
        )
        .map((cell) => value(cell, l.cells[cell].name.slice(mm.name.length + 1))),
      pages: l.slotsOf(m).map((p) => {
        const cell = l.pgds[m] + p;
        return {
          name: l.pageName(m, p),
          frame: s[cell] === 0 ? undefined : `frame${frameOf(s[cell])}`,
          cell,
          changed: s[cell] !== before[cell],
        };
      }),
      freed: s[l.pgdFreed[m]] === 1,
    };
  });

  const frames = l.frames
    .map((cell, i): FrameView => ({
      name: `frame${i + 1}`,
      state:
        s[cell] === FrameState.freed || s[cell] === FrameState.spare
          ? "freed"
          : s[cell] === FrameState.reused
            ? "reused"
            : "in use",
      changed: s[cell] !== before[cell],
    }))
    .filter((_, i) => s[l.frames[i]] !== FrameState.spare);

  const constant = new Set(["init_mm", "swapper_pg_dir", "cpu_online_bits", "cpu_bit_bitmap"]);
  const globals = [...program.globals.values()]
    .filter((v) => !constant.has(v.name))
    .flatMap((v) => range(l.globals.get(v.name)!, l.sizeOf(v.type)))
    .filter((cell) => s[cell] !== 0 || before[cell] !== 0)
    .map((cell) => value(cell));
  return { cpus, mms, frames, globals };
}

/** Whose page tables these are: an mm's name, or what else is there. */
function pageTablesOf(l: Layout, address: number): string {
  const mm = l.pgds.indexOf(address);
  return mm < 0 ? l.objectAt(address) : l.mmNames[mm];
}

function modeOf(machine: Machine, s: State, c: number): CpuMode {
  const { layout: l, scenario } = machine;
  const cpu = l.cpu[c];
  if (s[cpu + W.halted]) return "halted";
  if (machine.stack(s, c).some((f) => f.interrupt)) return "interrupt";
  if (machine.inUserMode(s, c)) return isDone(s[cpu + W.action], scenario.cpus[c]) ? "done" : "user";
  if (s[cpu + W.fp] !== 0) return "kernel";
  return isDone(s[cpu + W.action], scenario.cpus[c]) ? "done" : "idle";
}

const isDone = (done: number, { does, actions }: CpuScript): boolean => done >= (actions ?? does.length);

/**
 * The action that CPU `c` is at, as an index of its `does`: the one that runs, or the next of its script; -1 where it
 * chooses, and has begun none.
 */
export function runningAction({ layout: l, scenario }: Machine, s: State, c: number): number {
  return scenario.cpus[c].actions === undefined ? s[l.cpu[c] + W.action] : s[l.cpu[c] + W.chosen] - 1;
}

/** Why a CPU can't go on, in words. */
export function waitsFor(machine: Machine, s: State, c: number): string | undefined {
  const { layout: l, code } = machine;
  if (s[l.cpu[c] + W.halted]) return t("stopped by BUG() or a bad pointer");
  if (!machine.hasStep(s, c) || machine.canStep(s, c)) return undefined;
  const pc = s[l.cpu[c] + W.pc];
  const place = machine.program.places[code.instrs[pc].src];
  const text = place.file.text.slice(place.start, place.end).replace(/\s+/g, " ");
  const broadcast = formatMask(machine.broadcasts.waitsFor(s, c), l.cpuCount);
  if (code.instrs[pc].op === "hw" && code.instrs[pc].f === "tlbsync")
    return t("waits until {0} carried out its INVLPGB", broadcast);
  if (code.instrs[pc].op === "hw" && code.instrs[pc].f === "invlpgb")
    return t("waits for room: {0} must carry out an INVLPGB first", broadcast);
  const pending = s[l.cpu[c] + W.callPending];
  if (/call_function/.test(text)) {
    const who = Array.from({ length: l.cpuCount }, (_, i) => i)
      .filter((i) => (pending >> i) & 1)
      .map((i) => `CPU${i}`)
      .join(", ");
    return t("waits until {0} made the call", who);
  }
  if (/lock|down|mutex/.test(text.split("(")[0])) return t("waits for the lock: {0}", text);
  return t("waits while {0}", text);
}

/** The interrupt that CPU `c` handles now, innermost first, if any. */
export function handling(machine: Machine, s: State, c: number): Interrupt | undefined {
  for (const f of machine.stack(s, c)) {
    const irq = interruptOf(s[f.fp + FRAME.info]);
    if (irq) return irq;
  }
  return undefined;
}
