import type { AccessGraph } from '../access/graph.ts';
import type { IamForm } from '../fleet/model.ts';
import { renderAwsCli } from './aws-cli/render.ts';
import { renderCloudFormation } from './cloudformation/render.ts';
import { renderEksctl } from './eksctl/render.ts';
import { renderJson } from './json-form.ts';
import type { IamModel } from './model.ts';
import type { OutputFile } from './output-file.ts';
import { renderTerraform } from './terraform/render.ts';

/** A form of IAM: all render one model, each into a folder of its own. */
export type FormRenderer = (model: IamModel, graph: AccessGraph) => readonly OutputFile[];

export const forms: Readonly<Record<IamForm, FormRenderer>> = {
  json: renderJson,
  terraform: renderTerraform,
  cloudformation: renderCloudFormation,
  'aws-cli': renderAwsCli,
  eksctl: (model, graph) => renderEksctl(graph, model),
};
