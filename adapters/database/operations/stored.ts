/** A value as JSON keeps it: dates are text. */
export type Stored<T> = {
  [Key in keyof T]: T[Key] extends Date
    ? string
    : T[Key] extends Date | null
      ? string | null
      : T[Key]
}

/** An instant from the ISO 8601 text of a JSON value. */
export const instantFrom = (text: string | null): Date | null =>
  text === null ? null : new Date(text)
