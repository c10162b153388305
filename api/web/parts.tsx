import type { Child } from 'hono/jsx'
import type { Status } from '../../domain/subscription/subscription.ts'
import { newIdempotencyKey } from '../idempotency.ts'

/** The color of a badge or a message, by its meaning. */
export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'plain'

/** The tone of each status: `bad` if a payment is missing, `warn` if access stopped on request. */
export const TONES = {
  incomplete: 'plain',
  incomplete_expired: 'plain',
  trialing: 'info',
  active: 'ok',
  past_due: 'bad',
  unpaid: 'bad',
  paused: 'warn',
  canceled: 'plain',
} as const satisfies Record<Status, Tone>

/** A short text on a colored ground. The color repeats the text and never replaces it. */
export const Badge = ({ tone, children }: { readonly tone: Tone; readonly children: Child }) => (
  <span class={`badge ${tone}`}>{children}</span>
)

type CardProps = {
  readonly title: string
  readonly id: string
  /** Shown next to the title. */
  readonly aside?: Child
  readonly children: Child
}

/** A section of a page with a title. */
export const Card = ({ title, id, aside, children }: CardProps) => (
  <section class="card" aria-labelledby={id}>
    <header>
      <h2 id={id}>{title}</h2>
      {aside}
    </header>
    {children}
  </section>
)

/** A message at the top of a page. */
export const Alert = ({ tone, children }: { readonly tone: Tone; readonly children: Child }) => (
  <div class={`alert ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
    {children}
  </div>
)

/** The share of a limit from which the bar warns, and from which the limit is reached. */
const NEAR = 0.8
const REACHED = 1

type BarProps = { readonly used: number; readonly limit: number; readonly label: string }

/** A bar that shows how much of a limit is used. */
export const Bar = ({ used, limit, label }: BarProps) => {
  const share = limit === 0 ? REACHED : used / limit
  const tone = share >= REACHED ? 'bad' : share >= NEAR ? 'warn' : ''
  return (
    <progress class={tone} aria-label={label} max={1} value={Math.min(1, Math.max(0, share))} />
  )
}

/** The hidden field that every form of a session must have. */
export const Csrf = ({ token }: { readonly token: string }) => (
  <input type="hidden" name="csrf" value={token} />
)

/** The hidden fields of a form that calls the API. With its key, submitting the same page twice is one request. */
export const CallFields = ({ token }: { readonly token: string }) => (
  <>
    <Csrf token={token} />
    <input type="hidden" name="key" value={newIdempotencyKey()} />
  </>
)
