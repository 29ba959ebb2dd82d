/** Enumerators. Each is evaluated when it is asked for: a header has hundreds. */
import { evaluateCondition } from "../syntax/condition";
import { splitTop } from "../syntax/declarators";
import type { EnumItem } from "../syntax/items";

export class Enums {
  private readonly items: EnumItem[] = [];
  private readonly values = new Map<string, number | undefined>();

  /** `numberNamed` gives the value of other constants that a value may be written with. */
  constructor(private readonly numberNamed: (name: string) => number | undefined) {}

  add(item: EnumItem): void {
    this.items.push(item);
  }

  /** Undefined when no enum declares the name, or its value can't be evaluated. */
  valueOf(name: string): number | undefined {
    if (this.values.has(name)) return this.values.get(name);
    this.values.set(name, undefined);
    const item = this.items.find(({ body }) => new RegExp(`\\b${name}\\b\\s*(?:[=,]|$)`).test(body));
    let next: number | undefined = 0;
    for (const one of item ? splitTop(item.body, ",") : []) {
      const m = /^\s*([A-Za-z_]\w*)\s*(?:=([\s\S]*))?$/.exec(one);
      if (!m) continue;
      if (m[2] !== undefined) next = this.evaluate(m[2]);
      if (this.values.get(m[1]) === undefined) this.values.set(m[1], next);
      if (next !== undefined) next++;
    }
    return this.values.get(name);
  }

  private evaluate(text: string): number | undefined {
    let known = true;
    const result = evaluateCondition(text, (name) => {
      const value = this.numberNamed(name);
      known &&= value !== undefined;
      return value;
    });
    return known && "value" in result ? result.value : undefined;
  }
}
