import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mustRun } from '../process/command.ts';

/** What a container gets from its image. */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
}

export interface Layer {
  /** Bytes as a registry holds them. */
  readonly compressed: number;
  readonly tar: Buffer;
  /** Every path in it, without a leading slash. */
  readonly paths: readonly string[];
}

export interface Image {
  readonly config: ImageConfig;
  /** Manifest and configuration with its history: all of the image but its layers. */
  readonly metadata: string;
  /** The lowest first. */
  readonly layers: readonly Layer[];
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

interface Index {
  readonly manifests: readonly [Descriptor];
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Reads an OCI image layout: https://github.com/opencontainers/image-spec, image-layout.md. */
export async function readLayout(layout: string): Promise<Image> {
  const blob = ({ digest }: Descriptor): string => join(layout, 'blobs', digest.replace(':', '/'));
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as Index;
  const manifestText = readFileSync(blob(index.manifests[0]), 'utf8');
  const manifest = JSON.parse(manifestText) as Manifest;
  const configText = readFileSync(blob(manifest.config), 'utf8');
  const layers = [];
  for (const descriptor of manifest.layers) {
    const file = blob(descriptor);
    layers.push({
      compressed: descriptor.size,
      tar: gunzipSync(readFileSync(file)),
      paths: (await mustRun('tar', ['-tzf', file])).split('\n').filter(Boolean),
    });
  }
  const { config } = JSON.parse(configText) as { readonly config: ImageConfig };
  return { config, metadata: manifestText + configText, layers };
}

/** Whether the text is anywhere in the image: a file's content or name, configuration, history. */
export const holds = ({ metadata, layers }: Image, text: string): boolean =>
  metadata.includes(text) || layers.some(({ tar }) => tar.includes(text));
