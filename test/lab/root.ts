import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of the project that a server reads: its configurations and applications. */
const READ = [new URL('../../fixtures/lab', import.meta.url), new URL('.', import.meta.url)].map((url) =>
  fileURLToPath(url).replace(/\/$/, ''),
);

/**
 * Runs in a separate mount namespace. Its mounts disappear with the last process of the server, however it ends. The
 * tmpfs prevents that mount points are created in the root.
 */
const SCRIPT = `set -e
root=$1 temporary=$2 folder=$3
shift 3
mkdir -p "$root$temporary"
# As in a container: a root that is a mount point is in the mountinfo of its processes.
mount --bind "$root" "$root"
mount -t tmpfs lab "$root$temporary"
while [ "$1" != -- ]; do
  mkdir -p "$root$1"
  mount --rbind "$1" "$root$1"
  shift
done
shift
exec unshare --root="$root" --wd="$folder" "$@"`;

/**
 * Returns the command that runs another command with `root` as its `/`. Its folder and those of the project have the
 * same paths there. It uses the pids and the network of the machine. It keeps the pid of the started process. Needs
 * root.
 *
 * @param folder where the command runs
 */
export function inRoot(root: string, folder: string, command: readonly string[]): string[] {
  const shared = ['/dev', '/proc', folder, ...READ];
  const places = [root, dirname(folder), folder, ...shared, '--'];
  return ['unshare', '--mount', 'sh', '-c', SCRIPT, 'inRoot', ...places, ...command];
}
