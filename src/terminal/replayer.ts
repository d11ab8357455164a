import { changed, moved } from '../app/arrived.ts';
import type { AppState } from '../app/state.ts';
import { limitsText, momentOf, timeWithin } from '../recordings/moment.ts';
import { Player } from '../recordings/player.ts';
import type { Timeline } from '../recordings/timeline.ts';
import type { Clock } from '../sources/source.ts';
import type { Action } from '../views/actions.ts';
import type { Mark, Replay } from '../views/replay.ts';
import { typed } from '../views/updates/typing.ts';

/** What can be replayed. */
export interface Replayed {
  timeline: Timeline;
  /** The recording; `null` for the recent past of the live view. */
  name: string | null;
  /** The events of the timeline, in the order of their times, as far as they are known. */
  marks(): readonly Mark[];
}

interface ReplayerOptions extends Replayed {
  clock: Clock;
  state(): AppState;
  /** Replaces the state, and draws it. */
  become(state: AppState): void;
}

/** A move to a time in Unix seconds, and what follows it. */
interface Move {
  time: number;
  done(): void;
}

/** Speeds to choose from, in seconds of the past per second. */
const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Milliseconds between two steps of playing. */
const TICK_MS = 100;

/** Milliseconds of work after which keys are handled. */
const SLICE_MS = 40;

/** A gap between two readings that is longer than this number of seconds is skipped. */
const LONGEST_GAP = 60;

/** Shows a recording, or the recent past of the live view: it moves, plays and pauses. */
export class Replayer {
  readonly #options: ReplayerOptions;
  #player: Player | null = null;
  #time = 0;
  #speed = 1;
  #playing: NodeJS.Timeout | null = null;
  #servers: Player['servers'] = [];
  /** The move in progress. */
  #move: Move | null = null;

  constructor(options: ReplayerOptions) {
    this.#options = options;
  }

  /** Handles an action that moves in the past, or has another meaning there. Returns whether the action was handled. */
  takes(action: Action): boolean {
    const { view, past } = this.#options.state();
    switch (action.kind) {
      case 'replay':
        this.#step(action);
        return true;
      case 'accept':
        if (view.prompt?.time !== undefined) this.#typed(typed(view));
        return false;
      case 'freeze':
        if (past !== null) this.#toggle();
        return past !== null;
      case 'interval':
        if (past !== null) this.#changeSpeed(action.step);
        return past !== null;
      case 'fast':
        return past !== null;
      case 'record':
        if (this.#options.name !== null) this.#notify('this is a recording already');
        return this.#options.name !== null;
      case 'edge':
        if (past === null || this.#options.name !== null || action.edge === 'first') return false;
        this.#leave();
        return true;
      default:
        return false;
    }
  }

  /** Goes to a time. */
  jump(time: number): void {
    this.#pause();
    this.#go(time);
  }

  /** Ends all moves. */
  stop(): void {
    this.#move = null;
    if (this.#playing) clearInterval(this.#playing);
    this.#playing = null;
  }

  get #timeline(): Timeline {
    return this.#options.timeline;
  }

  /** The player. It begins at the end of the timeline. */
  #opened(): Player | null {
    // The recent past is empty before the first reading, and for a moment if it exceeds its limit.
    if (this.#timeline.blocks.length === 0) return null;
    if (this.#player === null) {
      this.#player = new Player(this.#timeline);
      this.#time = this.#timeline.end;
    }
    return this.#player;
  }

  #step({ unit, step }: Extract<Action, { kind: 'replay' }>): void {
    const isPresent = this.#options.state().past === null;
    // There is nothing after the present.
    if (isPresent && step > 0) return;
    const player = this.#opened();
    if (player === null) {
      this.#notify('nothing was read yet');
      return;
    }
    if (isPresent) this.#time = this.#timeline.end;
    this.#finish();
    this.#pause();
    if (unit === 'minute') this.#go(this.#time + 60 * step);
    else if (unit === 'event') this.#goToEvent(step);
    else if (step > 0) this.#next(player);
    else this.#back(player, isPresent);
  }

  #goToEvent(step: 1 | -1): void {
    const marks = this.#options.marks();
    const mark =
      step > 0
        ? marks.find(({ time }) => time > this.#time)
        : marks.findLast(({ time }) => time < this.#time);
    if (mark) this.#go(mark.time);
    else this.#notify(step > 0 ? 'there is no later event' : 'there is no earlier event');
  }

  #next(player: Player): void {
    const { focus } = this.#options.state();
    let target = player.step();
    while (target !== null && focus !== null && target !== focus) target = player.step();
    if (target === null) this.#atEnd();
    else this.#show(player.time);
  }

  /** Plays up to the present first. Only then is the reading before the present known. */
  #back(player: Player, isPresent: boolean): void {
    const { focus } = this.#options.state();
    if (isPresent) this.#go(this.#timeline.end, () => this.#go(player.timeBefore(focus)));
    else this.#go(player.timeBefore(focus));
  }

