/** How many bytes things take on x86-64: what sizeof and offsetof say. The machine's cells have no bytes. */
import type { CType } from "../ctype";
import type { Members } from "./members";

interface Extent {
  size: number;
  align: number;
}

/** `membersOf`: a structure's members; undefined where no open file declares it, or its layout isn't the usual one. */
export class ByteSizes {
  constructor(private readonly membersOf: (structName: string) => Members | undefined) {}

  /** Undefined where a type that is part of it isn't known. */
  sizeOf(t: CType): number | undefined {
    return this.extent(t)?.size;
  }

  /** Where a member begins. */
  offsetOf(structName: string, member: string): number | undefined {
    return this.layout(structName)?.offsets.get(member);
  }

  private extent(t: CType): Extent | undefined {
    switch (t.k) {
      case "int": {
        if (t.vague || (t.role !== "number" && t.role !== "bool")) return undefined;
        const size = t.role === "bool" ? 1 : (t.bits ?? 32) / 8;
        return Number.isInteger(size) ? { size, align: size } : undefined;
      }
      case "ptr":
        return { size: 8, align: 8 };
      case "array": {
        const of = t.unsized || t.tooLong ? undefined : this.extent(t.of);
        return of && { size: t.n * of.size, align: of.align };
      }
      case "struct":
        return this.layout(t.name);
      case "void":
        return { size: 1, align: 1 };
      case "fn":
        return undefined;
    }
  }

  private layout(structName: string): (Extent & { offsets: Map<string, number> }) | undefined {
    const members = this.membersOf(structName);
    if (!members?.size) return undefined;
    const offsets = new Map<string, number>();
    let end = 0,
      size = 0,
      align = 1;
    const union = [...members.values()][0].parts[0]?.union;
    const seen = new Set<number>();
    for (const [name, { type, parts, isBits }] of members) {
      // Of unions and structures in it that have no name, only what a member is a part of is known.
      if (isBits || parts.length > (union ? 1 : 0) || parts[0]?.union !== union) return undefined;
      if (union && seen.size === seen.add(parts[0].part).size) return undefined;
      const of = this.extent(type);
      if (!of) return undefined;
      const at = union ? 0 : Math.ceil(end / of.align) * of.align;
      offsets.set(name, at);
      end = at + of.size;
      size = Math.max(size, end);
      align = Math.max(align, of.align);
    }
    return { size: Math.ceil(size / align) * align, align, offsets };
  }
}
