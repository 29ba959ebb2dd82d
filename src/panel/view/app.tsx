/** The whole panel as a function of the state it was last sent. */
import type { PanelState } from "../messages";
import { CpuCard } from "./state/cpu-card";
import { Cpumask } from "./state/cpumask";
import { Frames } from "./state/frames";
import { Globals } from "./state/globals";
import { Header } from "./header";
import { Branches, Events } from "./history/history";
import { Idle } from "./idle";
import { Ipis } from "./state/ipis";
import { MmCard } from "./state/mm-card";
import { announcement, Narration } from "./history/narration";
import { Notice } from "./notice";
import { Properties } from "./state/properties";
import { WideOffer } from "./wide-offer";
import { strings } from "./strings";
import { Transport } from "./history/transport";

/** What a tour said last. The count makes the same words, said again, a new announcement. */
export interface Said {
  text: string;
  count: number;
}

/** `state` is undefined while no session runs. */
export function App({ state, said }: { state: PanelState | undefined; said: Said | undefined }) {
  return (
    <main>
      {state ? <Session key={`${state.scenario} ${state.kernel}`} state={state} /> : <Idle />}
      {/* It stands outside of what comes and goes, or the first sentence would not be heard. */}
      <div class="sr-only" aria-live="polite" aria-atomic="true">
        {state && announcement(state)}
      </div>
      <div class="sr-only" aria-live="polite" aria-atomic="true" data-says="tour">
        {said && <p key={said.count}>{said.text}</p>}
      </div>
    </main>
  );
}

function Session({ state }: { state: PanelState }) {
  const { view, ipis, step } = state;
  return (
    <>
      <WideOffer />
      <Header state={state} />
      <Transport state={state} />
      <Narration state={state} />
      <div class="now">
        <section class="section cpus" data-count={view.cpus.length} aria-labelledby="cpus-title">
          <h2 id="cpus-title" class="sr-only">
            {strings.cpus}
          </h2>
          {view.cpus.map((cpu) => (
            <CpuCard key={cpu.id} cpu={cpu} ipis={ipis} selected={cpu.id === state.selectedCpu} />
          ))}
        </section>
        <div class="between">
          <Ipis ipis={ipis} />
          <Cpumask mms={view.mms} cpus={view.cpus.map((cpu) => cpu.id)} />
        </div>
      </div>
      <div class="columns">
        <div class="column">
          <section class="section mms" aria-labelledby="mms-title">
            <h2 id="mms-title">{strings.mms.title}</h2>
            {view.mms.map((mm) => (
              <MmCard key={mm.name} mm={mm} />
            ))}
          </section>
          <Frames frames={view.frames} />
        </div>
        <div class="column">
          <Properties properties={state.properties} step={step} />
          <Events events={state.events} step={step} />
          <Branches branches={state.branches} />
          <Globals globals={view.globals} />
        </div>
      </div>
      <Notice text={state.notice} />
    </>
  );
}
