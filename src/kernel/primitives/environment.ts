/**
 * What only the scenarios' own C (walkthroughs/environment.c) uses: user mode, page tables, page frames.
 */
import { INT, PGD, PTE, struct } from "../ctype";
import { constant, num } from "../ir";
import { ZERO } from "../lower/expressions/operand";
import type { Primitive } from "./primitive";

const where = "walkthroughs/environment.c";

export const environmentPrimitives: Primitive[] = [
  {
    names: ["tlbscope_pte"],
    does: "The page-table entry of this mm for this address.",
    where,
    args: 2,
    place(x, [mm, addr], call) {
      const pgd = x.b.value(x.b.load(x.field(x.b.deref(x.expr(mm)), "pgd", call)));
      // User pages stand at 0x1000, 0x2000, …: entry 0 of the table is the page at 0x1000.
      const index = x.b.bin("-", x.b.bin(">>", x.val(addr), num(12)), num(1));
      return { k: "mem", base: x.b.bin("+", pgd, index), off: { n: 0, syms: [] }, t: PTE };
    },
  },
  {
    names: ["tlbscope_table"],
    does:
      "The entry of this mm's top-level page table that leads to the page table of all its pages. Only scenarios " +
      "that free it have one.",
    where,
    args: 1,
    place(x, [mm], call) {
      const pgd = x.b.value(x.b.load(x.field(x.b.deref(x.expr(mm)), "pgd", call)));
      return { k: "mem", base: pgd, off: { n: -1, syms: [{ k: "size", type: PGD }] }, t: PTE };
    },
  },
  {
    names: ["tlbscope_user_read"],
    does: "Reads a byte in user mode, through the TLB.",
    where,
    args: 1,
    value(x, [addr]) {
      x.b.hw("user_read", [x.val(addr)]);
      return ZERO;
    },
  },
  {
    names: ["tlbscope_alloc_page"],
    does: "Takes a page frame that nobody uses.",
    where,
    value: (x) => ({ v: x.b.hw("alloc_frame", [], true), t: PTE }),
  },
  {
    names: ["tlbscope_free_page"],
    does: "Gives a page frame back: somebody else may get it at once.",
    where,
    args: 1,
    value(x, [frame]) {
      x.b.hw("free_frame", [x.val(frame)]);
      return ZERO;
    },
  },
  {
    names: ["tlbscope_free_pgtables"],
    does: "Gives the mm's lower page tables back.",
    where,
    args: 1,
    value(x, [mm]) {
      x.b.hw("free_pgtables", [x.val(mm)]);
      return ZERO;
    },
  },
  {
    names: ["tlbscope_leave_rmap"],
    does: "Takes all that this mm maps out of the reverse map, for good, once nobody holds its lock.",
    where,
    args: 1,
    value(x, [mm]) {
      const { name: field } = x.symbols.useField("vm_area_struct", "tlbscope_rmap");
      // In memory, an mm's page tables and its vma follow it (machine/layout.ts).
      const away = constant(
        0,
        { k: "size", type: struct("mm_struct") },
        { k: "size", type: PGD },
        { k: "field", struct: "vm_area_struct", field },
      );
      x.b.hw("leave_rmap", [x.b.bin("+", x.val(mm), { k: "const", c: away })]);
      return ZERO;
    },
  },
  ...(["lock_ptes", "unlock_ptes"] as const).map((f): Primitive => ({
    names: [`tlbscope_${f}`],
    does: `${f === "lock_ptes" ? "Takes" : "Gives back"} the lock under which a vma's page-table entries are changed.`,
    where,
    args: 1,
    value(x, [vma], call) {
      x.b.hw(f, [x.b.value(x.b.addressOf(x.field(x.b.deref(x.expr(vma)), "tlbscope_ptes", call)))]);
      return ZERO;
    },
  })),
  {
    names: ["tlbscope_lacks"],
    does: "Says that this kernel has nothing for an action: a scenario with it doesn't apply.",
    where,
    args: 1,
    value(x, [what]) {
      if (what.k === "id") x.out.lacks.set(x.b.item.name, what.name);
      return ZERO;
    },
  },
  {
    names: ["tlbscope_page_count"],
    does:
      "How many entries an mm's page tables have: one for each user page, and the one that leads to its page table " +
      "where a scenario frees that.",
    where,
    value: () => ({ v: { k: "const", c: constant(0, { k: "size", type: PGD }) }, t: INT }),
  },
];
