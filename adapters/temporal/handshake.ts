import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type { TLSConfig } from '@temporalio/client'

/** A handshake takes a few round trips. A server that needs longer is down: the problem is not TLS. */
const HANDSHAKE_MAX_MS = 2_000
const DEFAULT_PORT = 7233

/** Node's error codes for a failed handshake, and the variable to change. A profile has fields of the same names. */
const REASONS: readonly (readonly [codes: RegExp, reason: string])[] = [
  [
    /ISSUER|SELF_SIGNED|VERIFY_LEAF|SIGNATURE_FAILURE|CERT_UNTRUSTED|PEM|ASN1/,
    'its certificate is not signed by TEMPORAL_TLS_SERVER_CA_CERT_PATH (or …_DATA; without either, by an authority that Node trusts)',
  ],
  [/ALTNAME/, 'its certificate is for another name: set TEMPORAL_TLS_SERVER_NAME'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'its certificate has expired, or is not valid yet'],
  [
    /ALERT|ECONNRESET|EPIPE/,
    'it refuses our certificate: check TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH (or …_DATA)',
  ],
  [
    /WRONG_VERSION|PACKET_LENGTH|UNEXPECTED_MESSAGE|EPROTO/,
    'it does not use TLS: set TEMPORAL_TLS=false on a private network',
  ],
]

/**
 * Finds out why TLS fails with a server. gRPC itself only reports that there is no connection.
 *
 * @returns a sentence that names the variable to change; undefined when TLS is not the problem
 */
export async function diagnoseTls(
  address: string,
  tls: TLSConfig | boolean | undefined,
): Promise<string | undefined> {
  if (tls === undefined || tls === false) {
    // The certificate does not matter here, only whether the server uses TLS.
    const outcome = await shakeHands(address, 'secureConnect', { rejectUnauthorized: false })
    return outcome === 'secure'
      ? `${address} cannot be used: it uses TLS, and TEMPORAL_TLS is not on`
      : undefined
  }
  const config = typeof tls === 'object' ? tls : {}
  // The server accepts or refuses our certificate only after the handshake.
  const code = await shakeHands(address, 'data', {
    ...(config.serverRootCACertificate && { ca: Buffer.from(config.serverRootCACertificate) }),
    ...(config.clientCertPair && {
      cert: Buffer.from(config.clientCertPair.crt),
      key: Buffer.from(config.clientCertPair.key),
    }),
    ...(config.serverNameOverride && { servername: config.serverNameOverride }),
  })
  const reason = REASONS.find(([codes]) => codes.test(code))?.[1]
  return reason && `${address} cannot be used: ${reason} (${code})`
}

/** @returns `secure`, or the code of the error */
function shakeHands(
  address: string,
  proof: 'secureConnect' | 'data',
  options: object,
): Promise<string> {
  const { hostname, port } = new URL(`tls://${address}`)
  const host = hostname.replaceAll(/[[\]]/g, '')
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || DEFAULT_PORT),
      ...(isIP(host) === 0 && { servername: host }),
      ALPNProtocols: ['h2'],
      ...options,
    })
    const end = (code: string) => {
      socket.destroy()
      resolve(code)
    }
    socket.setTimeout(HANDSHAKE_MAX_MS, () => end('ETIMEDOUT'))
    socket.once(proof, () => end('secure'))
    socket.once('end', () => end('ECONNRESET'))
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.message))
  })
}
