import type { z } from 'zod'

type Issue = z.core.$ZodRawIssue

/** Describes a wrong variable for an operator; undefined keeps the schema's own words. */
export function wordsOfIssue(issue: Issue): string | undefined {
  if (issue.input === undefined) return 'is missing'
  if (issue.code === 'invalid_type')
    return `must be a ${issue.expected === 'int' ? 'whole number' : issue.expected}`
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'is too short' : `must be at least ${issue.minimum}`
  if (issue.code === 'too_big')
    return issue.origin === 'string' ? 'is too long' : `must be at most ${issue.maximum}`
  if (issue.code !== 'invalid_format') return undefined
  if (issue.format === 'url') return 'must be a complete address, such as https://example.com'
  return issue.format === 'starts_with' ? `must begin with ${String(issue['prefix'])}` : undefined
}