  #typed(text: string): void {
    const moment = momentOf(text);
    if (moment === null) this.#notify(`not a time: ${text}`);
    else if (this.#opened() !== null) {
      const { name } = this.#options;
      const time = timeWithin(moment, this.#timeline);
      if (time === null)
        this.#notify(limitsText(name === null ? 'the past' : 'the recording', this.#timeline));
      else this.jump(time);
    }
  }

  /** Plays up to a time, in slices. Then it shows the servers, or does something else. */
  #go(to: number, done?: () => void): void {
    const player = this.#opened();
    if (player === null) return;
    const time = Math.max(this.#timeline.start, Math.min(to, this.#timeline.end));
    const isInLaterBlock = this.#timeline.blocks.some(
      (block) => block.time > player.time && block.time <= time,
    );
    // The recent past can have gone on since the player was at its end.
    const isBehind = player.nextTime === null && time > player.time;
    if (time < player.time || isInLaterBlock || isBehind) player.seek(time);
    const move: Move = { time, done: done ?? (() => this.#show(time)) };
    this.#move = move;
    const go = () => {
      if (this.#move !== move) return;
      if (this.#playTo(player, time, SLICE_MS)) this.#finish();
      else setImmediate(go);
    };
    go();
  }

  /** Completes the move in progress at once, so that the next one begins where it ends. */
  #finish(): void {
    const move = this.#move;
    this.#move = null;
    if (move === null || this.#player === null) return;
    this.#playTo(this.#player, move.time, Number.POSITIVE_INFINITY);
    move.done();
    this.#finish();
  }

  /** Plays for at most some milliseconds. Returns whether the time was reached. */
  #playTo(player: Player, time: number, most: number): boolean {
    const start = this.#options.clock.monotonic();
    for (;;) {
      const { nextTime } = player;
      if (nextTime === null || nextTime > time) return true;
      if (this.#options.clock.monotonic() - start > most / 1000) return false;
      player.step();
    }
  }

  #toggle(): void {
    if (this.#playing === null) {
      let before = this.#options.clock.monotonic();
      this.#playing = setInterval(() => {
        const now = this.#options.clock.monotonic();
        this.#play((now - before) * this.#speed);
        before = now;
      }, TICK_MS);
    } else this.#pause();
    this.#show(this.#time);
  }

  #play(seconds: number): void {
    const player = this.#opened();
    if (player === null) return;
    const { nextTime } = player;
    const isGap = nextTime !== null && nextTime - this.#time > Math.max(LONGEST_GAP, seconds);
    const to = isGap ? nextTime : Math.min(this.#time + seconds, this.#timeline.end);
    if (nextTime === null) this.#atEnd();
    else this.#show(this.#playTo(player, to, SLICE_MS) ? to : player.time);
  }

  #changeSpeed(step: 1 | -1): void {
    const at = SPEEDS.indexOf(this.#speed) + step;
    this.#speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))] ?? 1;
    this.#show(this.#time);
  }

  #atEnd(): void {
    if (this.#options.name === null) this.#leave();
    else {
      this.#pause();
      this.#show(this.#time);
      this.#notify('this is the end of the recording');
    }
  }

  /** Returns to the present. */
  #leave(): void {
    this.stop();
    this.#player = null;
    this.#speed = 1;
    this.#options.become(moved(this.#options.state(), null));
  }

  #pause(): void {
    if (this.#playing) clearInterval(this.#playing);
    this.#playing = null;
  }

  #show(time: number): void {
    const player = this.#opened();
    if (player === null) return;
    this.#time = time;
    const { start, end } = this.#timeline;
    const replay: Replay = {
      name: this.#options.name,
      start,
      end,
      time,
      isPlaying: this.#playing !== null,
      speed: this.#speed,
      marks: this.#options.marks(),
    };
    const state = this.#options.state();
    const { servers, fleet } = player;
    // A recording has servers that start and end. Those of the present stay.
    const isOther = replay.name !== null && servers !== this.#servers;
    this.#servers = servers;
    this.#options.become(moved(isOther ? changed(state, servers) : state, { fleet, replay }));
  }

  #notify(text: string): void {
    const state = this.#options.state();
    this.#options.become({ ...state, notice: { text, role: 'warning', at: state.now } });
  }
}
