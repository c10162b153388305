import type { Child } from 'hono/jsx'
import { CONFIRMED } from './acts.ts'

/** A box to check before what cannot be taken back; the server does nothing without it. */
export const Confirm = ({ children }: { readonly children: Child }) => (
  <label class="choice">
    <input type="checkbox" name="confirmed" value={CONFIRMED} required />
    {children}
  </label>
)
