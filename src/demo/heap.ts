/** A binary heap of items ordered by `end`, the earliest first. */
export class Heap<Item extends { readonly end: number }> {
  private readonly items: Item[] = [];

  /** The earliest item, or `undefined` when the heap is empty. */
  first(): Item | undefined {
    return this.items[0];
  }

  add(item: Item): void {
    const { items } = this;
    let place = items.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || parent.end <= item.end) break;
      items[place] = parent;
      place = above;
    }
    items[place] = item;
  }

  /** Removes and returns the earliest item, or returns `undefined` when the heap is empty. */
  take(): Item | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.sink(last);
    return first;
  }

  /** Moves `item` down from the root to its place. */
  private sink(item: Item): void {
    const { items } = this;
    let place = 0;
    for (;;) {
      let below = place * 2 + 1;
      let child = items[below];
      if (child === undefined) break;
      const other = items[below + 1];
      if (other !== undefined && other.end < child.end) {
        child = other;
        below += 1;
      }
      if (item.end <= child.end) break;
      items[place] = child;
      place = below;
    }
    items[place] = item;
  }
}
