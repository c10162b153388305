import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setPriority } from 'node:os'
import { NICE, RETRY_AFTER_MS, type Unfinished } from './flooding.ts'

setPriority(NICE)
const { connections, url, bytes } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as Unfinished
const { hostname, port, pathname } = new URL(url)
const head = `POST ${pathname} HTTP/1.1\r\nHost: api\r\nStripe-Signature: t=1,v1=0\r\nContent-Length: ${bytes}\r\n\r\n`
const content = Buffer.alloc(bytes - 1, '{')

/** Sends a body up to its last byte, and again some time after the service closed the connection. */
function open(): void {
  const socket = connect(Number(port), hostname)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => setTimeout(open, RETRY_AFTER_MS))
  socket.resume()
  socket.write(head)
  socket.write(content)
}

console.log('flooding')
for (let opened = 0; opened < connections; opened++) open()
