/** Linux keeps 15 characters of an interface's name (IFNAMSIZ); `+` stands for any ending (iptables). */
const interfaceName = /^[A-Za-z0-9_](?:[\w.-]{0,13}\+|[\w.-]{0,14})$/;

/** An interface of a host, or all that begin alike. Not `!eth0`: which releases of agents know it is open. */
export const isHostInterface = (text: string): boolean => interfaceName.test(text);
