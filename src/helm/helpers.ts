import type { HelmChartKind } from './table.ts';
import type { ChartFile } from './templates.ts';

/** _helpers.tpl. Charts that are installed as one share their named templates: so they carry the kind. */
export const helpersFile = (kind: HelmChartKind): ChartFile => ({
  path: 'templates/_helpers.tpl',
  text: `{{/*
The chart and its version as a label's value. A + is none, and a digest that does not fit is cut off.
*/}}
{{- define "${kind}.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_." }}
{{- end }}

{{/*
An image: its repository, with the tag and the digest that it has.
*/}}
{{- define "${kind}.image" -}}
{{- .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}
`,
});
