import { canTake } from '../../../src/demo/dispatch.ts';
import { varsOf } from '../../../src/demo/request.ts';
import { newWorker, type Request } from '../../../src/demo/state.ts';
import { Simulation } from '../../../src/demo/traffic.ts';

/** Traffic that supports faults. */
export class FaultyTraffic extends Simulation {
  /** A full reload, as by SIGHUP to the master: the same master, new workers, all counters at 0. */
  reload(): void {
    const { state } = this;
    for (const request of this.running()) request.lost = true;
    state.workers = state.workers.map(({ number, cores }) => newWorker(number, cores.length));
    state.overloaded = 0;
    this.startFirst();
    for (const worker of state.workers) this.fill(worker);
  }

  /** Ensures that a request for `uri` is in flight: changes a running request, or starts one. */
  intrude(uri: string): void {
    const { workers } = this.state;
    const running = this.running();
    if (running.some((request) => varsOf(request).includes(`REQUEST_URI=${uri}`))) return;
    const [host] = running;
    if (host) {
      redirect(host, uri);
      return;
    }
    const worker = workers.find(canTake) ?? workers[0];
    const core = worker?.cores[0];
    if (worker && core) redirect(this.begin(worker, core), uri);
  }

  private running(): Request[] {
    return this.state.workers.flatMap(({ cores }) => cores.flatMap(({ request }) => request ?? []));
  }
}

function redirect(request: Request, uri: string): void {
  request.route = { ...request.route, uri: () => uri };
}
