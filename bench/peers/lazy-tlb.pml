/*
 * The abstract lazy-TLB protocol of test/support/lazy-tlb.ts for Spin, one step an option of one loop for each CPU:
 *   spin -DCPUS=3 -DMMS=2 [-DCLEAR_FIRST] -a lazy-tlb.pml && gcc -O3 -DSAFETY -DBFS -DNOREDUCE -DNOFAIR -o pan pan.c && ./pan -w24
 * mms count from 1; 0 is init_mm. Sets of mms have bit m - 1 for mm m.
 */
#define SET(m) (1 << ((m) - 1))
#define ME cpu[_pid]
#define HOLDS(set, m) ((ME.set & SET(m)) != 0)
#define AT(where) (ME.irq == idle && ME.pc == where)

mtype = { ready, k1, kfin, aclr, aok, atact, asetm, acr3, b1, b2, b3, b4, fin, f1, f2, f3, f4 };
mtype = { idle, flush, clear, cr3, ack };
mtype = { mapped, unmapped, freed };

typedef Cpu {
  mtype pc = ready;
  mtype irq = idle;
  bool user;
  bool ok;
  unsigned act : 2;
  unsigned root : 2;
  unsigned tact : 2;
  unsigned next : 2;
  unsigned about : 2;
  unsigned tlb : MMS;
  unsigned sent : MMS;
  unsigned mask : MMS;
};
#define PAGES 4
Cpu cpu[CPUS];
mtype page[PAGES] = mapped;

#if CPUS == 2
#define ANY(set) (cpu[0].set | cpu[1].set)
#define SEND TO(0) TO(1)
#elif CPUS == 3
#define ANY(set) (cpu[0].set | cpu[1].set | cpu[2].set)
#define SEND TO(0) TO(1) TO(2)
#else
#define ANY(set) (cpu[0].set | cpu[1].set | cpu[2].set | cpu[3].set)
#define SEND TO(0) TO(1) TO(2) TO(3)
#endif
#define TO(d) if :: d != _pid && (cpu[d].mask & SET(ME.act)) -> cpu[d].sent = cpu[d].sent | SET(ME.act) :: else fi;

#define TAKE(m) :: d_step { ME.irq == idle && HOLDS(sent, m) && (ME.pc == ready || ME.pc == f1 || ME.pc == f2 || ME.pc == f3 || ME.pc == f4) -> \
  ME.about = m; ME.irq = (ME.tact != m -> ack : (ME.ok -> flush : clear)) }
#ifdef CLEAR_FIRST
#define FIRST aclr
#define AFTER_CLEAR aok
#define AFTER_CR3 fin
#else
#define FIRST aok
#define AFTER_CLEAR fin
#define AFTER_CR3 aclr
#endif
#define SWITCH(m) :: d_step { AT(ready) -> ME.next = m; ME.pc = (ME.act == m -> b1 : FIRST) }

active [CPUS] proctype Cpus() {
  do
  :: d_step { ME.root != 0 && page[ME.root] == mapped && !HOLDS(tlb, ME.root) -> ME.tlb = ME.tlb | SET(ME.root) }
  TAKE(1)
  SWITCH(1)
#if MMS > 1
  TAKE(2)
  SWITCH(2)
#endif
#if MMS > 2
  TAKE(3)
  SWITCH(3)
#endif
  :: d_step { ME.irq == flush -> ME.tlb = 0; ME.irq = ack }
  :: d_step { ME.irq == clear -> ME.mask = ME.mask & ~SET(ME.tact); ME.irq = cr3 }
  :: d_step { ME.irq == cr3 -> ME.root = 0; ME.tlb = 0; ME.irq = ack }
  :: d_step { ME.irq == ack -> ME.sent = ME.sent & ~SET(ME.about); ME.about = 0; ME.irq = idle }
  :: d_step { AT(ready) && ME.user -> ME.pc = k1 }
  :: d_step { AT(k1) -> ME.ok = false; ME.pc = kfin }
  :: d_step { AT(kfin) -> ME.user = false; ME.pc = ready }
  :: d_step { AT(aclr) -> if :: ME.act != 0 -> ME.mask = ME.mask & ~SET(ME.act) :: else fi; ME.pc = AFTER_CLEAR }
  :: d_step { AT(aok) -> ME.ok = true; ME.pc = atact }
  :: d_step { AT(atact) -> ME.tact = ME.next; ME.pc = asetm }
  :: d_step { AT(asetm) -> ME.mask = ME.mask | SET(ME.next); ME.pc = acr3 }
  :: d_step { AT(acr3) -> ME.root = ME.next; ME.tlb = 0; ME.pc = AFTER_CR3 }
  :: d_step { AT(b1) -> ME.ok = true; ME.pc = b2 }
  :: d_step { AT(b2) -> assert(ME.tact == ME.next); ME.pc = b3 }
  :: d_step { AT(b3) -> if :: HOLDS(mask, ME.next) -> ME.pc = fin :: else -> ME.mask = ME.mask | SET(ME.next); ME.pc = b4 fi }
  :: d_step { AT(b4) -> ME.root = ME.next; ME.tlb = 0; ME.pc = fin }
  :: d_step { AT(fin) -> ME.user = true; ME.act = ME.next; ME.next = 0; ME.pc = ready }
  :: d_step { AT(ready) && ME.user && page[ME.act] == mapped -> page[ME.act] = unmapped; ME.pc = f1 }
  :: d_step { AT(ready) && ME.user && page[ME.act] == freed -> page[ME.act] = mapped }
  :: d_step { AT(f1) -> ME.tlb = 0; ME.pc = f2 }
  :: d_step { AT(f2) -> SEND ME.pc = f3 }
  :: d_step { AT(f3) && !(ANY(sent) & SET(ME.act)) -> ME.pc = f4 }
  :: d_step { AT(f4) -> assert(!(ANY(tlb) & SET(ME.act))); page[ME.act] = freed; ME.pc = ready }
  od
}
