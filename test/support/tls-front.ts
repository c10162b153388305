import { createConnection, type AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { generate } from 'selfsigned'

/** A key and its certificate, as PEM. */
export type Certificate = { readonly key: string; readonly cert: string }

/** Fresh certificates for a cluster behind TLS and its callers. */
export type Certificates = {
  /** The certificate authority of the others. */
  readonly authority: Certificate
  /** The cluster's, for `127.0.0.1` and `localhost`. */
  readonly server: Certificate
  /** A caller's. */
  readonly client: Certificate
}

const SHARED = { keyType: 'ec', algorithm: 'sha256' } as const

export async function createCertificates(): Promise<Certificates> {
  const certificate = async (
    name: string,
    extensions: NonNullable<Parameters<typeof generate>[1]>['extensions'],
    ca?: Certificate,
  ): Promise<Certificate> => {
    const made = await generate([{ name: 'commonName', value: name }], {
      ...SHARED,
      ...(extensions && { extensions }),
      ...(ca && { ca }),
    })
    return { key: made.private, cert: made.cert }
  }
  const authority = await certificate('Test authority', [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ])
  const altNames = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
  ]
  const [server, client] = await Promise.all([
    certificate(
      'Temporal',
      [
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames },
      ],
      authority,
    ),
    certificate('Perennial', [{ name: 'extKeyUsage', clientAuth: true }], authority),
  ])
  return { authority, server, client }
}

export type TlsFront = {
  readonly port: number
  /** Connections with a successful mutual handshake. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** Terminates TLS before a plain local server; requires a client certificate from the authority. */
export async function startTlsFront(
  targetPort: number,
  { authority, server: own }: Certificates,
): Promise<TlsFront> {
  let connections = 0
  const server = createServer({
    ...own,
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ['h2'],
  })
  const open = new Set<{ destroy: () => void }>()
  server.on('secureConnection', (near) => {
    connections++
    const far = createConnection({ port: targetPort, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      open.add(socket)
      // Close the other side when one side breaks.
      socket.once('error', () => socket.destroy())
      socket.once('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    // A server that listens on TCP has an address of this type.
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
