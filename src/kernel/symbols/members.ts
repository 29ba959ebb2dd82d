/** The members of a structure or union, read from the text between its braces. */
import { MASK, type CType } from "../ctype";
import { readDeclarators, type TypeRef } from "../syntax/declarators";
import type { StructBody } from "../syntax/items";
import type { Span } from "../syntax/source";
import { withKabiMembers } from "./kabi";

/** One of the parts of a union, whose cells are shared by those of the other parts. */
export interface Part {
  union: object;
  part: number;
}

export interface Member {
  type: CType;
  /** The parts of unions that it belongs to, innermost first. */
  parts: Part[];
  /** Is it a bit-field? */
  isBits: boolean;
  /** Its declaration. */
  span?: Span;
}

/** Members by name, in their order. */
export type Members = Map<string, Member>;

/** What is asked of the types that members have. */
interface Resolver {
  resolve(ref: TypeRef): CType;
  declare(name: string, body: StructBody): void;
  declareAnonymous(body: StructBody): string;
  /** The value of an array's length or a bit-field's width, as it is written. */
  dimension(text: string): number | undefined;
}

export function readMembers(types: Resolver, body: StructBody): Members {
  const members: Members = new Map();
  const union = {};
  const text = withKabiMembers(body.text);
  let depth = 0,
    from = 0,
    part = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}") depth--;
    else if (text[i] === ";" && depth === 0) {
      for (const [name, member] of readMember(types, slice({ ...body, text }, from, i))) {
        if (body.union) member.parts.push({ union, part });
        members.set(name, member);
      }
      part++;
      from = i + 1;
    }
  }
  return members;
}

const slice = (body: StructBody, from: number, to: number, union = false): StructBody => ({
  ...body,
  union,
  text: body.text.slice(from, to),
  start: body.start === undefined ? undefined : body.start + from,
});

/** The text without the white space around it, as a span. */
function spanOf({ file, start, text }: StructBody): Span | undefined {
  if (!file || start === undefined) return undefined;
  const from = start + text.length - text.trimStart().length;
  return { file, start: from, end: from + text.trim().length };
}

/** What one declaration declares, which is several where it is an anonymous structure. */
function readMember(types: Resolver, declaration: StructBody): [string, Member][] {
  const { text } = declaration;
  const span = spanOf(declaration);
  const member = (name: string, type: CType): [string, Member] => [name, { type, parts: [], isBits: false, span }];
  const bitmap = /^\s*DECLARE_BITMAP\s*\(\s*(\w+)\s*,/.exec(text);
  if (bitmap) return [member(bitmap[1], { k: "array", of: MASK, n: 1 })];
  const nested = /^(\s*(?:const\s+)?(struct|union)\s*(\w*)\s*\{)([\s\S]*)\}\s*([^{}]*)$/.exec(text);
  if (nested) {
    const [, head, kind, tag, inner, after] = nested;
    const body = slice(declaration, head.length, head.length + inner.length, kind === "union");
    // What is left of it is an attribute, not a name: ____cacheline_internodealigned_in_smp, __aligned(…), __packed.
    const tail = after.replace(/\b__\w+(\s*\([^()]*\))?/g, "");
    const names = readDeclarators(`int ${tail}`);
    // An anonymous struct or union: its members are the outer's.
    if (!tail.trim() || (!names.length && !tag)) return [...readMembers(types, body)];
    const made = tag || types.declareAnonymous(body);
    if (tag) types.declare(tag, body);
    return names.map((d) => member(d.name, types.resolve({ ...d.type, base: `struct ${made}` })));
  }
  return readDeclarators(text).map((d) => {
    const type = types.resolve(d.type);
    const bits = d.bits === undefined ? undefined : types.dimension(d.bits.trim());
    const isField = bits !== undefined && bits <= 32 && type.k === "int" && type.role === "number";
    const [name, read] = member(d.name, isField ? { ...type, bits } : type);
    return [name, { ...read, isBits: d.bits !== undefined }];
  });
}
