/**
 * A web socket that is closed from the beginning. Supabase's client wants one for listening to changes, which nothing here
 * does, and Node 20 has none to offer: without any the client would not begin.
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
    throw new Error(`nothing is said over ${this.url}: this web socket is closed`)
  }
}
