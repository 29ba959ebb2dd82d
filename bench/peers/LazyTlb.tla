------------------------------ MODULE LazyTlb ------------------------------
(* The abstract lazy-TLB protocol of test/support/lazy-tlb.ts for TLC. bench/peers.ts writes the configuration of a size. *)
EXTENDS Naturals, TLC

CONSTANTS
  Cpu, Mm,
  InitMm,       \* init_mm, which is no member of Mm
  ClearFirst    \* TRUE: the order before commit 831d52bc, the mask bit cleared before CR3 is loaded

VARIABLES
  cpu,          \* each CPU's own part
  page          \* what became of each mm's page

Boot == [pc |-> "run", irq |-> "idle", user |-> FALSE, ok |-> FALSE,
         active |-> InitMm, root |-> InitMm, tact |-> InitMm, next |-> InitMm, about |-> InitMm,
         tlb |-> {}, sent |-> {}, mask |-> {}]
Init == cpu = [c \in Cpu |-> Boot] /\ page = [m \in Mm |-> "mapped"]

At(c, where) == cpu[c].irq = "idle" /\ cpu[c].pc = where
(* A step of CPU c after which its own part is `mine`, and nothing else is changed. *)
Own(c, mine) == cpu' = [cpu EXCEPT ![c] = mine] /\ UNCHANGED page
Page(m, what) == page' = [page EXCEPT ![m] = what]

Fill(c) == LET me == cpu[c] IN
  /\ me.root # InitMm /\ me.root \notin me.tlb
  /\ page[me.root] = "mapped"
  /\ Own(c, [me EXCEPT !.tlb = @ \union {me.root}])

Take(c, m) == LET me == cpu[c] IN
  /\ me.irq = "idle" /\ me.pc \in {"run", "f1", "f2", "f3", "f4"} /\ m \in me.sent
  /\ Own(c, [me EXCEPT !.about = m, !.irq = IF me.tact # m THEN "ack" ELSE IF me.ok THEN "flush" ELSE "clear"])

Handle(c) == LET me == cpu[c] IN
  CASE me.irq = "flush" -> Own(c, [me EXCEPT !.tlb = {}, !.irq = "ack"])
    [] me.irq = "clear" -> Own(c, [me EXCEPT !.mask = @ \ {me.tact}, !.irq = "cr3"])
    [] me.irq = "cr3" -> Own(c, [me EXCEPT !.root = InitMm, !.tlb = {}, !.irq = "ack"])
    [] me.irq = "ack" -> Own(c, [me EXCEPT !.sent = @ \ {me.about}, !.about = InitMm, !.irq = "idle"])
    [] OTHER -> FALSE

Switch(c, m) == LET me == cpu[c] IN
  /\ At(c, "run")
  /\ Own(c, [me EXCEPT !.next = m, !.pc = IF me.active = m THEN "b1" ELSE IF ClearFirst THEN "aclr" ELSE "aok"])

(* What a CPU does next where it has no choice, and needs no look at the others. *)
GoOn(c) == LET me == cpu[c] IN
  CASE me.irq # "idle" -> FALSE
    [] me.pc = "k1" -> Own(c, [me EXCEPT !.ok = FALSE, !.pc = "kfin"])
    [] me.pc = "kfin" -> Own(c, [me EXCEPT !.user = FALSE, !.pc = "run"])
    [] me.pc = "aclr" -> Own(c, [me EXCEPT !.mask = @ \ {me.active}, !.pc = IF ClearFirst THEN "aok" ELSE "fin"])
    [] me.pc = "aok" -> Own(c, [me EXCEPT !.ok = TRUE, !.pc = "atact"])
    [] me.pc = "atact" -> Own(c, [me EXCEPT !.tact = me.next, !.pc = "asetm"])
    [] me.pc = "asetm" -> Own(c, [me EXCEPT !.mask = @ \union {me.next}, !.pc = "acr3"])
    [] me.pc = "acr3" -> Own(c, [me EXCEPT !.root = me.next, !.tlb = {}, !.pc = IF ClearFirst THEN "fin" ELSE "aclr"])
    [] me.pc = "b1" -> Own(c, [me EXCEPT !.ok = TRUE, !.pc = "b2"])
    [] me.pc = "b2" -> /\ Assert(me.tact = me.next, "cpu_tlbstate.active_mm is not the next mm")
                       /\ Own(c, [me EXCEPT !.pc = "b3"])
    [] me.pc = "b3" -> Own(c, [me EXCEPT !.mask = @ \union {me.next}, !.pc = IF me.next \in me.mask THEN "fin" ELSE "b4"])
    [] me.pc = "b4" -> Own(c, [me EXCEPT !.root = me.next, !.tlb = {}, !.pc = "fin"])
    [] me.pc = "fin" -> Own(c, [me EXCEPT !.user = TRUE, !.active = me.next, !.next = InitMm, !.pc = "run"])
    [] me.pc = "f1" -> Own(c, [me EXCEPT !.tlb = {}, !.pc = "f2"])
    [] OTHER -> FALSE

ToKernel(c) == At(c, "run") /\ cpu[c].user /\ Own(c, [cpu[c] EXCEPT !.pc = "k1"])
Unmap(c) == LET mm == cpu[c].active IN
  /\ At(c, "run") /\ cpu[c].user /\ page[mm] = "mapped"
  /\ Page(mm, "unmapped") /\ cpu' = [cpu EXCEPT ![c].pc = "f1"]
Map(c) == LET mm == cpu[c].active IN
  /\ At(c, "run") /\ cpu[c].user /\ page[mm] = "freed"
  /\ Page(mm, "mapped") /\ UNCHANGED cpu
Send(c) == LET mm == cpu[c].active IN
  /\ At(c, "f2")
  /\ cpu' = [d \in Cpu |-> IF d = c THEN [cpu[c] EXCEPT !.pc = "f3"]
                           ELSE IF mm \in cpu[d].mask THEN [cpu[d] EXCEPT !.sent = @ \union {mm}] ELSE cpu[d]]
  /\ UNCHANGED page
Wait(c) == /\ At(c, "f3") /\ \A d \in Cpu : cpu[c].active \notin cpu[d].sent
           /\ Own(c, [cpu[c] EXCEPT !.pc = "f4"])
Free(c) == LET mm == cpu[c].active IN
  /\ At(c, "f4")
  /\ Assert(\A d \in Cpu : mm \notin cpu[d].tlb, "a CPU holds a translation of a page that is freed")
  /\ Page(mm, "freed") /\ cpu' = [cpu EXCEPT ![c].pc = "run"]

Next == \E c \in Cpu :
  \/ Fill(c) \/ Handle(c) \/ GoOn(c) \/ ToKernel(c) \/ Unmap(c) \/ Map(c) \/ Send(c) \/ Wait(c) \/ Free(c)
  \/ \E m \in Mm : Take(c, m) \/ Switch(c, m)

Names == Permutations(Cpu) \union Permutations(Mm)
=============================================================================
