import { connect } from 'node:net'

export type RawRequest = {
  readonly path: string
  /** In order, duplicates included. Each character is one byte. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}
export type RawResponse = {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/**
 * Sends a POST over TCP, so that no HTTP client corrects the request.
 *
 * @param way with a `Content-Length` a short cut may answer, a chunked body goes to the app.
 */
export function postRaw(
  url: string,
  way: 'with length' | 'chunked',
  { path, headers, body }: RawRequest,
): Promise<RawResponse> {
  const { hostname, port } = new URL(url)
  const size =
    way === 'chunked' ? ['transfer-encoding: chunked'] : [`content-length: ${body.length}`]
  const lines = [
    `POST ${path} HTTP/1.1`,
    'connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...size,
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  const chunk = body.length === 0 ? [] : [`${body.length.toString(16)}\r\n`, body, '\r\n']
  const sent = way === 'chunked' ? [...chunk, '0\r\n\r\n'] : [body]
  return new Promise((resolve, reject) => {
    const received: Buffer[] = []
    const socket = connect(Number(port), hostname, () =>
      socket.write(Buffer.concat([head, ...sent.map((each) => Buffer.from(each))])),
    )
    socket.on('data', (data: Buffer) => received.push(data))
    socket.on('close', () => resolve(responseOf(Buffer.concat(received).toString('utf8'))))
    socket.on('error', reject)
  })
}

function responseOf(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  const isChunked = headers.some(([name]) => name === 'transfer-encoding')
  const rest = text.slice(end + 4)
  return {
    status: Number(first.split(' ')[1]),
    headers,
    body: isChunked ? rest.replaceAll(/^[0-9a-f]+\r\n|\r\n$/gm, '') : rest,
  }
}
