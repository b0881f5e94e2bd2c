import { App, Chart } from 'cdk8s';
import { ApiResource, ConfigMap, Role, ServiceAccount, User } from 'cdk8s-plus-27';

/**
 * `node cdk8s-app.ts <charts> <outdir>`: one cdk8s App with a chart a cluster, each of four objects,
 * as one writes it by hand with cdk8s-plus. It knows no fleet file, and writes no IAM and no Flux tree.
 */
const [charts = '', outdir = ''] = process.argv.slice(2);
const app = new App({ outdir });
for (let index = 0; index < Number(charts); index += 1) {
  const chart = new Chart(app, `target-${index}`, { namespace: 'shop' });
  new ServiceAccount(chart, 'account');
  new ConfigMap(chart, 'settings', { data: { cluster: `target-${index}` } });
  const role = new Role(chart, 'role');
  role.allow(['get', 'patch', 'list', 'watch'], ApiResource.DEPLOYMENTS);
  role.bind(User.fromName(chart, 'user', 'rollcall:bench:restarter-prd'));
}
app.synth();
