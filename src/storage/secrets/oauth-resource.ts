/** Whether an address is that resource (RFC 8707), or lies in it: on its host, at its path or below. */
export function isWithin(address: URL, resource: URL): boolean {
  const isPart = `${pathOf(address)}/`.startsWith(`${pathOf(resource)}/`);
  const isSameQuery = resource.search === '' || resource.search === address.search;
  return resource.origin === address.origin && resource.hash === '' && isSameQuery && isPart;
}

export function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/$/, '');
}
