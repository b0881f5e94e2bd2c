type Block = Readonly<Record<string, unknown>>;
interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly module?: Readonly<Record<string, Block>>;
}

/** A resource of AWS in an expression or a dependency: its type, its name, and what is asked of it. */
const reference = /\baws_(\w+)\.([\w-]+)(?:\.(\w+))?/g;

/**
 * The same configuration over the one resource that OpenTofu brings itself, as AWS' provider comes
 * from a registry: modules, inputs, outputs, expressions and dependencies are all as they were.
 */
export const standIn = (
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, JSON.stringify(standInOf(text))]),
  );

function standInOf(text: string): Block {
  const configuration = JSON.parse(text) as Configuration;
  const { resource = {}, module = {} } = configuration;
  const others = without(configuration, 'terraform', 'provider', 'resource', 'module');
  const modules = Object.entries(module).map(([name, block]) => [
    name,
    without(block, 'providers'),
  ]);
  return {
    ...(redirected(others) as Block),
    // An empty block is none.
    ...(Object.keys(resource).length === 0
      ? {}
      : { resource: { terraform_data: allOf(resource) } }),
    ...(modules.length === 0 ? {} : { module: Object.fromEntries(modules) as Block }),
  };
}

const allOf = (resource: NonNullable<Configuration['resource']>): Block =>
  Object.fromEntries(
    Object.entries(resource).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => [`${type}__${name}`, data(block)]),
    ),
  );

const data = (block: Block): Block => ({
  input: redirected(without(block, 'provider', 'lifecycle', 'depends_on')),
  ...(block.depends_on ? { depends_on: redirected(block.depends_on) } : {}),
});

const without = (block: object, ...names: readonly string[]): Block =>
  Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name)));

/** Expressions and dependencies alone: what is a text has no reference in it that stands by itself. */
function redirected(value: unknown): unknown {
  if (typeof value === 'string') {
    const isReference = /^\$\{aws_[\w.,-]+\}$/.test(value) || /^aws_[a-z_]+\.[\w-]+$/.test(value);
    return isReference ? value.replace(reference, redirect) : value;
  }
  if (Array.isArray(value)) return value.map(redirected);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redirected(one)]));
}

const redirect = (_: string, type: string, name: string, attribute?: string): string => {
  const place = `terraform_data.aws_${type}__${name}`;
  if (attribute === undefined) return place;
  return attribute === 'arn' ? `${place}.id` : `${place}.input.${attribute}`;
};

/** How many resources there are in all modules. */
export const resourcesIn = (files: Readonly<Record<string, string>>): number =>
  Object.values(files)
    .flatMap((text) => Object.values((JSON.parse(text) as Configuration).resource ?? {}))
    .reduce((sum, blocks) => sum + Object.keys(blocks).length, 0);
