/** Whether what gcc refuses is told: a mistake of the syntax in a function that runs has to leave a diagnostic. */
import { optionLines, type Diagnostic, type Platform } from "../product";
import { kernelTypes, syntaxErrors } from "./gcc";

/**
 * What a function of the kernel needs so that gcc's parser gets through it: types, and macros that begin a statement.
 */
const prelude = `${kernelTypes}
typedef _Bool bool; typedef unsigned long size_t; typedef unsigned long pgd_t; typedef unsigned long pte_t;
typedef struct { int counter; } atomic_t; typedef struct { long counter; } atomic64_t;
typedef struct { int x; } spinlock_t; typedef struct { int x; } raw_spinlock_t;
typedef struct cpumask { unsigned long bits[1]; } cpumask_t, cpumask_var_t[1];
typedef struct { int x; } pgprot_t; typedef unsigned int gfp_t; typedef void (*smp_call_func_t)(void *);
#define __always_inline inline
#define __read_mostly
#define __init
#define __cpuinit
#define __sched
#define __user
#define __percpu
#define asmlinkage
#define notrace
#define noinstr
#define fastcall
#define __must_hold(x)
#define __releases(x)
#define __acquires(x)
#define for_each_cpu(c, m) for (;;)
#define for_each_online_cpu(c) for (;;)
#define for_each_possible_cpu(c) for (;;)
#define for_each_cpu_mask(c, m) for (;;)
#define for_each_cpu_and(c, m, n) for (;;)
#define for_each_domain(c, s) for (;;)
#define offsetof(t, m) 0
#define container_of(p, t, m) ((t *)0)
#define list_for_each_entry(p, h, m) for (;;)
#define hlist_for_each_entry(p, h, m) for (;;)
#define scoped_guard(...) for (;;)
#define DEFINE_PER_CPU(t, n) __typeof__(t) n
`;

/** The parser's errors in a function, without what stands around it. */
export const errorsIn = (text: string, platform: Platform): string[] =>
  syntaxErrors(`${optionLines(platform)}${prelude}${text}`);

/** Does the text end a conditional that it doesn't begin? */
export function endsOuterConditional(text: string): boolean {
  let depth = 0;
  for (const [, word] of text.matchAll(/^[ \t]*#[ \t]*(if|ifdef|ifndef|endif)\b/gm))
    if ((depth += word === "endif" ? -1 : 1) < 0) return true;
  return false;
}

const judged = new Map<string, boolean>();

/** Does gcc's parser take this function by itself? Only then can it judge changes of it. */
export function isSelfContained(text: string, platform: Platform): boolean {
  let fine = judged.get(platform + text);
  if (fine === undefined) judged.set(platform + text, (fine = errorsIn(text, platform).length === 0));
  return fine;
}

/** Diagnostics that weren't there before, by their words. */
export function newDiagnostics(before: readonly Diagnostic[], after: readonly Diagnostic[]): Diagnostic[] {
  const left = new Map<string, number>();
  for (const d of before) left.set(keyOf(d), (left.get(keyOf(d)) ?? 0) + 1);
  return after.filter((d) => {
    const n = left.get(keyOf(d)) ?? 0;
    left.set(keyOf(d), n - 1);
    return n <= 0;
  });
}

const keyOf = (d: Diagnostic): string => `${d.code} ${d.span.file.path} ${d.message}`;
