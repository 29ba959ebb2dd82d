/** The functions of the protocol in a file: found by what they define, without building a program. */
import * as vscode from "vscode";
import type { FunctionItem } from "../../kernel/syntax/items";
import { configOf } from "../../kernel/configuration";
import { readFile } from "../../kernel/syntax/read-file";
import { positionAt, type SourceFile } from "../../kernel/syntax/source";
import { isCDocument } from "./tree";

/** Names that the functions between the scheduler and the TLB have had, natively and under Xen. */
const names = new Set([
  "context_switch",
  "finish_task_switch",
  "switch_mm",
  "switch_mm_irqs_off",
  "enter_lazy_tlb",
  "leave_mm",
  "activate_mm",
  "use_mm",
  "unuse_mm",
  "idle_task_exit",
  "exec_mmap",
  "mmput",
  "__mmdrop",
  "mmdrop",
  "flush_tlb_mm",
  "flush_tlb_page",
  "flush_tlb_range",
  "flush_tlb_mm_range",
  "flush_tlb_current_task",
  "flush_tlb_all",
  "do_flush_tlb_all",
  "flush_tlb_func",
  "choose_new_asid",
  "load_new_mm_cr3",
  "flush_tlb_multi",
  "native_flush_tlb_multi",
  "should_flush_tlb",
  "tlb_is_not_lazy",
  "initialize_tlbstate_and_flush",
  "flush_tlb_others",
  "native_flush_tlb_others",
  "flush_tlb_others_ipi",
  "smp_invalidate_interrupt",
  "xen_activate_mm",
  "xen_dup_mmap",
  "xen_exit_mmap",
  "xen_drop_mm_ref",
  "drop_other_mm_ref",
  "xen_flush_tlb_others",
]);

/** One function of an open file; lines count from 1. */
export interface FoundFunction {
  item: FunctionItem;
  /** The line of its return type, and of its name. */
  firstLine: number;
  nameLine: number;
  lastLine: number;
}

const cache = new WeakMap<vscode.TextDocument, { version: number; file: SourceFile }>();

/**
 * An open document as a source file: the same object as long as its text is the same, so that reading it again is
 * free.
 */
export function sourceOf(document: vscode.TextDocument): SourceFile {
  let known = cache.get(document);
  if (!known || known.version !== document.version) {
    const text = document.getText();
    known = {
      version: document.version,
      file: {
        uri: document.uri.toString(),
        path: vscode.workspace.asRelativePath(document.uri, false),
        text,
        origin: "open",
      },
    };
    cache.set(document, known);
  }
  return known.file;
}

/** A quick look, so that other C files cost no more than a search. */
const mayHold = new RegExp(
  String.raw`\b(?:context_switch|switch_mm|enter_lazy_tlb|leave_mm|exec_mmap|mmdrop|flush_tlb|` +
    "smp_invalidate_interrupt|drop_(?:other_)?mm_ref|exit_mmap)",
);

/** What a file must name to be read otherwise under Xen. */
const mayDiffer = /\bCONFIG_(?:XEN|PARAVIRT)/;

/** Every function of a C document, native reading first and what only Xen's configuration has after it. */
export function functionsOf(document: vscode.TextDocument): FoundFunction[] {
  if (!isCDocument(document)) return [];
  const file = sourceOf(document);
  if (!mayHold.test(file.text)) return [];
  const found = new Map<number, FoundFunction>();
  for (const platform of mayDiffer.test(file.text) ? (["native", "xen"] as const) : (["native"] as const)) {
    for (const item of readFile(file, configOf(platform)).items) {
      if (item.kind !== "function" || found.has(item.nameStart)) continue;
      found.set(item.nameStart, {
        item,
        firstLine: positionAt(file, item.start).line,
        nameLine: positionAt(file, item.nameStart).line,
        lastLine: positionAt(file, item.end).line,
      });
    }
  }
  return [...found.values()];
}

/** Those of the protocol; empty for a file that has nothing to do with it. */
export function protocolFunctions(document: vscode.TextDocument): FoundFunction[] {
  return functionsOf(document).filter((f) => names.has(f.item.name));
}
