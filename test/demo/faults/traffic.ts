import { canTake } from '../../../src/demo/dispatch.ts';
import { varsOf } from '../../../src/demo/request.ts';
import { newWorker, type Request } from '../../../src/demo/state.ts';
import { Simulation } from '../../../src/demo/traffic.ts';

/** Traffic in which faults can happen. */
export class FaultyTraffic extends Simulation {
  /** A full reload, as on SIGHUP to the master: the same master, new workers, every counter 0. */
  reload(): void {
    const { state } = this;
    for (const request of this.running()) request.lost = true;
    state.workers = state.workers.map(({ number, cores }) => newWorker(number, cores.length));
    state.overloaded = 0;
    this.startFirst();
    for (const worker of state.workers) this.fill(worker);
  }

  /** Sees to it that a request for `uri` is under way: a running one gets it, or a new one starts. */
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
