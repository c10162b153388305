/** The value of a date and time field, in UTC. The API refuses invalid values. */
export const instantOf = (value: string | undefined): string | undefined =>
  value ? `${value.slice(0, 16)}:00Z` : undefined

/** The value of a number field. Anything else is passed on as text, which the API refuses. */
export const numberOf = (value: string | undefined): number | string | undefined =>
  value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : value

/** The value of a text field that may be left empty. */
export const emptyAsUndefined = (value: string | undefined): string | undefined =>
  value === '' ? undefined : value
