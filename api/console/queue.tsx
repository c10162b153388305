import type { Child } from 'hono/jsx'
import type { Problem } from '../problem.ts'
import { titleOf } from '../web/format.ts'
import { Alert, Card } from '../web/parts.tsx'
import { Refusal } from './refusal.tsx'

type Props<State extends string> = {
  readonly title: string
  readonly text: string
  readonly path: string
  /** The plural name of the entries. */
  readonly entries: string
  /** In the order of their links. */
  readonly states: readonly State[]
  readonly state: State
  /** Further parameters of the address, which stay while the state changes. */
  readonly filter?: Readonly<Record<string, string>>
  /** The cursor of the next page; undefined on the last page. */
  readonly next: string | undefined
  readonly outcome: Outcome
  /** Shown between the links to the states and the list. */
  readonly above?: Child
  readonly children: Child
}

/** A list of entries in one state, with links to the other states and to the next page. */
export const Queue = <State extends string>(props: Props<State>) => {
  const {
    title,
    text,
    path,
    entries,
    states,
    state,
    filter = {},
    above,
    next,
    outcome,
    children,
  } = props
  const link = (query: Record<string, string>) =>
    `${path}?${new URLSearchParams({ ...filter, ...query }).toString()}`
  return (
    <>
      <div class="head">
        <div>
          <h1>{title}</h1>
          <p>{text}</p>
        </div>
      </div>
      <OutcomeAlert {...outcome} />
      <nav class="nav" aria-label={`State of ${entries}`}>
        {states.map((each) => (
          <a href={link({ state: each })} {...(each === state && { 'aria-current': 'page' })}>
            {titleOf(each)}
          </a>
        ))}
      </nav>
      {above}
      <Card title={`${titleOf(state)} ${entries}`} id={entries}>
        {children}
        {next !== undefined && (
          <nav class="pages" aria-label="Pages">
            <span />
            <a href={link({ state, after: next })} rel="next">
              Older
            </a>
          </nav>
        )}
      </Card>
    </>
  )
}

/** The result of the form that was submitted last, if any. */
export type Outcome = {
  readonly done?: string | undefined
  readonly problem?: Problem | string | undefined
}

/** The result of the last action, above the page. */
export const OutcomeAlert = ({ done, problem }: Outcome) => (
  <>
    {done !== undefined && (
      <Alert tone="ok">
        <p>{done}</p>
      </Alert>
    )}
    {problem !== undefined && <Refusal problem={problem} />}
  </>
)

/**
 * Splits a list into a page and the cursor of the next page.
 *
 * @param found Up to `max + 1` rows; the last one only shows that there is a next page.
 */
export function pageOf<T>(
  found: readonly T[],
  max: number,
  keyOf: (last: T) => string,
): { readonly shown: readonly T[]; readonly next: string | undefined } {
  const shown = found.slice(0, max)
  const last = shown.at(-1)
  return { shown, next: found.length > max && last !== undefined ? keyOf(last) : undefined }
}
