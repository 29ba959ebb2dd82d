/** C types in C's words, and where the parts of a value stand. */
import type { CType } from "../../kernel/ctype";
import type { Layout } from "../../machine/layout";

/** `struct mm_struct *`. */
export function typeName(t: CType): string {
  switch (t.k) {
    case "int":
      return {
        number: "int",
        lock: "lock",
        mask: "cpumask_t",
        pte: "pte_t",
        flags: "flags",
        pgd: "pgd_t",
        cpu: "int",
        bool: "bool",
        cr3: "unsigned long",
      }[t.role];
    case "ptr": {
      const to = typeName(t.to);
      return to.endsWith("*") ? `${to}*` : `${to} *`;
    }
    case "struct":
      return t.name === "pgd" ? "pgd_t" : t.name.startsWith("<") ? "struct" : `struct ${t.name}`;
    case "array":
      return `${typeName(t.of)}[${t.n}]`;
    case "fn":
      return "function";
    case "void":
      return "void";
  }
}

/** One part of a struct or array: its name, type and cell. */
export interface Part {
  name: string;
  type: CType;
  at: number;
  /** Kind of cell, for its enumerators. */
  key?: string;
  /** How C text goes on from the whole to this part. */
  suffix: string;
}

/** The parts of a value that stands at `at`; a scalar has none. */
export function partsOf(l: Layout, type: CType, at: number): Part[] {
  if (type.k === "array") {
    const each = l.sizeOf(type.of);
    return Array.from({ length: type.n }, (_, i) => ({
      name: `[${i}]`,
      type: type.of,
      at: at + i * each,
      suffix: `[${i}]`,
    }));
  }
  if (type.k !== "struct") return [];
  if (type.name === "pgd")
    return Array.from({ length: l.slots }, (_, i) => ({
      name: l.cells[at + i]?.name ?? `page${i}`,
      type: { k: "int", role: "pte" },
      at: at + i,
      key: "pte",
      suffix: "",
    }));
  return [...(l.program.fields.get(type.name) ?? [])].map(([name, t]) => ({
    name,
    type: t,
    at: at + l.offsetOf(type.name, name),
    key: `${type.name}.${name}`,
    suffix: `.${name}`,
  }));
}

/** Has a value of this type parts to show? */
export const hasParts = (t: CType): boolean => t.k === "struct" || t.k === "array";
