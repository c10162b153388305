/** The same server by another port, such as that of a proxy that can be cut. */
export function withPort(url: string, port: number | undefined): string {
  const changed = new URL(url)
  if (port !== undefined) changed.port = String(port)
  return changed.href
}
