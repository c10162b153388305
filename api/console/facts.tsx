import type { Child } from 'hono/jsx'

/** The name of a fact and its value. */
export type Fact = readonly [name: string, value: Child]

/** Facts with their names, one below the other. Those without a value are left out. */
export const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl class="facts">
    {facts
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
)
