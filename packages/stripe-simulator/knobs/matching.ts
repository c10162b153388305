/** A rule that applies to a limited number of matches and then expires. */
export type Counted<Rule> = {
  readonly add: (rule: Rule, count: number) => void
  readonly take: (matches: (rule: Rule) => boolean) => Rule | undefined
  readonly clear: () => void
  readonly list: () => readonly (Rule & { readonly left: number })[]
}

/** An empty list of rules. The oldest that matches is used first, and each use counts. */
export function createCounted<Rule extends object>(): Counted<Rule> {
  const rules: { readonly rule: Rule; left: number }[] = []
  return {
    add(rule, count) {
      rules.push({ rule, left: count })
    },
    take(matches) {
      const at = rules.findIndex(({ rule }) => matches(rule))
      const found = rules[at]
      if (found === undefined) return undefined
      found.left -= 1
      if (found.left <= 0) rules.splice(at, 1)
      return found.rule
    },
    clear() {
      rules.splice(0)
    },
    list: () => rules.map(({ rule, left }) => ({ ...rule, left })),
  }
}
