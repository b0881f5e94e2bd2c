import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { recommendedLabels } from '../labels.ts';
import { kiamNames } from './names.ts';

export interface KiamCertificatesProps {
  readonly fleet: string;
  /** kiam's. */
  readonly namespace: string;
  /**
   * An `Issuer` serves kiam's namespace alone. A `ClusterIssuer` serves all: whoever may make a
   * Certificate in any of them can pass for an agent, and be given the credentials of every pod.
   *
   * @default 'Issuer'
   */
  readonly issuer?: 'Issuer' | 'ClusterIssuer';
  /**
   * Where cert-manager looks for a ClusterIssuer's Secrets (its flag `--cluster-resource-namespace`).
   *
   * @default 'cert-manager'
   */
  readonly certManagerNamespace?: string;
}

interface CertificateSpec {
  readonly secretName: string;
  readonly commonName: string;
  readonly issuerRef: { readonly group: string; readonly kind: string; readonly name: string };
  readonly duration: string;
  readonly renewBefore: string;
  readonly rotationPolicy: 'Always' | 'Never';
  readonly usages: readonly string[];
  readonly isCA?: boolean;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

const group = 'cert-manager.io';

/**
 * The certificates by which kiam's agents and servers know each other, made by cert-manager v1 from a
 * CA that signs itself. Every key is made in the cluster, and stays there.
 */
export class KiamCertificates extends Construct {
  constructor(scope: Construct, id: string, props: KiamCertificatesProps) {
    super(scope, id);
    const { namespace, issuer = 'Issuer', certManagerNamespace = 'cert-manager' } = props;
    const { ca, bootstrap, agent, server, agentSecret, serverSecret } = kiamNames;
    const caNamespace = issuer === 'Issuer' ? namespace : certManagerNamespace;
    const issuerRef = { group, kind: issuer, name: ca };
    this.#object(props, 'Issuer', bootstrap, caNamespace, { selfSigned: {} });
    this.#certificate(props, ca, caNamespace, {
      secretName: ca,
      commonName: ca,
      issuerRef: { group, kind: 'Issuer', name: bootstrap },
      isCA: true,
      // Ten years, renewed a year before, with the same key: whoever still has the old CA
      // certificate then believes what the new one has signed, and the other way round.
      duration: '87600h0m0s',
      renewBefore: '8760h0m0s',
      rotationPolicy: 'Never',
      usages: ['cert sign', 'crl sign'],
    });
    this.#object(props, issuer, ca, issuer === 'Issuer' ? namespace : undefined, {
      ca: { secretName: ca },
    });
    this.#certificate(props, agent, namespace, {
      ...leaf,
      secretName: agentSecret,
      commonName: agent,
      issuerRef,
      usages: ['digital signature', 'client auth'],
    });
    this.#certificate(props, server, namespace, {
      ...leaf,
      secretName: serverSecret,
      commonName: server,
      issuerRef,
      // `kiam health` is a client that shows the server's own certificate.
      usages: ['digital signature', 'server auth', 'client auth'],
      // The agent's --server-address, and the probes'. kiam compares the host alone since v3
      // (docs/UPGRADING.md; pkg/server/gateway_builder.go), so names with ports such as
      // `kiam-server:443`, which are no DNS names, only served agents of v2.
      dnsNames: [server, 'localhost'],
      ipAddresses: ['127.0.0.1'],
    });
  }

  #certificate(
    props: KiamCertificatesProps,
    name: string,
    namespace: string,
    { rotationPolicy, ...spec }: CertificateSpec,
  ): void {
    this.#object(props, 'Certificate', name, namespace, {
      ...spec,
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy },
    });
  }

  #object(
    { fleet }: KiamCertificatesProps,
    kind: string,
    name: string,
    namespace: string | undefined,
    spec: object,
  ): void {
    new ApiObject(this, `${kind}-${name}`, {
      apiVersion: `${group}/v1`,
      kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: recommendedLabels({
          name: 'kiam',
          instance: name,
          component: 'certificates',
          partOf: fleet,
        }),
      },
      spec,
    });
  }
}

/** 90 days, renewed 30 before: kiam reads its files again when they change (pkg/server/tls.go). */
const leaf = {
  duration: '2160h0m0s',
  renewBefore: '720h0m0s',
  rotationPolicy: 'Always',
} as const;
