import { WEAKNESSES, type Consequence } from './weaknesses.ts'

/** Production is the default. */
export const isProduction = (environment: NodeJS.ProcessEnv): boolean =>
  (environment['PERENNIAL_ENV'] || 'production') === 'production'

/** @returns a line for each value that production refuses; none outside production */
export const weaknessesOf = (environment: NodeJS.ProcessEnv): string[] =>
  found(environment, 'refused')

/** @returns a line for each value that production accepts with a warning in the log; none outside production */
export const warningsOf = (environment: NodeJS.ProcessEnv): string[] => found(environment, 'warned')

const found = (environment: NodeJS.ProcessEnv, consequence: Consequence): string[] =>
  isProduction(environment)
    ? WEAKNESSES.flatMap((weakness) => {
        const value = environment[weakness.variable] ?? ''
        const matters = value !== '' || weakness.evenIfUnset === true
        return weakness.consequence === consequence &&
          matters &&
          weakness.isWeak(value, environment)
          ? [`${weakness.variable}: ${weakness.fix}`]
          : []
      })
    : []
