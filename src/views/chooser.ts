import { clean } from '../text/clean.ts';
import type { Line } from './frame.ts';
import type { Scene } from './scene.ts';
import { viewOf } from './views.ts';

const NAME_WIDTH = 12;

/** Number of heading lines above the list of columns. */
export const CHOOSER_HEADING = 2;

/** All columns of the view with their descriptions. The shown columns are marked. */
export function chooserLines({ sample, view }: Pick<Scene, 'sample' | 'view'>): Line[] {
  const { title, columns } = viewOf({ sample, view });
  const { chooser } = view;
  const heading: Line[] = [{ spans: [{ text: `Columns of ${title}`, role: 'title' }] }, { spans: [] }];
  return heading.concat(
    (chooser?.order ?? []).map((name, place): Line => {
      const column = columns.find((each) => each.name === name);
      const shown = chooser?.shown.includes(name) === true;
      return {
        spans: [
          { text: shown ? ' [x] ' : ' [ ] ', role: 'key' },
          { text: clean(column?.title ?? name).padEnd(NAME_WIDTH), role: shown ? 'plain' : 'dim' },
          { text: ` ${column?.description ?? ''}`, role: 'dim' },
        ],
        emphasis: place === chooser?.at ? 'selected' : undefined,
      };
    }),
  );
}
