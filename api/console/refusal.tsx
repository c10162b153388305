import type { Problem } from '../problem.ts'
import { Alert } from '../web/parts.tsx'
import { inWords } from './problem-sentences.ts'

/** Why something was not done, in words for people. */
export const Refusal = ({ problem }: { readonly problem: Problem | string }) => {
  const { sentence, fields } =
    typeof problem === 'string' ? { sentence: problem, fields: [] } : inWords(problem)
  return (
    <Alert tone="bad">
      <p>{sentence}</p>
      {fields.map((line) => (
        <p>{line}</p>
      ))}
    </Alert>
  )
}
