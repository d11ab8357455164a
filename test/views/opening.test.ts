import { describe, expect, it } from 'vitest';
import { UNTOUCHED } from '../../src/views/scene.ts';
import { notOpened, opened } from '../../src/views/updates/opening.ts';
import { VIEWS } from '../../src/views/views.ts';
import { VIEW } from './samples.ts';

const by = (column: string) => ({ column, descending: true });

describe('the first view', () => {
  it('is the first one for the kind of document', () => {
    expect(opened(VIEW, 'app')).toEqual({ ...VIEW, tab: 'workers' });
    expect(opened(VIEW, 'emperor')?.tab).toBe('vassals');
    expect(opened(VIEW, 'router')?.tab).toBe('nodes');
  });

  it('is the first one that has all requested columns', () => {
    expect(opened({ ...VIEW, columns: ['age'] }, 'app')?.tab).toBe('requests');
    expect(opened({ ...VIEW, sort: by('queue') }, 'app')?.tab).toBe('sockets');
    expect(opened({ ...VIEW, sort: by('id'), columns: ['rps'] }, 'app')?.tab).toBe('workers');
    for (const kind of ['app', 'emperor', 'router'] as const)
      for (const { name, columns } of VIEWS[kind]) {
        if (columns.length === 0) continue;
        const all = columns.map((column) => column.name);
        expect(opened({ ...VIEW, columns: all }, kind)).toMatchObject({ tab: name, columns: all });
      }
  });

  it('does not exist if no view has all of them, and the error lists the columns of the best one', () => {
    const view = { ...VIEW, columns: ['rps', 'queue'], sort: by('vassal') };
    expect(opened(view, 'app')).toBeNull();
    expect(notOpened(view, 'app')).toMatch(
      /rps, queue, vassal\. workers lacks queue, vassal; no other view has them all\. The columns of workers are: id, /,
    );
    expect(notOpened({ ...VIEW, columns: ['age', 'uri', 'rps'] }, 'app')).toMatch(
      /: age, uri, rps\. requests lacks rps; workers has it\. The columns of requests are: age, core, /,
    );
    expect(notOpened({ ...VIEW, sort: by('uri') }, 'emperor')).toMatch(/The columns of vassals are: /);
    expect(opened({ ...VIEW, sort: by('uri') }, 'emperor')).toBeNull();
  });

  it('has the settings, except for the requested options', () => {
    const otherTabs = { workers: { ...UNTOUCHED, columns: ['id', 'rps'], sort: by('rps') } };
    expect(opened({ ...VIEW, otherTabs: otherTabs }, 'app')).toMatchObject({
      columns: ['id', 'rps'],
      sort: by('rps'),
    });
    const asked = opened({ ...VIEW, otherTabs: otherTabs, sort: by('id') }, 'app');
    expect(asked).toMatchObject({ columns: ['id', 'rps'], sort: by('id') });
    expect(opened({ ...VIEW, otherTabs: otherTabs }, 'emperor')).toMatchObject({ columns: null, sort: null });
  });

  it('is the requested one, with its settings', () => {
    const otherTabs = { paths: { ...UNTOUCHED, columns: ['path', 'share'] } };
    const view = { ...VIEW, otherTabs, firstTab: 'paths' };
    expect(opened(view, 'app')).toMatchObject({ tab: 'paths', columns: ['path', 'share'] });
    expect(opened({ ...view, columns: ['share'] }, 'app')).toMatchObject({
      tab: 'paths',
      columns: ['share'],
    });
  });

  it('does not exist if the requested one lacks columns, or the kind has no such view', () => {
    const paths = { ...VIEW, firstTab: 'paths' };
    expect(opened({ ...paths, columns: ['age'] }, 'app')).toBeNull();
    expect(notOpened({ ...paths, columns: ['age'] }, 'app')).toMatch(
      /^the view paths does not have all of these columns: age\. paths lacks age; requests has it\. The columns of paths are: share, /,
    );
    expect(opened(paths, 'emperor')).toBeNull();
    expect(notOpened(paths, 'emperor')).toBe(
      'this target has no view paths. Its views are: vassals, blacklist, events, findings',
    );
    expect(notOpened({ ...VIEW, firstTab: 'workers' }, 'fleet')).toMatch(
      /^there is no view workers of several servers\. Their views are: servers, requests, paths, /,
    );
  });

  it('is the one that the user has already chosen', () => {
    const view = { ...VIEW, tab: 'locks', columns: ['pid'] };
    expect(opened(view, 'app')).toBe(view);
  });

  it('keeps the filter', () => {
    expect(opened({ ...VIEW, filter: 'rps>1' }, 'app')?.filter).toBe('rps>1');
  });
});
