import { isHostInterface } from '../../names/host-interface.ts';

/**
 * The host's interfaces to its pods, by network plugin (jtblin/kube2iam, README.md). A `+` stands for
 * any ending (iptables).
 */
export const hostInterfaces = {
  'amazon-vpc': 'eni+',
  calico: 'cali+',
  cilium: 'lxc+',
  flannel: 'cni0',
  weave: 'weave',
} as const;

/** @throws Error for what is no interface's name. */
export function checkHostInterface(agent: string, text: string): string {
  if (isHostInterface(text)) return text;
  throw new Error(
    `hostInterface of ${agent} is ${JSON.stringify(text)}; expected an interface's name of at most 15 characters, such as ${hostInterfaces['amazon-vpc']}: see \`ip link\` on a node`,
  );
}
