/** The code of a problem, or what became of the call. */
export type Outcome = string
export const DONE: Outcome = 'done'
/** The customer has nothing that the call could be about. */
export const NOTHING: Outcome = 'nothing'
