import { bodyOf } from './body.ts';
import type { KubeObject } from './objects.ts';
import { patched } from './patches.ts';
import type { Subresource } from './resources.ts';
import { scaledTo, scaleOf } from './scale.ts';
import { methodNotAllowed } from './status-error.ts';
import { objectOf } from './body.ts';
import type { WriteHandlers, WriteRequest, Written } from './write-handlers.ts';

/** `scale` and `status`. */
export class SubresourceHandlers {
  readonly #writes: WriteHandlers;

  constructor(writes: WriteHandlers) {
    this.#writes = writes;
  }

  handle(
    subresource: Exclude<Subresource, 'eviction'>,
    write: WriteRequest,
    current: KubeObject,
  ): Written {
    switch (subresource) {
      case 'scale':
        return this.#scale(write, current);
      case 'status':
        return this.#status(write, current);
    }
  }

  #status(write: WriteRequest, current: KubeObject): Written {
    switch (write.info.verb) {
      case 'get':
        return { status: 200, object: current };
      case 'update':
        return this.#writes.update(write, current);
      case 'patch':
        return this.#writes.patch(write, current);
      default:
        throw methodNotAllowed();
    }
  }

  #scale(write: WriteRequest, current: KubeObject): Written {
    const { info, request } = write;
    const before = scaleOf(current);
    switch (info.verb) {
      case 'get':
        return { status: 200, object: before };
      case 'update':
        return this.#scaled(write, current, objectOf(bodyOf(request)));
      case 'patch':
        return this.#scaled(
          write,
          current,
          patched({ ...write.type, kind: 'Scale' }, before, info.query, request),
        );
      default:
        throw methodNotAllowed();
    }
  }

  #scaled(write: WriteRequest, current: KubeObject, scale: KubeObject): Written {
    const { object } = this.#writes.store(write, current, scaledTo(current, scale));
    return { status: 200, object: scaleOf(object) };
  }
}
