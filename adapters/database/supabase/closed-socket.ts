/**
 * A web socket that is closed from the start. Supabase's client requires one to listen to changes, which this service does
 * not do, and Node 20 has no global `WebSocket`.
 */
export class ClosedSocket extends EventTarget {
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3
  readonly readyState = 3
  readonly protocol = ''
  readonly url: string
  onopen = null
  onmessage = null
  onclose = null
  onerror = null

  constructor(address: string | URL) {
    super()
    this.url = String(address)
  }

  close(): void {}

  send(): void {
    throw new Error(`the web socket to ${this.url} is closed`)
  }
}
