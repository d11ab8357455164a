import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';
import type { Entry } from './entry.ts';

/**
 * Reads the element `uwsgi` of an XML file, which is the root or a child of it (core/xmlconf.c, libxml2).
 *
 * @param id the `id` of the element; `null` for the first one
 * @throws Error for invalid XML
 */
export function xmlEntries(text: string, id: string | null): Entry[] {
  const { root } = parseXml(text, { includeOffsets: true, ignoreUndefinedEntities: true });
  if (!root) return [];
  const isAsked = (element: XmlElement) => {
    const { id: own } = element.attributes;
    return id === null || own === undefined || own === id;
  };
  const section =
    root.name === 'uwsgi' ? root : elements(root).find((each) => each.name === 'uwsgi' && isAsked(each));
  if (!section) return [];
  let line = 1;
  let counted = 0;
  return elements(section)
    .filter(isAsked)
    .map((element) => {
      line += text.slice(counted, element.start).split('\n').length - 1;
      counted = element.start;
      const [first] = element.children;
      // uWSGI takes an element without content as `true`.
      return { key: element.name, value: first instanceof XmlText ? first.text : '1', line };
    });
}

function elements(parent: XmlElement): XmlElement[] {
  return parent.children.filter((child) => child instanceof XmlElement);
}
