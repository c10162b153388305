import type { Child } from 'hono/jsx'
import { CONFIRMED } from './operator-actions.ts'

/** A box that the operator must check before an action that cannot be undone. The server checks it too. */
export const Confirm = ({ children }: { readonly children: Child }) => (
  <label class="choice">
    <input type="checkbox" name="confirmed" value={CONFIRMED} required />
    {children}
  </label>
)
