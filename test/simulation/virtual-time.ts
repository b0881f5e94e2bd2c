/** Something that will happen. */
export interface Task {
  readonly time: number;
  /** Of two at the same time the one that was planned first happens first. */
  readonly order: number;
  act: (() => void) | undefined;
}

/** Time that passes only from one planned thing to the next. Milliseconds since the seed's start. */
export class VirtualTime {
  #now = 0;
  #planned = 0;
  readonly #heap: Task[] = [];

  get now(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): Task {
    const task = { time: this.#now + Math.max(0, Math.round(ms)), order: this.#planned, act };
    this.#planned += 1;
    this.#push(task);
    return task;
  }

  cancel(task: Task): void {
    task.act = undefined;
  }

  /** Until the condition holds, nothing is planned any more, or the time is over. */
  run(until: number, isOver: () => boolean): void {
    while (!isOver()) {
      const task = this.#heap[0];
      if (!task || task.time > until) return;
      this.#pop();
      if (!task.act) continue;
      this.#now = task.time;
      task.act();
    }
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(task);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, task)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = task;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let below = heap[child];
      if (!below) break;
      const right = heap[child + 1];
      if (right && isBefore(right, below)) {
        child += 1;
        below = right;
      }
      if (isBefore(last, below)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

const isBefore = (a: Task, b: Task): boolean =>
  a.time < b.time || (a.time === b.time && a.order < b.order);
