import { join } from 'node:path';
import type { RecordingFolder } from '../recordings/folder.ts';
import type { LiveRecorder } from '../terminal/effects.ts';
import { messageOf } from '../text/reason.ts';
import type { Chosen } from './options.ts';
import { openFolder, recorderFor } from './recording-folder.ts';

/** Maximum size of a recording of the live view, in bytes. Its oldest files are deleted above that. */
const MOST = 2 ** 30;

/** Returns what records the servers of a live view to a new folder for each start. */
export function liveRecorder(options: Chosen): LiveRecorder {
  let servers: Parameters<LiveRecorder['setServers']>[0] = [];
  let current: { folder: RecordingFolder; setServers: LiveRecorder['setServers'] } | null = null;
  let tell: Parameters<LiveRecorder['start']>[0] = () => {};
  const stop = () => {
    const before = current;
    current = null;
    before?.folder.close();
  };
  return {
    async start(say) {
      const recorder = recorderFor(options);
      recorder.setServers(servers);
      const folder = await openFolder(defaultFolder(), recorder, { most: MOST, say });
      tell = say;
      current = { folder, setServers: (all) => recorder.setServers(all) };
      return folder.path;
    },
    stop,
    record(target, event) {
      try {
        current?.folder.record(target, event);
      } catch (error) {
        stop();
        tell(`the recording has ended: ${messageOf(error)}`, true);
      }
    },
    setServers(all) {
      servers = all;
      current?.setServers(all);
    },
  };
}

/** A folder named after the time in UTC, below the user's folder for state (XDG Base Directory Specification). */
function defaultFolder(): string {
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = process.env;
  const base = state.startsWith('/') ? state : home.startsWith('/') ? join(home, '.local/state') : null;
  if (base === null) throw new Error('HOME is not set');
  const name = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return join(base, 'statstop/recordings', name);
}
