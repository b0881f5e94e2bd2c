/** Elements inside of each other, in the order of their keys; what is `undefined` is left out. */
export interface Elements {
  readonly [name: string]: string | number | Elements | undefined;
}

export function toXml(elements: Elements): string {
  return Object.entries(elements)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const inner = typeof value === 'object' ? toXml(value) : escape(String(value));
      return `<${name}>${inner}</${name}>`;
    })
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escape = (text: string): string => text.replace(/[&<>]/g, (one) => entities[one] ?? one);
