import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type { TLSConfig } from '@temporalio/client'

/** A handshake takes a few round trips; who does not answer in this time is away, and has no certificate to blame. */
const HANDSHAKE_MAX_MS = 2_000
const USUAL_PORT = 7233

/** What Node says of a handshake, and the variable that has to change. A profile's fields have the same names. */
const REASONS: readonly (readonly [codes: RegExp, reason: string])[] = [
  [
    /ISSUER|SELF_SIGNED|VERIFY_LEAF|SIGNATURE_FAILURE|CERT_UNTRUSTED|PEM|ASN1/,
    'its certificate is not vouched for by TEMPORAL_TLS_SERVER_CA_CERT_PATH (or …_DATA; without either, by the authorities that Node knows)',
  ],
  [/ALTNAME/, 'its certificate is for another name: TEMPORAL_TLS_SERVER_NAME says which one'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'its certificate is not valid today'],
  [
    /ALERT|ECONNRESET|EPIPE/,
    'it refuses our certificate: see TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH (or …_DATA)',
  ],
  [
    /WRONG_VERSION|PACKET_LENGTH|UNEXPECTED_MESSAGE|EPROTO/,
    'it does not speak TLS: TEMPORAL_TLS=false, where the network is your own',
  ],
]

/**
 * Why TLS does not come about with a server that does not answer, in words that name the variable; undefined when it is
 * something else. gRPC itself only says that there is no connection.
 */
export async function whyNoTls(
  address: string,
  tls: TLSConfig | boolean | undefined,
): Promise<string | undefined> {
  if (tls === undefined || tls === false) {
    // Whoever it is: only whether it speaks TLS is asked.
    const met = await shakeHands(address, 'secureConnect', { rejectUnauthorized: false })
    return met === 'secure'
      ? `${address} cannot be used: it speaks TLS, and TEMPORAL_TLS is not on`
      : undefined
  }
  const config = typeof tls === 'object' ? tls : {}
  // Whether our own certificate is accepted shows only in what comes after the handshake.
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

/** Answers `secure`, or the code of what went wrong. */
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
      port: Number(port || USUAL_PORT),
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
