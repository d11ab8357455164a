/** What a configuration can depend on outside its text. uWSGI asks for the same when it starts. */
export interface Surroundings {
  environment: Readonly<Record<string, string | undefined>>;
  hostname: string;
  /** Number of processors that are online. */
  cpus: number;
  /** Number and name of the user who starts the server. */
  uid: number;
  userName: string;
  gid: number;
  /** The directory in which the server is started. */
  cwd: string;
  /**
   * The absolute path of a file without links in it, as uWSGI uses it for `%p`, `%d` and others. A file that is itself
   * a link keeps its own name.
   */
  nameOf(path: string): string;
  /** The type of a file that can be read; `null` if there is no such file. */
  kindOf(path: string): 'file' | 'folder' | 'other' | null;
  /**
   * The text of a file that a configuration names.
   *
   * @throws Error with the reason, if the file cannot be read or must not be opened
   */
  read(path: string): string;
}
