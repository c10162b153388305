import type { Child } from 'hono/jsx'
import { titleOf } from '../web/format.ts'
import { Alert, Card } from '../web/parts.tsx'

type Props<State extends string> = {
  readonly title: string
  readonly text: string
  readonly path: string
  /** What each entry is, in the plural. */
  readonly things: string
  /** In the order in which they are offered. */
  readonly states: readonly State[]
  readonly state: State
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined
  /** What became of what was done last. */
  readonly done?: string | undefined
  readonly problem?: string | undefined
  readonly children: Child
}

/** What waits, or waited, for somebody: the entries in one state, page by page. */
export const Queue = <State extends string>(props: Props<State>) => {
  const { title, text, path, things, states, state, next, done, problem, children } = props
  return (
    <>
      <div class="head">
        <div>
          <h1>{title}</h1>
          <p>{text}</p>
        </div>
      </div>
      <Told done={done} problem={problem} />
      <nav class="nav" aria-label={`State of ${things}`}>
        {states.map((each) => (
          <a href={`${path}?state=${each}`} {...(each === state && { 'aria-current': 'page' })}>
            {titleOf(each)}
          </a>
        ))}
      </nav>
      <Card title={`${titleOf(state)} ${things}`} id={things}>
        {children}
        {next !== undefined && (
          <nav class="pages" aria-label="Pages">
            <span />
            <a
              href={`${path}?${new URLSearchParams({ state, after: next }).toString()}`}
              rel="next"
            >
              Older ones
            </a>
          </nav>
        )}
      </Card>
    </>
  )
}

type ToldProps = { readonly done?: string | undefined; readonly problem?: string | undefined }

/** What became of the form that was sent last. */
export const Told = ({ done, problem }: ToldProps) => (
  <>
    {done !== undefined && (
      <Alert tone="ok">
        <p>{done}</p>
      </Alert>
    )}
    {problem !== undefined && (
      <Alert tone="bad">
        <p>{problem}</p>
      </Alert>
    )}
  </>
)

/** Of one more than fit on a page: those that do, and where the next page begins. */
export function pageOf<T>(
  found: readonly T[],
  max: number,
  keyOf: (last: T) => string,
): { readonly shown: readonly T[]; readonly next: string | undefined } {
  const shown = found.slice(0, max)
  const last = shown.at(-1)
  return { shown, next: found.length > max && last !== undefined ? keyOf(last) : undefined }
}
