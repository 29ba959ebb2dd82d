-- The abstract lazy-TLB protocol of test/support/lazy-tlb.ts for rumur. CPUS, MMS and CLEAR_FIRST are set on the way to it.
-- An mm that is undefined is init_mm.
const
  cpus: CPUS;
  mms: MMS;
  clear_first: CLEAR_FIRST;

type
  Cpu: scalarset(cpus);
  Mm: scalarset(mms);
  Mms: array[Mm] of boolean;
  Pc: enum { run, k1, kfin, aclr, aok, atact, asetm, acr3, b1, b2, b3, b4, fin, f1, f2, f3, f4 };
  Irq: enum { idle, flush, clr, cr3, ack };
  Page: enum { mapped, unmapped, freed };

var
  pc: array[Cpu] of Pc;
  irq: array[Cpu] of Irq;
  user, ok: array[Cpu] of boolean;
  active, root, tact, nxt, about: array[Cpu] of Mm;
  tlb, sent, cpumask: array[Cpu] of Mms;
  page: array[Mm] of Page;

startstate begin
  for c: Cpu do
    pc[c] := run;
    irq[c] := idle;
    user[c] := false;
    ok[c] := false;
    undefine active[c];
    undefine root[c];
    undefine tact[c];
    undefine nxt[c];
    undefine about[c];
    for m: Mm do
      tlb[c][m] := false;
      sent[c][m] := false;
      cpumask[c][m] := false;
    end;
  end;
  for m: Mm do page[m] := mapped; end;
end;

ruleset c: Cpu do
  rule "fill" !isundefined(root[c]) & page[root[c]] = mapped & !tlb[c][root[c]] ==> begin tlb[c][root[c]] := true; end;

  ruleset m: Mm do
    rule "take" irq[c] = idle & sent[c][m] & (pc[c] = run | pc[c] = f1 | pc[c] = f2 | pc[c] = f3 | pc[c] = f4) ==> begin
      about[c] := m;
      if isundefined(tact[c]) | tact[c] != m then irq[c] := ack;
      elsif ok[c] then irq[c] := flush;
      else irq[c] := clr; end;
    end;
    rule "switch" irq[c] = idle & pc[c] = run ==> begin
      nxt[c] := m;
      if !isundefined(active[c]) & active[c] = m then pc[c] := b1;
      elsif clear_first = 1 then pc[c] := aclr;
      else pc[c] := aok; end;
    end;
  end;

  rule "flush" irq[c] = flush ==> begin for m: Mm do tlb[c][m] := false; end; irq[c] := ack; end;
  rule "clear" irq[c] = clr ==> begin cpumask[c][tact[c]] := false; irq[c] := cr3; end;
  rule "cr3" irq[c] = cr3 ==> begin undefine root[c]; for m: Mm do tlb[c][m] := false; end; irq[c] := ack; end;
  rule "ack" irq[c] = ack ==> begin sent[c][about[c]] := false; undefine about[c]; irq[c] := idle; end;

  rule "to kernel" irq[c] = idle & pc[c] = run & user[c] ==> begin pc[c] := k1; end;
  rule "k1" irq[c] = idle & pc[c] = k1 ==> begin ok[c] := false; pc[c] := kfin; end;
  rule "kfin" irq[c] = idle & pc[c] = kfin ==> begin user[c] := false; pc[c] := run; end;
  rule "aclr" irq[c] = idle & pc[c] = aclr ==> begin
    if !isundefined(active[c]) then cpumask[c][active[c]] := false; end;
    if clear_first = 1 then pc[c] := aok; else pc[c] := fin; end;
  end;
  rule "aok" irq[c] = idle & pc[c] = aok ==> begin ok[c] := true; pc[c] := atact; end;
  rule "atact" irq[c] = idle & pc[c] = atact ==> begin tact[c] := nxt[c]; pc[c] := asetm; end;
  rule "asetm" irq[c] = idle & pc[c] = asetm ==> begin cpumask[c][nxt[c]] := true; pc[c] := acr3; end;
  rule "acr3" irq[c] = idle & pc[c] = acr3 ==> begin
    root[c] := nxt[c];
    for m: Mm do tlb[c][m] := false; end;
    if clear_first = 1 then pc[c] := fin; else pc[c] := aclr; end;
  end;
  rule "b1" irq[c] = idle & pc[c] = b1 ==> begin ok[c] := true; pc[c] := b2; end;
  rule "b2" irq[c] = idle & pc[c] = b2 ==> begin
    assert "cpu_tlbstate.active_mm is the next mm" !isundefined(tact[c]) & tact[c] = nxt[c];
    pc[c] := b3;
  end;
  rule "b3" irq[c] = idle & pc[c] = b3 ==> begin
    if cpumask[c][nxt[c]] then pc[c] := fin; else cpumask[c][nxt[c]] := true; pc[c] := b4; end;
  end;
  rule "b4" irq[c] = idle & pc[c] = b4 ==> begin root[c] := nxt[c]; for m: Mm do tlb[c][m] := false; end; pc[c] := fin; end;
  rule "fin" irq[c] = idle & pc[c] = fin ==> begin user[c] := true; active[c] := nxt[c]; undefine nxt[c]; pc[c] := run; end;

  rule "unmap" irq[c] = idle & pc[c] = run & user[c] & page[active[c]] = mapped ==> begin page[active[c]] := unmapped; pc[c] := f1; end;
  rule "map" irq[c] = idle & pc[c] = run & user[c] & page[active[c]] = freed ==> begin page[active[c]] := mapped; end;
  rule "f1" irq[c] = idle & pc[c] = f1 ==> begin for m: Mm do tlb[c][m] := false; end; pc[c] := f2; end;
  rule "f2" irq[c] = idle & pc[c] = f2 ==> begin
    for d: Cpu do if d != c & cpumask[d][active[c]] then sent[d][active[c]] := true; end; end;
    pc[c] := f3;
  end;
  rule "f3" irq[c] = idle & pc[c] = f3 & (forall d: Cpu do !sent[d][active[c]] end) ==> begin pc[c] := f4; end;
  rule "f4" irq[c] = idle & pc[c] = f4 ==> begin
    assert "no CPU holds a translation of a page that is freed" forall d: Cpu do !tlb[d][active[c]] end;
    page[active[c]] := freed;
    pc[c] := run;
  end;
end;
